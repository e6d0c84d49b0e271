package org.edgevec.linear;

import java.util.Arrays;

/**
 * Gives out linear memory in whole pages of 64 KiB, and takes it back.
 *
 * <p>WebAssembly's memory grows and never shrinks, so what is given back is kept for the next who
 * asks: as runs of free pages in the order of their addresses, adjacent ones joined. The pages that
 * TeaVM uses itself lie below all of these.
 */
final class LinearMemory {

  static final int PAGE_BYTES = 1 << 16;

  private static int[] starts = new int[16];
  private static int[] lengths = new int[16];
  private static int runCount;

  private LinearMemory() {}

  /**
   * Gives out adjacent pages, with whatever they contain.
   *
   * @return the number of the first, whose address is {@link #PAGE_BYTES} times that; or -1 if the
   *     browser has no more memory, or all of 4 GiB is in use
   */
  static int allocate(int pages) {
    for (int run = 0; run < runCount; run++) {
      if (lengths[run] >= pages) {
        int first = starts[run];
        take(run, pages);
        return first;
      }
    }
    return Kernels.grow(pages);
  }

  private static void take(int run, int pages) {
    starts[run] += pages;
    lengths[run] -= pages;
    if (lengths[run] == 0) {
      remove(run);
    }
  }

  /** Takes back pages that were given out. */
  static void release(int first, int pages) {
    int run = 0;
    while (run < runCount && starts[run] < first) {
      run++;
    }
    insert(run, first, pages);
    joinWithNext(run);
    if (run > 0) {
      joinWithNext(run - 1);
    }
  }

  private static void joinWithNext(int run) {
    if (run + 1 < runCount && starts[run] + lengths[run] == starts[run + 1]) {
      lengths[run] += lengths[run + 1];
      remove(run + 1);
    }
  }

  private static void insert(int run, int first, int pages) {
    if (runCount == starts.length) {
      starts = Arrays.copyOf(starts, 2 * runCount);
      lengths = Arrays.copyOf(lengths, 2 * runCount);
    }
    System.arraycopy(starts, run, starts, run + 1, runCount - run);
    System.arraycopy(lengths, run, lengths, run + 1, runCount - run);
    starts[run] = first;
    lengths[run] = pages;
    runCount++;
  }

  private static void remove(int run) {
    runCount--;
    System.arraycopy(starts, run + 1, starts, run, runCount - run);
    System.arraycopy(lengths, run + 1, lengths, run, runCount - run);
  }
}
