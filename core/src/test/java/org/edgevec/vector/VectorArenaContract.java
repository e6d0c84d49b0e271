package org.edgevec.vector;

import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.index.Candidate;
import org.edgevec.index.GraphMaintenance;
import org.edgevec.index.HnswGraph;
import org.edgevec.index.SearchedGraph;
import org.junit.jupiter.api.Test;

/**
 * What every {@link VectorArena} keeps to; each platform and kernel runs it. Plain Java without a
 * test library's assertions, so that it can be compiled for the browser, too.
 */
public abstract class VectorArenaContract {

  private static final int[] PRIMES = {
    71, 97, 127, 131, 211, 257, 383, 509, 769, 1021, 1531, 2053, 3067, 4093, 4096
  };

  /** The arena under test. */
  protected abstract VectorArena create(int dimension, Metric metric);

  /** Whether results must be those of the scalar kernel to the last bit. */
  protected boolean isExact() {
    return false;
  }

  @Test
  public void vectorsAreKeptApartOverChunks() {
    for (int dimension : new int[] {1, 3, 1000, 4096}) {
      VectorArena arena = create(dimension, Metric.COSINE);
      int count = Math.min(300_000, 3_000_000 / dimension);
      float[] vector = new float[dimension];
      Arrays.fill(vector, 1);
      for (int ordinal = 0; ordinal < count; ordinal++) {
        arena.reserve(ordinal + 1);
        vector[0] = ordinal;
        vector[dimension - 1] = ordinal + 1;
        put(arena, ordinal, vector);
      }
      for (int ordinal = 0; ordinal < count; ordinal++) {
        float[] copy = arena.get(ordinal);
        check(copy.length == dimension, "length");
        boolean first = dimension == 1 || copy[0] == ordinal;
        check(first && copy[dimension - 1] == ordinal + 1, "ordinal " + ordinal);
      }
      arena.release();
    }
  }

  @Test
  public void vectorsAreEqualIfAllComponentsAreToTheBit() {
    for (Metric metric : Metric.values()) {
      for (int dimension : new int[] {1, 2, 7, 33}) {
        VectorArena arena = create(dimension, metric);
        arena.reserve(3 + 2 * dimension);
        float[] vector = new float[dimension];
        Arrays.fill(vector, 1.5f);
        put(arena, 0, vector);
        put(arena, 1, vector);
        check(areEqual(arena, 0, 1) && areEqual(arena, 1, 0) && areEqual(arena, 0, 0), "equal");
        for (int i = 0; i < dimension; i++) {
          float[] other = vector.clone();
          other[i] = Math.nextUp(other[i]);
          put(arena, 2 + i, other);
          check(!areEqual(arena, 0, 2 + i) && !areEqual(arena, 2 + i, 1), "component " + i);
        }
        arena.release();
      }
    }
    VectorArena arena = create(2, Metric.L2);
    arena.reserve(2);
    put(arena, 0, new float[] {1, 0f});
    put(arena, 1, new float[] {1, -0f});
    check(!areEqual(arena, 0, 1), "zeros of two signs");
    arena.release();
  }

  private static boolean areEqual(VectorArena arena, int a, int b) {
    return arena.isEqual(a, arena.get(b));
  }

  @Test
  public void componentsComeInAndGoOutInPieces() {
    VectorArena arena = create(10, Metric.COSINE);
    arena.reserve(3);
    float[] vector = {1, -2, 3.5f, 0, Float.MIN_VALUE, -0.0f, 7, 8, 9, 1e30f};
    byte[] bytes = bytes(vector);
    arena.read(1, 0, bytes, 0, 3);
    arena.read(1, 3, bytes, 12, 7);
    double norm = arena.settle(1);
    check(norm == Vectors.norm(vector, 0, 10), "norm " + norm);
    check(Arrays.equals(arena.get(1), vector), "components");
    byte[] out = new byte[44];
    arena.write(1, 0, out, 4, 4);
    arena.write(1, 4, out, 20, 6);
    check(Arrays.equals(Arrays.copyOfRange(out, 4, 44), bytes), "bytes");
    arena.copy(arena, 1, 2);
    check(Arrays.equals(arena.get(2), vector), "copy");
    arena.release();
  }

  @Test
  public void aViewAndAScorerOutliveGrowth() {
    VectorArena arena = create(200, Metric.L2);
    SplitMix64 random = new SplitMix64(5);
    arena.reserve(1);
    float[] first = random(random, 200, 1);
    put(arena, 0, first);
    VectorArena view = arena.view();
    Scorer scorer = arena.scorer();
    scorer.query(0);
    for (int ordinal = 1; ordinal < 20_000; ordinal++) {
      arena.reserve(ordinal + 1);
      put(arena, ordinal, random(random, 200, 1));
    }
    check(Arrays.equals(view.get(0), first), "view");
    check(scorer.nearness(0) == 0, "to itself");
    check(scorer.nearness(19_999) < 0, "to another");
    arena.release();
  }

  @Test
  public void vectorsMoveDownAndTheRoomBehindThemIsGivenBack() {
    for (Metric metric : Metric.values()) {
      VectorArena arena = create(200, metric);
      SplitMix64 random = new SplitMix64(8);
      int count = 5000;
      float[][] vectors = new float[count][];
      arena.reserve(count);
      for (int i = 0; i < count; i++) {
        vectors[i] = random(random, 200, 1);
        put(arena, i, vectors[i]);
      }
      int full = arena.capacity();
      // Every third stays.
      float[][] kept = new float[(count + 2) / 3][];
      for (int i = 0; i < kept.length; i++) {
        arena.move(3 * i, i);
        kept[i] = vectors[3 * i];
      }
      arena.shrink(kept.length);
      check(arena.capacity() >= kept.length && arena.capacity() < full, "capacity");
      for (int i = 0; i < kept.length; i++) {
        check(Arrays.equals(arena.get(i), kept[i]), "vector " + i);
      }
      Scorer scorer = arena.scorer();
      Scorer walker = arena.walker(scorer);
      walker.query(kept[7]);
      checkHolds(scorer, metric, kept[7], kept);
      for (int i = 0; i < kept.length; i++) {
        check(walker.nearness(i) >= scorer.nearness(i), "bound " + i);
      }
      // And it grows again.
      arena.reserve(count);
      put(arena, count - 1, vectors[1]);
      check(Arrays.equals(arena.get(count - 1), vectors[1]), "grown");
      arena.shrink(0);
      check(arena.capacity() == 0, "nothing is left");
      arena.reserve(1);
      put(arena, 0, vectors[2]);
      check(Arrays.equals(arena.get(0), vectors[2]), "begun anew");
      arena.release();
    }
  }

  @Test
  public void theNormOfWhatIsNotFiniteIsNotFinite() {
    VectorArena arena = create(5, Metric.DOT);
    arena.reserve(1);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (int at = 0; at < 5; at++) {
        float[] vector = {1, 2, 3, 4, 5};
        vector[at] = bad;
        arena.read(0, 0, bytes(vector), 0, 5);
        double norm = arena.settle(0);
        check(Double.isNaN(norm) || Double.isInfinite(norm), "norm " + norm);
      }
    }
    arena.release();
  }

  @Test
  public void theNormIsThatOfVectorsToTheLastBit() {
    SplitMix64 random = new SplitMix64(7);
    for (int dimension = 1; dimension <= 300; dimension++) {
      VectorArena arena = create(dimension, Metric.COSINE);
      arena.reserve(1);
      float[] vector = random(random, dimension, 1);
      arena.read(0, 0, bytes(vector), 0, dimension);
      double norm = arena.settle(0);
      check(norm == Vectors.norm(vector, 0, dimension), dimension + ": norm " + norm);
      arena.release();
    }
  }

  @Test
  public void nearnessIsThatOfDoublesAtEveryLength() {
    for (Metric metric : Metric.values()) {
      for (int dimension = 1; dimension <= 67; dimension++) {
        checkNearness(metric, dimension, 1);
      }
      for (int dimension : PRIMES) {
        checkNearness(metric, dimension, 1);
      }
    }
  }

  @Test
  public void nearnessHoldsForDenormalAndLargeComponents() {
    for (Metric metric : Metric.values()) {
      for (int dimension : new int[] {1, 3, 4, 7, 16, 33, 128, 1021}) {
        checkNearness(metric, dimension, 1e15f);
        checkNearness(metric, dimension, 1e-15f);
        if (metric != Metric.COSINE) {
          // No directions, but allowed under the others.
          checkNearness(metric, dimension, 1e-40f);
        }
      }
    }
  }

  /** From the least float up to where cosine, L2 and dot each refuse, and beyond. */
  private static final float[] SCALES = {
    1, 1e-10f, 1e-13f, 1e-17f, 1e-19f, 1e-22f, 1e-23f, 1e-27f, 1e-30f, 1e-38f, 1e-44f, 1e10f, 1e17f,
    2.5e18f, 9e18f, 1e19f, 1e22f, 1e28f, 1e30f, 1e38f
  };

  private static final int[] DIMENSIONS = {1, 2, 3, 16, 127, 384};

  @Test
  public void scoresHoldAtEveryScale() {
    for (Metric metric : Metric.values()) {
      for (int dimension : DIMENSIONS) {
        SplitMix64 random = new SplitMix64(dimension);
        float[][] units = new float[6][];
        Arrays.setAll(units, i -> random(random, dimension, 1));
        for (float scale : SCALES) {
          float[][] vectors = new float[12][];
          Arrays.setAll(vectors, i -> random(random, dimension, scale));
          vectors[11] = nudged(vectors[3]);
          checkScale(metric, units, vectors[5]);
          checkScale(metric, vectors, vectors[3], random(random, dimension, scale));
          checkScale(metric, vectors, random(random, dimension, 1));
        }
      }
    }
  }

  /** So near that squares of differences vanish long before the vectors do. */
  private static float[] nudged(float[] vector) {
    float[] near = vector.clone();
    for (int i = 0; i < near.length; i++) {
      near[i] = Math.nextUp(Math.nextUp(Math.nextUp(near[i])));
    }
    return near;
  }

  @Test
  public void scoresHoldAmongAllScalesAtOnce() {
    for (Metric metric : Metric.values()) {
      for (int dimension : DIMENSIONS) {
        SplitMix64 random = new SplitMix64(dimension);
        float[][] vectors = new float[4 * SCALES.length + 6][];
        for (int i = 0; i < SCALES.length; i++) {
          vectors[4 * i] = random(random, dimension, SCALES[i]);
          vectors[4 * i + 1] = random(random, dimension, SCALES[i]);
          // One component that dwarfs all others, and one that is dwarfed.
          vectors[4 * i + 2] = random(random, dimension, 1);
          vectors[4 * i + 2][dimension - 1] = SCALES[i];
          vectors[4 * i + 3] = random(random, dimension, SCALES[i]);
          vectors[4 * i + 3][dimension / 2] = 1;
        }
        int at = 4 * SCALES.length;
        vectors[at] = random(random, dimension, 0);
        vectors[at + 1] = random(random, dimension, 0);
        Arrays.fill(vectors[at + 1], -0.0f);
        vectors[at + 2] = vectors[0].clone();
        vectors[at + 3] = nudged(vectors[20]);
        // The cosine of these two is negative and rounds to zero, which is no negative one.
        vectors[at + 4] = random(random, dimension, 0);
        vectors[at + 4][0] = 1;
        vectors[at + 5] = random(random, dimension, 0);
        vectors[at + 5][0] = -1e-38f;
        vectors[at + 5][dimension - 1] = 9e29f;
        checkScale(metric, vectors, vectors);
      }
    }
  }

  /** Scores what the metric takes, by each query and by every vector where it lies. */
  private void checkScale(Metric metric, float[][] all, float[]... queries) {
    float[][] vectors = Arrays.stream(all).filter(v -> isTaken(metric, v)).toArray(float[][]::new);
    VectorArena arena = arenaOf(metric, all[0].length, vectors);
    Scorer scorer = arena.scorer();
    for (float[] query : queries) {
      if (isTaken(metric, query)) {
        scorer.query(query);
        checkHolds(scorer, metric, query, vectors);
      }
    }
    checkStored(scorer, metric, vectors);
    arena.release();
  }

  /** Whether a store may have it: under L2 and dot it may be older than the limits. */
  private static boolean isTaken(Metric metric, float[] vector) {
    return metric != Metric.COSINE || Vectors.isDirection(Vectors.norm(vector, 0, vector.length));
  }

  private VectorArena arenaOf(Metric metric, int dimension, float[]... vectors) {
    VectorArena arena = create(dimension, metric);
    arena.reserve(vectors.length);
    for (int i = 0; i < vectors.length; i++) {
      put(arena, i, vectors[i]);
    }
    return arena;
  }

  private static void checkHolds(Scorer scorer, Metric metric, float[] query, float[][] vectors) {
    int[] ordinals = new int[vectors.length];
    Arrays.setAll(ordinals, i -> i);
    float[] nearness = new float[vectors.length];
    scorer.nearness(ordinals, vectors.length, nearness);
    double queryNorm = Vectors.norm(query, 0, query.length);
    for (int i = 0; i < vectors.length; i++) {
      double exact = exact(metric, query, vectors[i]);
      double most = Float.MAX_VALUE;
      double held = Math.max(-most, Math.min(most, exact));
      // No float is nearer than half of the least, and one that is rounded may be on either side.
      double tolerance = 2e-6 * magnitude(metric, query, vectors[i]) + 0.51 * Float.MIN_VALUE;
      boolean isHeld = Math.abs(nearness[i] - held) <= tolerance && Math.abs(nearness[i]) <= most;
      double norm = Vectors.norm(vectors[i], 0, query.length);
      boolean isValid = Vectors.isScorable(queryNorm, metric) && Vectors.isScorable(norm, metric);
      if (!isHeld || isValid && exact != held) {
        throw new AssertionError(
            metric
                + " of "
                + query.length
                + ", norms "
                + queryNorm
                + " and "
                + norm
                + ": "
                + nearness[i]
                + " for "
                + exact);
      }
      if (nearness[i] == 0 && Float.floatToRawIntBits(nearness[i]) != 0) {
        throw new AssertionError(metric + " of " + query.length + ": a negative zero");
      }
      if (Float.floatToRawIntBits(nearness[i])
          != Float.floatToRawIntBits(scorer.nearness(ordinals[i]))) {
        throw new AssertionError(metric + " of " + query.length + ": other bits alone");
      }
    }
  }

  @Test
  public void equalVectorsHaveTheSameBitsHoweverTheyAreScored() {
    for (Metric metric : Metric.values()) {
      for (int dimension = 1; dimension <= 67; dimension++) {
        checkBits(metric, dimension, 1);
      }
      for (float scale : SCALES) {
        checkBits(metric, 127, scale);
        checkBits(metric, 384, scale);
      }
    }
  }

  /** Every other one is the same vector; zeros of either sign are equal, too. */
  private void checkBits(Metric metric, int dimension, float scale) {
    SplitMix64 random = new SplitMix64(dimension);
    float[][] vectors = new float[18][];
    float[] same = random(random, dimension, scale);
    same[dimension - 1] = dimension == 1 ? scale : 0;
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = i % 2 == 0 ? same.clone() : random(random, dimension, scale);
      if (i % 4 == 0 && dimension > 1) {
        vectors[i][dimension - 1] = -0.0f;
      }
    }
    if (!isTaken(metric, same)) {
      return;
    }
    VectorArena arena = arenaOf(metric, dimension, vectors);
    Scorer scorer = arena.scorer();
    scorer.query(random(random, dimension, 1));
    checkBits(scorer, vectors.length, metric + " of " + dimension + " times " + scale);
    scorer.query(1);
    checkBits(scorer, vectors.length, metric + " of " + dimension + " times " + scale);
    scorer.query(2);
    checkBits(scorer, vectors.length, metric + " of " + dimension + " times " + scale);
    arena.release();
  }

  /** In batches of every size, beginning with equal ones and with others. */
  private static void checkBits(Scorer scorer, int count, String what) {
    int expected = Float.floatToRawIntBits(scorer.nearness(0));
    int[] ordinals = new int[count];
    float[] nearness = new float[count];
    for (int first = 0; first < 5; first++) {
      for (int size = 1; size <= count - first; size++) {
        for (int i = 0; i < size; i++) {
          ordinals[i] = first + i;
        }
        scorer.nearness(ordinals, size, nearness);
        for (int i = 0; i < size; i++) {
          boolean isSame = Float.floatToRawIntBits(nearness[i]) == expected;
          check(isSame || (first + i) % 2 != 0, what);
        }
      }
    }
  }

  @Test
  public void searchesThroughAGraphFindTheNearestAtEveryScale() {
    for (Metric metric : Metric.values()) {
      for (float scale :
          new float[] {1, 1e-13f, 1e-19f, 1e-22f, 1e-27f, 1e17f, 2e18f, 1e22f, 1e28f}) {
        if (Vectors.isScorable(3.0 * scale, metric)) {
          checkGraph(metric, scale);
        }
      }
    }
  }

  private void checkGraph(Metric metric, float scale) {
    int dimension = 12;
    SplitMix64 random = new SplitMix64(metric.formatCode());
    float[][] vectors = new float[2000][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = random(random, dimension, i == 100 ? 1 : scale);
    }
    VectorArena arena = arenaOf(metric, dimension, vectors);
    HnswGraph graph = new HnswGraph(12);
    GraphMaintenance maintenance = new GraphMaintenance(graph, arena, 60);
    long[] dead = new long[vectors.length / 64 + 1];
    while (maintenance.plan(vectors.length, dead)) {
      maintenance.apply();
    }
    SearchedGraph index = new SearchedGraph(arena, graph);
    int found = 0;
    for (int q = 0; q < 60; q++) {
      float[] query =
          q % 3 == 0 ? vectors[q * 17] : random(random, dimension, q % 3 == 1 ? scale : 1);
      found += found(index, metric, query, vectors, dead);
    }
    check(found >= 0.99 * 600, metric + " at " + scale + ": " + found + " of 600");
    arena.release();
  }

  /** Where nothing was settled, so that who copies has to tell. */
  @Test
  public void copiesAndViewsScoreAtEveryScale() {
    for (Metric metric : Metric.values()) {
      for (float scale : SCALES) {
        SplitMix64 random = new SplitMix64(29);
        float[][] vectors = new float[9][];
        Arrays.setAll(vectors, i -> random(random, 21, scale));
        if (isTaken(metric, vectors[0])) {
          VectorArena source = arenaOf(metric, 21, vectors);
          VectorArena arena = create(21, metric);
          arena.reserve(vectors.length);
          for (int i = 0; i < vectors.length; i++) {
            arena.copy(source, i, i);
          }
          checkStored(arena.scorer(), metric, vectors);
          checkStored(arena.view().scorer(), metric, vectors);
          source.release();
          arena.release();
        }
      }
    }
  }

  private static void checkStored(Scorer scorer, Metric metric, float[]... vectors) {
    for (int i = 0; i < vectors.length; i++) {
      scorer.query(i);
      checkHolds(scorer, metric, vectors[i], vectors);
    }
  }

  /** How many of ten hits have a true score that is as near as the tenth nearest. */
  private static int found(
      SearchedGraph index, Metric metric, float[] query, float[][] vectors, long[] dead) {
    int count = vectors.length;
    double[] exact = new double[count];
    for (int i = 0; i < count; i++) {
      exact[i] = exact(metric, query, vectors[i]);
    }
    double[] sorted = exact.clone();
    Arrays.sort(sorted);
    double tenth = sorted[count - 10];
    int found = 0;
    for (long hit : index.nearest(query, 10, 60, false, dead, count, count)) {
      int ordinal = Candidate.ordinal(hit);
      double tolerance = 2e-6 * magnitude(metric, query, vectors[ordinal]) + 2.0 * Float.MIN_VALUE;
      found += exact[ordinal] >= tenth - tolerance ? 1 : 0;
    }
    return found;
  }

  @Test
  public void aWalkerIsNeverBelowItsScorer() {
    new WalkerCheck(this::create).run();
  }

  /** Scores one by one and in batches of every size up to 37, by query and by ordinal. */
  private void checkNearness(Metric metric, int dimension, float scale) {
    SplitMix64 random = new SplitMix64(31L * dimension + metric.formatCode());
    int count = 37;
    VectorArena arena = create(dimension, metric);
    VectorArena scalar = new HeapArena(dimension, metric, new ScalarKernel());
    arena.reserve(count);
    scalar.reserve(count);
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      vectors[i] = random(random, dimension, scale);
      put(arena, i, vectors[i]);
      put(scalar, i, vectors[i]);
    }
    float[] query = random(random, dimension, scale);
    Scorer scorer = arena.scorer();
    Scorer reference = scalar.scorer();
    scorer.query(query);
    reference.query(query);
    checkScores(scorer, reference, metric, query, vectors);
    scorer.query(3);
    reference.query(3);
    checkScores(scorer, reference, metric, vectors[3], vectors);
    arena.release();
  }

  private void checkScores(
      Scorer scorer, Scorer reference, Metric metric, float[] query, float[][] vectors) {
    int[] ordinals = new int[vectors.length];
    float[] expected = new float[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      ordinals[i] = vectors.length - 1 - i;
      float nearness = scorer.nearness(ordinals[i]);
      expected[i] = nearness;
      float[] vector = vectors[ordinals[i]];
      double exact = exact(metric, query, vector);
      double tolerance =
          2e-6 * magnitude(metric, query, vector) + 2 * Float.MIN_VALUE * query.length;
      check(
          Math.abs(nearness - exact) <= tolerance,
          metric + " of " + query.length + ": " + nearness + " for " + exact);
      if (isExact()) {
        float same = reference.nearness(ordinals[i]);
        check(same == nearness, metric + " of " + query.length + ": " + nearness + ", " + same);
      }
    }
    float[] batch = new float[vectors.length];
    for (int count = 0; count <= vectors.length; count++) {
      Arrays.fill(batch, Float.NaN);
      scorer.nearness(ordinals, count, batch);
      for (int i = 0; i < vectors.length; i++) {
        double tolerance = 2e-6 * magnitude(metric, query, vectors[ordinals[i]]) + Float.MIN_VALUE;
        boolean good =
            i < count ? Math.abs(batch[i] - expected[i]) <= tolerance : Float.isNaN(batch[i]);
        check(good, metric + " of " + query.length + ", " + i + " of a batch of " + count);
      }
    }
  }

  private static double exact(Metric metric, float[] a, float[] b) {
    double dot = 0;
    double distance = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
      double d = (double) a[i] - b[i];
      distance += d * d;
    }
    return metric == Metric.L2 ? -distance : metric == Metric.DOT ? dot : dot / Math.sqrt(aa * bb);
  }

  /** What the rounding of a sum is measured against: the sum of the terms' sizes. */
  private static double magnitude(Metric metric, float[] a, float[] b) {
    if (metric == Metric.COSINE) {
      return 1;
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double d = (double) a[i] - b[i];
      sum += metric == Metric.L2 ? d * d : Math.abs((double) a[i] * b[i]);
    }
    return sum;
  }

  private static void put(VectorArena arena, int ordinal, float[] vector) {
    arena.read(ordinal, 0, bytes(vector), 0, vector.length);
    arena.settle(ordinal);
  }

  private static byte[] bytes(float[] vector) {
    byte[] bytes = new byte[4 * vector.length];
    LittleEndian.putFloats(vector, 0, bytes, 0, vector.length);
    return bytes;
  }

  private static float[] random(SplitMix64 random, int dimension, float scale) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = scale * ((random.nextLong() >>> 40) / (float) (1 << 23) - 1);
    }
    if (vector[0] == 0) {
      vector[0] = scale;
    }
    return vector;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
