package org.edgevec.browser.bundle;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.linear.LinearArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.VectorArenaContract;

/**
 * The arena's contract on whatever arena the browser gets, and what holds in linear memory only.
 */
final class ArenaCases extends VectorArenaContract {

  private static final int DIMENSION = 4096;
  private static final int BYTES = 4 * DIMENSION;

  /** A case and what it is called. */
  record Case(String name, Consumer<ArenaCases> body) {}

  /** The contract's; their names are those of its tests. */
  static final List<Case> CONTRACT =
      List.of(
          new Case("aViewAndAScorerOutliveGrowth", ArenaCases::aViewAndAScorerOutliveGrowth),
          new Case(
              "componentsComeInAndGoOutInPieces", ArenaCases::componentsComeInAndGoOutInPieces),
          new Case(
              "nearnessHoldsForDenormalAndLargeComponents",
              ArenaCases::nearnessHoldsForDenormalAndLargeComponents),
          new Case(
              "nearnessIsThatOfDoublesAtEveryLength",
              ArenaCases::nearnessIsThatOfDoublesAtEveryLength),
          new Case(
              "theNormIsThatOfVectorsToTheLastBit", ArenaCases::theNormIsThatOfVectorsToTheLastBit),
          new Case(
              "theNormOfWhatIsNotFiniteIsNotFinite",
              ArenaCases::theNormOfWhatIsNotFiniteIsNotFinite),
          new Case("vectorsAreKeptApartOverChunks", ArenaCases::vectorsAreKeptApartOverChunks));

  /** Those of linear memory. */
  static final List<Case> LINEAR =
      List.of(
          new Case("whatIsReleasedIsUsedAgain", ArenaCases::whatIsReleasedIsUsedAgain),
          new Case("whatDoesNotFitIsRefusedAndLeavesAll", ArenaCases::whatDoesNotFitIsRefused),
          new Case("vectorsLieAboveTwoGibibytes", ArenaCases::vectorsLieAboveTwoGibibytes),
          new Case("twoScorersKeepTheirQueries", ArenaCases::twoScorersKeepTheirQueries));

  /** Whether it is the linear one: SIMD is there. */
  static boolean isLinear() {
    return LinearArena.factory().create(1, Metric.L2) instanceof LinearArena;
  }

  @Override
  protected VectorArena create(int dimension, Metric metric) {
    return LinearArena.factory().create(dimension, metric);
  }

  @Override
  protected boolean isExact() {
    return true;
  }

  /** 25 GiB in all, where 4 are the most; of dimensions whose chunks have different sizes. */
  private void whatIsReleasedIsUsedAgain() {
    for (int round = 0; round < 100; round++) {
      int dimension = DIMENSION - round;
      VectorArena arena = create(dimension, Metric.COSINE);
      VectorArena other = create(100 + round, Metric.L2);
      for (int count = 4000; count <= 16_000; count += 4000) {
        arena.reserve(count);
        other.reserve(count);
      }
      put(arena, 15_999, round + 1);
      check(arena.get(15_999)[0] == round + 1, "round " + round);
      (round % 2 == 0 ? arena : other).release();
      (round % 2 == 0 ? other : arena).release();
    }
  }

  private void whatDoesNotFitIsRefused() {
    VectorArena arena = create(DIMENSION, Metric.L2);
    arena.reserve(1);
    put(arena, 0, 3);
    check(isRefused(arena), "refused");
    check(arena.get(0)[DIMENSION - 1] == 3, "what was there");
    arena.reserve(10_000);
    put(arena, 9_999, 4);
    check(arena.get(9_999)[0] == 4 && arena.get(0)[0] == 3, "what fits");
    arena.release();
  }

  private static boolean isRefused(VectorArena arena) {
    try {
      arena.reserve(300_000); // 4.9e9 bytes
      return false;
    } catch (OutOfMemoryError e) {
      return String.valueOf(e.getMessage())
          .startsWith("The browser has no more memory for vectors");
    }
  }

  private void vectorsLieAboveTwoGibibytes() {
    VectorArena arena = create(DIMENSION, Metric.L2);
    int count = 140_000; // 2.29e9 bytes
    arena.reserve(count);
    for (int ordinal = 0; ordinal < count; ordinal += 9_999) {
      put(arena, ordinal, ordinal);
    }
    Scorer scorer = arena.scorer();
    scorer.query(constant(1));
    int[] ordinals = new int[5];
    float[] nearness = new float[5];
    for (int i = 0; i < 5; i++) {
      ordinals[i] = 9_999 * (10 + i);
    }
    scorer.nearness(ordinals, 5, nearness);
    for (int i = 0; i < 5; i++) {
      float difference = ordinals[i] - 1;
      float expected = -difference * difference * DIMENSION;
      check(Math.abs(nearness[i] / expected - 1) < 1e-4, "nearness " + nearness[i]);
      check(arena.get(ordinals[i])[7] == ordinals[i], "vector " + i);
    }
    arena.release();
  }

  private void twoScorersKeepTheirQueries() {
    VectorArena arena = create(DIMENSION, Metric.DOT);
    arena.reserve(1);
    put(arena, 0, 1);
    Scorer one = arena.scorer();
    Scorer two = arena.scorer();
    one.query(constant(1));
    two.query(constant(2));
    for (int i = 0; i < 3; i++) {
      check(one.nearness(0) == DIMENSION, "one");
      check(two.nearness(0) == 2 * DIMENSION, "two");
    }
    one.query(constant(3));
    check(one.nearness(0) == 3 * DIMENSION, "changed");
    arena.release();
  }

  private static float[] constant(float value) {
    float[] vector = new float[DIMENSION];
    Arrays.fill(vector, value);
    return vector;
  }

  private static void put(VectorArena arena, int ordinal, float value) {
    byte[] bytes = new byte[BYTES];
    LittleEndian.putFloats(constant(value), 0, bytes, 0, arena.dimension());
    arena.read(ordinal, 0, bytes, 0, arena.dimension());
    arena.settle(ordinal);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
