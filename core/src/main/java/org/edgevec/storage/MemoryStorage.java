package org.edgevec.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Storage in memory: the reference implementation of {@link StorageBackend}, for tests and for data
 * that need not outlive the process.
 *
 * <p>The bytes lie on a {@link Disk}, which outlives the storage opened on it: open it, close it,
 * and open it again to find the same files. Here "durable" means on the disk, so {@link #sync} has
 * nothing to do, and everything that was written survives {@link #close}. What a crash leaves of
 * unsynced writes is not modelled.
 *
 * <p>Thread-safe. A file holds at most 2 GiB; more is a {@link StorageFullException}.
 */
public final class MemoryStorage implements StorageBackend {

  private final Disk disk;

  @GuardedBy("disk")
  private boolean closed;

  private MemoryStorage(Disk disk) {
    this.disk = disk;
  }

  /** Opens an empty storage on a disk of its own. */
  public static MemoryStorage open() {
    return open(new Disk());
  }

  /**
   * Opens the storage that lies on {@code disk} and takes its lock.
   *
   * @throws StorageLockedException if it is open already
   */
  public static MemoryStorage open(Disk disk) {
    disk.lock();
    return new MemoryStorage(disk);
  }

  @Override
  public List<String> list() {
    synchronized (disk) {
      checkOpen();
      return List.copyOf(disk.files.keySet());
    }
  }

  @Override
  public long size(String name) {
    synchronized (disk) {
      return existing(name).size;
    }
  }

  @Override
  public void read(String name, long offset, byte[] target, int targetOffset, int length) {
    synchronized (disk) {
      Bytes file = existing(name);
      Objects.checkFromIndexSize(targetOffset, length, target.length);
      ReadRange.check(name, file.size, offset, length);
      System.arraycopy(file.data, (int) offset, target, targetOffset, length);
    }
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    synchronized (disk) {
      checkUsable(name);
      Objects.checkFromIndexSize(offset, length, data.length);
      Bytes file = disk.files.computeIfAbsent(name, Bytes::new);
      file.append(data, offset, length);
    }
  }

  @Override
  public void sync(String name, Durability durability) {
    Objects.requireNonNull(durability, "durability");
    synchronized (disk) {
      existing(name);
    }
  }

  @Override
  public void truncate(String name, long size) {
    synchronized (disk) {
      Bytes file = existing(name);
      if (size < 0 || size > file.size) {
        throw new IllegalArgumentException(
            name + " holds " + file.size + " bytes and cannot be truncated to " + size);
      }
      file.size = (int) size;
    }
  }

  @Override
  public void delete(String name) {
    synchronized (disk) {
      checkUsable(name);
      disk.files.remove(name);
    }
  }

  @Override
  public void atomicWrite(String name, Content content) {
    synchronized (disk) {
      checkUsable(name);
    }
    // The content may use this storage, also from other threads, so it runs without the monitor.
    Bytes fresh = collect(name, content);
    synchronized (disk) {
      checkOpen();
      disk.files.put(name, fresh);
    }
  }

  @Override
  public void close() {
    synchronized (disk) {
      if (!closed) {
        closed = true;
        disk.locked = false;
      }
    }
  }

  private static Bytes collect(String name, Content content) {
    Bytes fresh = new Bytes(name);
    BytesSink sink = new BytesSink(fresh);
    try {
      content.writeTo(sink);
    } finally {
      sink.target = null;
    }
    return fresh;
  }

  @GuardedBy("disk")
  private Bytes existing(String name) {
    checkUsable(name);
    Bytes file = disk.files.get(name);
    if (file == null) {
      throw new StorageIOException("There is no file " + name);
    }
    return file;
  }

  @GuardedBy("disk")
  private void checkUsable(String name) {
    checkOpen();
    StorageNames.check(name);
  }

  @GuardedBy("disk")
  private void checkOpen() {
    if (closed) {
      throw new StorageIOException("This storage was closed; open it again");
    }
  }

  /**
   * What a {@link MemoryStorage} keeps its files on; at most one storage is open on it at a time.
   */
  public static final class Disk {

    @GuardedBy("this")
    private final TreeMap<String, Bytes> files = new TreeMap<>();

    @GuardedBy("this")
    private boolean locked;

    /** An empty disk. */
    public Disk() {}

    /**
     * A disk that holds a copy of the given files.
     *
     * @throws IllegalArgumentException if a key is not a valid name
     */
    @SuppressWarnings("GuardedBy") // nobody else has it yet
    public static Disk of(Map<String, byte[]> files) {
      Disk disk = new Disk();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        StorageNames.check(file.getKey());
        Bytes bytes = new Bytes(file.getKey());
        bytes.append(file.getValue(), 0, file.getValue().length);
        disk.files.put(file.getKey(), bytes);
      }
      return disk;
    }

    /** A copy of every file, name to content, sorted by name; the disk may be open or not. */
    public synchronized Map<String, byte[]> files() {
      TreeMap<String, byte[]> copy = new TreeMap<>();
      for (Map.Entry<String, Bytes> file : files.entrySet()) {
        Bytes bytes = file.getValue();
        copy.put(file.getKey(), Arrays.copyOf(bytes.data, bytes.size));
      }
      return copy;
    }

    private synchronized void lock() {
      if (locked) {
        throw new StorageLockedException(
            "This in-memory storage is open already; close it there first");
      }
      locked = true;
    }
  }

  /** One file: a growing array. */
  private static final class Bytes {

    /** The longest array that every virtual machine can allocate. */
    private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private final String name;
    private byte[] data = new byte[0];
    private int size;

    Bytes(String name) {
      this.name = name;
    }

    void append(byte[] source, int offset, int length) {
      reserve(length);
      System.arraycopy(source, offset, data, size, length);
      size += length;
    }

    private void reserve(int length) {
      if (length > MAX_SIZE - size) {
        throw new StorageFullException(
            name + " would outgrow the " + MAX_SIZE + " bytes that a file in memory can hold");
      }
      int needed = size + length;
      if (needed > data.length) {
        int roomy = (int) Math.min(MAX_SIZE, Math.max(64L, data.length * 2L));
        data = Arrays.copyOf(data, Math.max(needed, roomy));
      }
    }
  }

  /** Takes the content of one atomic write, and nothing after it. */
  private static final class BytesSink implements Sink {

    private @Nullable Bytes target;

    BytesSink(Bytes target) {
      this.target = target;
    }

    @Override
    public void write(byte[] data, int offset, int length) {
      Bytes open = target;
      if (open == null) {
        throw new IllegalStateException("The atomic write that this sink belongs to is over");
      }
      Objects.checkFromIndexSize(offset, length, data.length);
      open.append(data, offset, length);
    }
  }
}
