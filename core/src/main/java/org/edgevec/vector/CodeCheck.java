package org.edgevec.vector;

/** Whether a coarse scorer tells near vectors apart as an exact one does, tried on a sample. */
public final class CodeCheck {

  private static final int FIRST = 1024;

  private static final int SAMPLE = 256;
  private static final int QUERIES = 8;

  /** Rank 0 is the query itself. */
  private static final int RANKS = 10;

  /** How much larger than the error the difference between the first and the last rank must be. */
  private static final double MIN_RATIO = 16;

  private final Scorer exact;
  private final Scorer coarse;
  private final int[] sample = new int[SAMPLE];
  private final float[] exactNearness = new float[SAMPLE];
  private final float[] coarseNearness = new float[SAMPLE];

  /**
   * @param count how many vectors there are, {@value #SAMPLE} or more
   */
  public CodeCheck(Scorer exact, Scorer coarse, int count) {
    this.exact = exact;
    this.coarse = coarse;
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = (int) ((long) i * count / SAMPLE);
    }
  }

  /**
   * Whether to try now: at {@value #FIRST} vectors, and again whenever there are 16 times as many.
   */
  public static boolean isDue(int count) {
    return count >= FIRST
        && Integer.bitCount(count) == 1
        && Integer.numberOfTrailingZeros(count / FIRST) % 4 == 0;
  }

  /** Tries it. */
  public boolean passes() {
    double squaredError = 0;
    double spread = 0;
    for (int i = 0; i < SAMPLE; i += SAMPLE / QUERIES) {
      exact.query(sample[i]);
      coarse.query(sample[i]);
      exact.nearness(sample, SAMPLE, exactNearness);
      coarse.nearness(sample, SAMPLE, coarseNearness);
      int[] nearest = nearest();
      for (int rank = 1; rank <= RANKS; rank++) {
        double error = coarseNearness[nearest[rank]] - (double) exactNearness[nearest[rank]];
        squaredError += error * error;
      }
      spread += (double) exactNearness[nearest[1]] - exactNearness[nearest[RANKS]];
    }
    double error = Math.sqrt(squaredError / (QUERIES * RANKS));
    // False, too, if any of it overflowed.
    return error * MIN_RATIO <= spread / QUERIES;
  }

  /** Where in the sample the nearest are, the nearest first. */
  private int[] nearest() {
    int[] nearest = new int[RANKS + 1];
    int count = 0;
    for (int i = 0; i < SAMPLE; i++) {
      int rank = count;
      while (rank > 0 && exactNearness[i] > exactNearness[nearest[rank - 1]]) {
        rank--;
      }
      if (rank <= RANKS) {
        count = Math.min(count + 1, RANKS + 1);
        System.arraycopy(nearest, rank, nearest, rank + 1, count - 1 - rank);
        nearest[rank] = i;
      }
    }
    return nearest;
  }
}
