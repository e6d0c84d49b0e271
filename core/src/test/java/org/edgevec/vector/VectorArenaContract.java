package org.edgevec.vector;

import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
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
