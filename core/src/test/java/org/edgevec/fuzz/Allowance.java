package org.edgevec.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Insists that work on untrusted bytes allocates no more than their number justifies. */
public final class Allowance {

  /** What anything may take: a table's first vectors are 1 MiB, and the JVM loads classes. */
  private static final long BASE_BYTES = 8 << 20;

  /** An empty text in a list takes 4 bytes of a file, and some 60 of memory. */
  private static final long PER_INPUT_BYTE = 256;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allowance() {}

  /**
   * Runs work on this thread, and if it takes too much runs it again: the first time may load and
   * instrument classes.
   *
   * @param inputBytes how many bytes it is given
   * @throws AssertionError if it allocated more than those justify, twice
   */
  public static void check(long inputBytes, Runnable work) {
    long allowed = BASE_BYTES + PER_INPUT_BYTE * inputBytes;
    if (allocatedBy(work) > allowed) {
      long taken = allocatedBy(work);
      if (taken > allowed) {
        throw new AssertionError(inputBytes + " bytes made it allocate " + taken);
      }
    }
  }

  private static long allocatedBy(Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
