package org.edgevec.index;

/**
 * Whether walking by codes is worth trying, learned from how it went: a walk that codes cannot
 * decide is walked again by the vectors, and where that happens to many, codes are left out but for
 * a try now and then. No result depends on it, only time.
 *
 * <p>Threads use one together without a lock: a race loses a count and nothing else.
 */
public final class CodeTrust {

  /** Codes pay while they decide two walks of three; so a failure weighs as two successes. */
  private static final int FAILED = 2;

  private static final int DOUBTED = 32;
  private static final int MAX_DOUBTS = 48;
  private static final int TRY_EACH = 16;

  private int doubts;
  private int leftOut;
  private long walks;
  private long walksByVectors;

  /** Whether to try codes now. */
  public boolean isWorthTrying() {
    return doubts < DOUBTED || ++leftOut % TRY_EACH == 0;
  }

  /** Takes note of a walk by codes. */
  public void tried(boolean decided) {
    doubts = decided ? Math.max(0, doubts - 1) : Math.min(MAX_DOUBTS, doubts + FAILED);
  }

  /** Counts a walk. */
  public void count(boolean byVectors) {
    walks++;
    walksByVectors += byVectors ? 1 : 0;
  }

  /** About how many searches walked a graph. */
  public long walks() {
    return walks;
  }

  /** About how many of them by the vectors themselves, since codes did not decide them. */
  public long walksByVectors() {
    return walksByVectors;
  }
}
