package org.edgevec.browser.bundle;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.linear.LinearArena;
import org.edgevec.vector.HeapArena;
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
          new Case("aWalkerIsNeverBelowItsScorer", ArenaCases::aWalkerIsNeverBelowItsScorer),
          new Case(
              "componentsComeInAndGoOutInPieces", ArenaCases::componentsComeInAndGoOutInPieces),
          new Case("copiesAndViewsScoreAtEveryScale", ArenaCases::copiesAndViewsScoreAtEveryScale),
          new Case(
              "equalVectorsHaveTheSameBitsHoweverTheyAreScored",
              ArenaCases::equalVectorsHaveTheSameBitsHoweverTheyAreScored),
          new Case(
              "nearnessHoldsForDenormalAndLargeComponents",
              ArenaCases::nearnessHoldsForDenormalAndLargeComponents),
          new Case(
              "nearnessIsThatOfDoublesAtEveryLength",
              ArenaCases::nearnessIsThatOfDoublesAtEveryLength),
          new Case("scoresHoldAmongAllScalesAtOnce", ArenaCases::scoresHoldAmongAllScalesAtOnce),
          new Case("scoresHoldAtEveryScale", ArenaCases::scoresHoldAtEveryScale),
          new Case(
              "searchesThroughAGraphFindTheNearestAtEveryScale",
              ArenaCases::searchesThroughAGraphFindTheNearestAtEveryScale),
          new Case(
              "theNormIsThatOfVectorsToTheLastBit", ArenaCases::theNormIsThatOfVectorsToTheLastBit),
          new Case(
              "theNormOfWhatIsNotFiniteIsNotFinite",
              ArenaCases::theNormOfWhatIsNotFiniteIsNotFinite),
          new Case(
              "vectorsAreEqualIfAllComponentsAreToTheBit",
              ArenaCases::vectorsAreEqualIfAllComponentsAreToTheBit),
          new Case("vectorsAreKeptApartOverChunks", ArenaCases::vectorsAreKeptApartOverChunks),
          new Case(
              "vectorsMoveDownAndTheRoomBehindThemIsGivenBack",
              ArenaCases::vectorsMoveDownAndTheRoomBehindThemIsGivenBack));

  /** Those of linear memory. */
  static final List<Case> LINEAR =
      List.of(
          new Case("whatIsReleasedIsUsedAgain", ArenaCases::whatIsReleasedIsUsedAgain),
          new Case("whatDoesNotFitIsRefusedAndLeavesAll", ArenaCases::whatDoesNotFitIsRefused),
          new Case("vectorsLieAboveTwoGibibytes", ArenaCases::vectorsLieAboveTwoGibibytes),
          new Case("twoScorersKeepTheirQueries", ArenaCases::twoScorersKeepTheirQueries),
          new Case("walkersTellTheScorerTheQuery", ArenaCases::walkersTellTheScorerTheQuery),
          new Case("twoWalkersKeepTheirQueries", ArenaCases::twoWalkersKeepTheirQueries));

  /** Whether it is the linear one: SIMD is there. */
  static boolean isLinear() {
    return !(LinearArena.factory().create(1, Metric.L2) instanceof HeapArena);
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

  private static final int WALKED = 100;

  private void walkersTellTheScorerTheQuery() {
    for (float offset : new float[] {0, 1000}) {
      VectorArena arena = random(64, Metric.L2, offset);
      Scorer scorer = arena.scorer();
      arena.walker(scorer).query(arena.get(3));
      check(scorer.nearness(3) == 0, "offset " + offset);
      arena.release();
    }
  }

  private void twoWalkersKeepTheirQueries() {
    VectorArena arena = random(64, Metric.L2, 0);
    Scorer one = arena.walker(arena.scorer());
    Scorer two = arena.walker(arena.scorer());
    one.query(arena.get(1));
    two.query(arena.get(2));
    check(!one.isExact() && !two.isExact(), "codes are used");
    for (int i = 0; i < 3; i++) {
      check(one.nearness(1) > one.nearness(2), "one");
      check(two.nearness(2) > two.nearness(1), "two");
    }
    arena.release();
  }

  /** Vectors with components around one that is the same for all. */
  private VectorArena random(int dimension, Metric metric, float offset) {
    VectorArena arena = create(dimension, metric);
    arena.reserve(WALKED);
    SplitMix64 random = new SplitMix64(dimension);
    float[] vector = new float[dimension];
    byte[] bytes = new byte[4 * dimension];
    for (int ordinal = 0; ordinal < WALKED; ordinal++) {
      for (int i = 0; i < dimension; i++) {
        vector[i] = offset + (random.nextLong() >> 40) / (float) (1 << 23);
      }
      LittleEndian.putFloats(vector, 0, bytes, 0, dimension);
      arena.read(ordinal, 0, bytes, 0, dimension);
      arena.settle(ordinal);
    }
    return arena;
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
