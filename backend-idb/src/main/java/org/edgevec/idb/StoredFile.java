package org.edgevec.idb;

import java.util.Arrays;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.storage.CorruptDataException;

/**
 * One file: where its stored bytes lie, and the bytes that were appended and not synced yet.
 *
 * <p>The stored bytes are chunks without gaps. Not thread-safe, and it need not be: coroutines
 * yield only where they wait, and nothing here waits.
 */
final class StoredFile {

  private static final int INITIAL_PENDING_BYTES = 1 << 10;
  private static final int MAX_KEPT_PENDING_BYTES = 1 << 20;

  /** After this many small chunks, the next one takes them in. */
  private static final int RUN_CHUNKS = 31;

  /** At most this many bytes are stored again. */
  private static final int MAX_RUN_BYTES = 256 << 10;

  private final String name;
  private final double id;
  private double[] starts = new double[4];
  private double[] ends = new double[4];
  private int chunkCount;
  private double gapAt = -1;
  private boolean inDirectory;
  private boolean strict;
  private ByteWriter pending = new ByteWriter(INITIAL_PENDING_BYTES);
  private ByteWriter run = new ByteWriter(0);
  private int runChunks;

  /**
   * @param id what its chunks are stored under
   * @param inDirectory whether it is stored already
   */
  StoredFile(String name, double id, boolean inDirectory) {
    this.name = name;
    this.id = id;
    this.inDirectory = inDirectory;
  }

  String name() {
    return name;
  }

  double id() {
    return id;
  }

  /** Whether the database's directory names it: otherwise it exists in memory only. */
  boolean isInDirectory() {
    return inDirectory;
  }

  /** Whether everything appended is stored, and by a strict transaction. */
  boolean isStrict() {
    return strict && pending.size() == 0;
  }

  /** The length in bytes, of what is stored and what is pending. */
  long size() {
    checkGap();
    return storedSize() + pending.size();
  }

  /** The length of what is stored. */
  long storedSize() {
    return chunkCount == 0 ? 0 : (long) ends[chunkCount - 1];
  }

  private void checkGap() {
    if (gapAt >= 0) {
      throw new CorruptDataException(name, (long) gapAt, "the record that begins there is missing");
    }
  }

  /** Notes a chunk that is stored behind the others. */
  void addChunk(double start, double end) {
    if (gapAt < 0 && (start != storedSize() || end < start)) {
      gapAt = storedSize();
    }
    if (chunkCount == starts.length) {
      starts = Arrays.copyOf(starts, 2 * chunkCount);
      ends = Arrays.copyOf(ends, 2 * chunkCount);
    }
    starts[chunkCount] = start;
    ends[chunkCount] = end;
    chunkCount++;
  }

  /** Keeps appended bytes until the next sync. */
  void append(byte[] data, int offset, int length) {
    pending.bytes(data, offset, length);
  }

  /** The bytes to store; the first {@link ByteWriter#size} of its array. */
  ByteWriter pending() {
    return pending;
  }

  /**
   * The bytes of the last few chunks, if it is time to store them again, as one chunk together with
   * what is pending; otherwise empty. See {@link IndexedDbStorage}, "Layout".
   */
  ByteWriter runToMerge() {
    boolean due = runChunks == RUN_CHUNKS && run.size() + pending.size() <= MAX_RUN_BYTES;
    return due ? run : new ByteWriter(0);
  }

  /** Notes that what was pending is stored, in chunks of {@code chunkBytes}. */
  void storedPending(int chunkBytes) {
    boolean merged = runToMerge().size() > 0;
    long start = storedSize();
    if (merged) {
      start -= run.size();
      chunkCount -= runChunks;
    }
    long end = start + (merged ? run.size() : 0) + pending.size();
    for (long at = start; at < end; at += chunkBytes) {
      addChunk(at, Math.min(end, at + chunkBytes));
    }
    boolean small = pending.size() <= MAX_RUN_BYTES / RUN_CHUNKS;
    if (merged || !small || runChunks == RUN_CHUNKS) {
      forgetRun();
    } else if (pending.size() > 0) {
      run.bytes(pending.array(), 0, pending.size());
      runChunks++;
    }
  }

  /** Leaves the last few chunks as they are. */
  void forgetRun() {
    run = new ByteWriter(0);
    runChunks = 0;
  }

  /** Notes that it is in the directory, and nothing is pending. */
  void stored(boolean strictly) {
    inDirectory = true;
    strict = strictly;
    if (pending.array().length > MAX_KEPT_PENDING_BYTES) {
      pending = new ByteWriter(INITIAL_PENDING_BYTES);
    } else {
      pending.clear();
    }
  }

  /** Forgets pending bytes from {@code offset} of the file on. */
  void cutPending(long offset) {
    int keep = (int) Math.max(0, offset - storedSize());
    byte[] kept = Arrays.copyOf(pending.array(), Math.min(keep, pending.size()));
    pending.clear();
    pending.bytes(kept);
  }

  /** Forgets chunks from the one with that index on. */
  void cutChunks(int index) {
    chunkCount = index;
    strict = false;
    forgetRun();
  }

  /** The index of the chunk that holds the stored byte at {@code offset}. */
  int chunkAt(long offset) {
    int low = 0;
    int high = chunkCount - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The last of the chunks from {@code index} on that are at most {@code maxBytes} together. */
  int lastWithin(int index, int maxBytes) {
    int last = index;
    while (last + 1 < chunkCount && ends[last + 1] - starts[index] <= maxBytes) {
      last++;
    }
    return last;
  }

  int chunkCount() {
    return chunkCount;
  }

  long chunkStart(int index) {
    return (long) starts[index];
  }

  long chunkEnd(int index) {
    return (long) ends[index];
  }
}
