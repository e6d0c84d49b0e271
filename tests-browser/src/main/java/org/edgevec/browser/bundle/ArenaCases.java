package org.edgevec.browser.bundle;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
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
          new Case("vectorsAreKeptApartOverChunks", ArenaCases::vectorsAreKeptApartOverChunks));

  /** Those of linear memory. */
  static final List<Case> LINEAR =
      List.of(
          new Case("whatIsReleasedIsUsedAgain", ArenaCases::whatIsReleasedIsUsedAgain),
          new Case("whatDoesNotFitIsRefusedAndLeavesAll", ArenaCases::whatDoesNotFitIsRefused),
          new Case("vectorsLieAboveTwoGibibytes", ArenaCases::vectorsLieAboveTwoGibibytes),
          new Case("twoScorersKeepTheirQueries", ArenaCases::twoScorersKeepTheirQueries),
          new Case("walkersOrderAsScorersDo", ArenaCases::walkersOrderAsScorersDo),
          new Case("linkersScoreNearlyAsScorersDo", ArenaCases::linkersScoreNearlyAsScorersDo),
          new Case("walkersTellTheScorerTheQuery", ArenaCases::walkersTellTheScorerTheQuery),
          new Case("tinyQueriesAreOrdered", ArenaCases::tinyQueriesAreOrdered),
          new Case("twoWalkersKeepTheirQueries", ArenaCases::twoWalkersKeepTheirQueries),
          new Case("coarseCodesAreNotWalkedBy", ArenaCases::coarseCodesAreNotWalkedBy));

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

  private static final int WALKED = 1100;

  /** With fewer components, codes are too coarse for what is near each other. */
  private static final int LEAST = 8;

  /** Under every metric, at lengths that fill the last step of a kernel in part. */
  private void walkersOrderAsScorersDo() {
    for (Metric metric : Metric.values()) {
      for (int dimension = 1; dimension <= 67; dimension++) {
        checkOrder(random(dimension, metric, 0), metric + " " + dimension);
      }
      checkOrder(random(DIMENSION, metric, 0), metric + " " + DIMENSION);
    }
  }

  private void checkOrder(VectorArena arena, String what) {
    Scorer scorer = arena.scorer();
    Scorer walker = arena.walker(arena.scorer());
    float[] query = arena.get(WALKED / 2);
    scorer.query(query);
    walker.query(query);
    int[] ordinals = new int[WALKED];
    Arrays.setAll(ordinals, i -> i);
    float[] exact = new float[WALKED];
    float[] coarse = new float[WALKED];
    scorer.nearness(ordinals, WALKED, exact);
    walker.nearness(ordinals, WALKED, coarse);
    check(coarse[7] == walker.nearness(7), what + ": one");
    double correlation = correlation(exact, coarse);
    check(correlation > 0.999, what + ": " + correlation);
    arena.release();
  }

  /** Not only in order: a link's nearness is compared with that of others, of other queries. */
  private void linkersScoreNearlyAsScorersDo() {
    for (Metric metric : Metric.values()) {
      for (int dimension = LEAST; dimension <= 67; dimension++) {
        checkLinker(random(dimension, metric, 0), metric + " " + dimension);
      }
      checkLinker(random(DIMENSION, metric, 0), metric + " " + DIMENSION);
    }
  }

  /** In memory that held other vectors before, as every arena here does. */
  private static void checkLinker(VectorArena arena, String what) {
    Scorer scorer = arena.scorer();
    Scorer linker = arena.linker();
    int[] ordinals = new int[WALKED];
    Arrays.setAll(ordinals, i -> i);
    float[] exact = new float[WALKED];
    float[] coarse = new float[WALKED];
    float[] others = new float[WALKED];
    for (int query = 0; query < WALKED; query += 367) {
      scorer.query(query);
      linker.query(query);
      check(!linker.isExact(), what + ": codes are used");
      scorer.nearness(ordinals, WALKED, exact);
      linker.nearness(ordinals, WALKED, coarse);
      check(correlation(exact, coarse) > 0.999, what + ": " + correlation(exact, coarse));
      // Of products of components below 1 that err by 1/254 on each side.
      float bound = arena.metric() == Metric.COSINE ? 0.02f : 0.02f * arena.dimension();
      for (int i = 0; i < WALKED; i++) {
        check(Math.abs(coarse[i] - exact[i]) < bound, what + ": " + coarse[i] + " " + exact[i]);
      }
      linker.query(7);
      linker.nearness(ordinals, WALKED, others);
      check(others[query] == coarse[7], what + ": the same both ways");
    }
    arena.release();
  }

  private void walkersTellTheScorerTheQuery() {
    for (float offset : new float[] {0, 1000}) {
      VectorArena arena = random(64, Metric.L2, offset);
      Scorer scorer = arena.scorer();
      arena.walker(scorer).query(arena.get(3));
      check(scorer.nearness(3) == 0, "offset " + offset);
      arena.release();
    }
  }

  /** The inverse of their unit would be infinite. */
  private void tinyQueriesAreOrdered() {
    for (float scale : new float[] {1e-37f, Float.MIN_VALUE, 0}) {
      VectorArena arena = random(20, Metric.DOT, 0);
      Scorer walker = arena.walker(arena.scorer());
      float[] query = arena.get(3);
      for (int i = 0; i < query.length; i++) {
        query[i] *= scale;
      }
      walker.query(query);
      float one = walker.nearness(3);
      float other = walker.nearness(4);
      check(one >= other && one >= 0 && !Float.isInfinite(one), scale + ": " + one + " " + other);
      arena.release();
    }
  }

  private static double correlation(float[] a, float[] b) {
    double meanA = mean(a);
    double meanB = mean(b);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    // All alike, as cosines of one dimension may be.
    return aa == bb ? 1 : ab / Math.sqrt(aa * bb);
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
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

  private void coarseCodesAreNotWalkedBy() {
    VectorArena arena = random(64, Metric.L2, 1000);
    Scorer walker = arena.walker(arena.scorer());
    walker.query(arena.get(3));
    check(walker.isExact(), "vectors are used");
    check(walker.nearness(3) == 0, "nearness " + walker.nearness(3));
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
