package org.edgevec.index;

import java.util.Arrays;

/**
 * The {@code k} largest of the longs offered: a binary min-heap in an array, no objects.
 *
 * <p>A long packs a nearness and an ordinal (see {@link Candidate}), so comparing longs compares
 * nearness first. Not thread-safe.
 */
public final class TopK {

  private static final int FEW = 64;

  private final long[] heap;
  private int size;

  /** Keeps the {@code k} largest. */
  public TopK(int k) {
    heap = new long[k];
  }

  /** Offers one. */
  public void offer(long value) {
    if (size < heap.length) {
      siftUp(value);
    } else if (size > 0 && value > heap[0]) {
      siftDown(value);
    }
  }

  /** Whether {@code k} are kept. */
  public boolean isFull() {
    return size == heap.length;
  }

  /** The least that is kept; ask only when {@code k} are. */
  public long least() {
    return heap[0];
  }

  /** What was kept, the largest first. */
  public long[] descending() {
    long[] sorted = Arrays.copyOf(heap, size);
    sortDescending(sorted);
    return sorted;
  }

  /** Sorts, the largest first. */
  static void sortDescending(long[] values) {
    sortDescending(values, values.length);
  }

  /** Sorts the first {@code count}, the largest first; few, and what is nearly sorted, in place. */
  static void sortDescending(long[] values, int count) {
    if (count > FEW) {
      sortMany(values, count);
      return;
    }
    for (int i = 1; i < count; i++) {
      long value = values[i];
      int at = i - 1;
      while (at >= 0 && values[at] < value) {
        values[at + 1] = values[at];
        at--;
      }
      values[at + 1] = value;
    }
  }

  private static void sortMany(long[] values, int count) {
    Arrays.sort(values, 0, count);
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      long swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  private void siftUp(long value) {
    int child = size++;
    while (child > 0) {
      int parent = (child - 1) >>> 1;
      if (heap[parent] <= value) {
        break;
      }
      heap[child] = heap[parent];
      child = parent;
    }
    heap[child] = value;
  }

  private void siftDown(long value) {
    int parent = 0;
    int half = size >>> 1;
    while (parent < half) {
      int child = 2 * parent + 1;
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= value) {
        break;
      }
      heap[parent] = heap[child];
      parent = child;
    }
    heap[parent] = value;
  }
}
