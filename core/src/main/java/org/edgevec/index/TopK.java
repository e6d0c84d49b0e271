package org.edgevec.index;

import java.util.Arrays;

/**
 * The {@code k} largest of the longs offered: a binary min-heap in an array, no objects.
 *
 * <p>A long packs a nearness and an ordinal (see {@link Candidate}), so comparing longs compares
 * nearness first. Not thread-safe.
 */
final class TopK {

  private final long[] heap;
  private final int limit;
  private int size;

  TopK(int k) {
    this(new long[k], k);
  }

  private TopK(long[] heap, int k) {
    this.heap = heap;
    this.limit = k;
  }

  /** Nothing kept, for {@code k} from now on, in the memory of this one if that suffices. */
  TopK emptied(int k) {
    if (k == limit) {
      size = 0;
      return this;
    }
    return new TopK(heap.length < k ? new long[k] : heap, k);
  }

  /** How many are kept. */
  int size() {
    return size;
  }

  void offer(long value) {
    if (size < limit) {
      siftUp(value);
    } else if (size > 0 && value > heap[0]) {
      siftDown(value);
    }
  }

  /** Below this value nothing is kept any more. */
  long floor() {
    return size == 0 || size < limit ? Long.MIN_VALUE : heap[0];
  }

  /** What was kept, the largest first. */
  long[] descending() {
    long[] sorted = Arrays.copyOf(heap, size);
    sortDescending(sorted);
    return sorted;
  }

  /** Sorts, the largest first. */
  static void sortDescending(long[] sorted) {
    Arrays.sort(sorted);
    for (int i = 0, j = sorted.length - 1; i < j; i++, j--) {
      long swapped = sorted[i];
      sorted[i] = sorted[j];
      sorted[j] = swapped;
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
