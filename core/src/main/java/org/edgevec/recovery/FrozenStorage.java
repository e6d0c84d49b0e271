package org.edgevec.recovery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.ProgressListener;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;

/**
 * A storage as it was at one moment, for reading only: whatever reads through it sees the files of
 * that moment, no longer than they were then, and cannot change anything. Tells a listener how far
 * the reading has come; a byte that is read twice counts once.
 *
 * <p>The moment is that of making it, when nothing may change the storage. Afterwards logs may grow
 * and files may come; what is there must not be deleted or replaced. Not thread-safe.
 */
final class FrozenStorage implements StorageBackend {

  private static final int PIECE_BYTES = 1 << 20;

  private final StorageBackend storage;
  private final ProgressListener listener;
  private final TreeMap<String, Long> sizes = new TreeMap<>();
  private final Map<String, StorageIOException> unsized = new HashMap<>();
  private final Map<String, Long> reached = new HashMap<>();
  private long total;
  private long done;
  private long told;

  FrozenStorage(StorageBackend storage, ProgressListener listener) {
    this.storage = storage;
    this.listener = listener;
    for (String name : storage.list()) {
      long size = sizeOf(name);
      sizes.put(name, size);
      total += size;
    }
  }

  /** 0 where it cannot be told, so that the other files can be read; see {@link #size}. */
  private long sizeOf(String name) {
    try {
      return storage.size(name);
    } catch (StorageIOException e) {
      unsized.put(name, e);
      return 0;
    }
  }

  /** The bytes of all files. */
  long total() {
    return total;
  }

  /** The bytes that a file adds to {@link #total}. */
  long counted(String name) {
    Long size = sizes.get(name);
    return size == null ? 0 : size;
  }

  /** Whether any byte of a file was read. */
  boolean wasRead(String name) {
    return reached.containsKey(name);
  }

  @Override
  public List<String> list() {
    return List.copyOf(sizes.keySet());
  }

  @Override
  public long size(String name) {
    StorageIOException failure = unsized.get(name);
    if (failure != null) {
      throw failure;
    }
    Long size = sizes.get(name);
    if (size == null) {
      throw new StorageIOException("There is no file " + name);
    }
    return size;
  }

  @Override
  public void read(String name, long offset, byte[] target, int targetOffset, int length) {
    for (int at = 0; at < length; at += PIECE_BYTES) {
      int part = Math.min(PIECE_BYTES, length - at);
      storage.read(name, offset + at, target, targetOffset + at, part);
      advance(name, offset + at + part);
    }
  }

  private void advance(String name, long end) {
    Long before = reached.get(name);
    long from = before == null ? 0 : before;
    if (end > from) {
      reached.put(name, end);
      done += end - from;
      tell(done);
    }
  }

  private void tell(long now) {
    if (now - told >= PIECE_BYTES) {
      told = now;
      listener.progress(now, total);
    }
  }

  /** Tells that the reading begins. */
  void begin() {
    listener.progress(0, total);
  }

  /** Tells that all was read that has to be. */
  void finish() {
    listener.progress(total, total);
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    throw readOnly();
  }

  @Override
  public void sync(String name, Durability durability) {
    throw readOnly();
  }

  @Override
  public void truncate(String name, long size) {
    throw readOnly();
  }

  @Override
  public void delete(String name) {
    throw readOnly();
  }

  @Override
  public void atomicWrite(String name, Content content) {
    throw readOnly();
  }

  private static IllegalStateException readOnly() {
    return new IllegalStateException("this storage is only read");
  }

  /** Does nothing: the storage behind it is closed by whoever opened it. */
  @Override
  public void close() {}
}
