package org.edgevec.storage;

import java.util.List;

/**
 * A flat set of named byte sequences ("files") that one database owns alone.
 *
 * <p>A backend is opened by its own factory, which takes an exclusive lock (a second opener gets
 * {@link StorageLockedException} at once), removes what an interrupted {@link #atomicWrite} left
 * behind, and makes durable which names there are: a process that was killed may have left that
 * pending, and what a database then builds upon them must not outlive them. Its calls block; in the
 * browser, blocking is a coroutine, so no caller may hold a monitor that a search needs.
 *
 * <p><b>Names</b> match {@code [a-z0-9][a-z0-9.-]{0,99}}; anything else is an {@link
 * IllegalArgumentException}. A name that is listed may be something the database did not write.
 *
 * <p><b>What it will not do:</b> it has no folders, no rename, no write in the middle of a file, no
 * checksums and no retries. It does not order the durability of one file against another's: between
 * two files the only order is the one that {@link #sync} and {@link #atomicWrite} make by
 * returning. It never reports success for bytes it did not take.
 *
 * <p><b>Errors.</b> Every failure is a {@link PersistenceException}: {@link StorageFullException}
 * when space or quota ran out, {@link StorageLostException} when the storage went away under the
 * open handle, {@link StorageIOException} for all else. After a failed {@link #append}, {@link
 * #truncate} or {@link #sync} the tail of that file is unknown, and the caller stops writing to it;
 * a failed {@code sync} is never repeated, because the system may have dropped the pages it could
 * not write. After {@link #close} every call is a {@link StorageIOException}.
 *
 * <p>A {@link #read} or {@link #size} of a name that exists, that fails with {@link
 * StorageIOException}, says that this file cannot be read there, and not that the storage failed:
 * it is taken for damaged, and what else is stored serves in its place.
 *
 * <p><b>Threads.</b> Calls on different names may run at the same time. On one name there is at
 * most one changing call at a time; {@link #size} and {@link #read} may run beside it and see what
 * earlier calls wrote.
 *
 * <p>{@code StorageBackendContract} in core's test jar holds every implementation to this text.
 */
public interface StorageBackend extends AutoCloseable {

  /** All names that exist, sorted, without the backend's own lock and temporary files. */
  List<String> list();

  /**
   * The length in bytes, of what was appended whether or not it was synced.
   *
   * @throws StorageIOException if there is no such name
   */
  long size(String name);

  /**
   * Reads exactly {@code length} bytes that begin {@code offset} bytes into the file. Bytes that
   * were appended are read back at once, synced or not.
   *
   * @throws StorageIOException if there is no such name, or the file ends before {@code offset +
   *     length}; the message says both sizes
   * @throws IndexOutOfBoundsException if the range does not lie in {@code target}
   */
  void read(String name, long offset, byte[] target, int targetOffset, int length);

  /**
   * Adds bytes at the end; creates the file if there is none. When it returns, the bytes are copied
   * (the caller may reuse its array) but neither they nor the file's existence are durable: that is
   * what {@link #sync} is for. A crash before the sync may keep any part of them, in any order.
   *
   * @throws IndexOutOfBoundsException if the range does not lie in {@code data}
   */
  void append(String name, byte[] data, int offset, int length);

  /**
   * Makes everything appended to the file, and the file's own existence, survive as {@code
   * durability} says. {@link Durability#STRICT} returns after the device (or the browser's {@code
   * strict} transaction) confirmed it; {@link Durability#RELAXED} after the operating system or the
   * browser has taken the bytes.
   *
   * @throws StorageIOException if there is no such name
   */
  void sync(String name, Durability durability);

  /**
   * Shortens the file to {@code size} bytes. It is durable after the next strict {@link #sync} of
   * that name; a crash before may leave the old length.
   *
   * @throws IllegalArgumentException if {@code size} is negative or larger than the file
   * @throws StorageIOException if there is no such name
   */
  void truncate(String name, long size);

  /**
   * Removes the file; does nothing if there is none. The removal need not be durable on return: a
   * crash may bring the file back, whole.
   */
  void delete(String name);

  /**
   * Replaces the whole content of {@code name}, or creates it, so that whatever crashes the name
   * holds the old content or the new and never a mix. On return the new content is durable
   * (strict), and so is everything that an earlier {@link #sync} made durable.
   *
   * <p>The content is streamed: no implementation holds all of it in memory. If {@code content}
   * throws, or a write fails, the old content stays, what was written is removed, and the exception
   * is passed on. Outcomes after a crash: old content (possibly none), or new content.
   */
  void atomicWrite(String name, Content content);

  /**
   * Makes durable (strict) what the file now reads as, whatever became of the process that wrote
   * it: a sync that failed there may have dropped what reading still shows, so that another sync
   * proves nothing. By default the file is written anew.
   *
   * @param size how much of it was read; where somebody else {@linkplain #mayGrow may append}, what
   *     came behind that is left out
   * @throws StorageIOException if there is no such name
   */
  default void makeDurable(String name, long size) {
    atomicWrite(name, sink -> copy(name, 0, size, sink));
  }

  /** Writes the bytes of a file from {@code from} up to but not {@code to} to a sink. */
  default void copy(String name, long from, long to, Sink sink) {
    byte[] buffer = new byte[(int) Math.min(1 << 20, to - from)];
    for (long at = from; at < to; at += buffer.length) {
      int part = (int) Math.min(buffer.length, to - at);
      read(name, at, buffer, 0, part);
      sink.write(buffer, 0, part);
    }
  }

  /**
   * Whether somebody else may still append to the file: whoever had the storage open before did not
   * close it, and may be alive although the lock is no longer its own. What is appended so was not
   * acknowledged, and must not be read twice in two lengths: recovery replaces such a file by what
   * it read of it before it lets anything be written, and then nobody appends to it any more.
   */
  default boolean mayGrow(String name) {
    return false;
  }

  /** Releases the lock. Does not sync. A second call does nothing. */
  @Override
  void close();

  /**
   * Opens a storage. Not a {@code Supplier}, because opening may wait: TeaVM compiles every use of
   * an interface's method as a coroutine if one implementation waits.
   */
  @FunctionalInterface
  interface Opener {
    /** Opens it, or throws. */
    StorageBackend open();
  }

  /** Produces the bytes of an {@link #atomicWrite}. */
  @FunctionalInterface
  interface Content {
    /** Writes all of the content to {@code sink}, in order. Called once, on the caller's thread. */
    void writeTo(Sink sink);
  }

  /** Takes the bytes of an {@link #atomicWrite} in order. Valid only during the call. */
  @FunctionalInterface
  interface Sink {
    /** Copies {@code length} bytes to the end of the new content. */
    void write(byte[] data, int offset, int length);
  }
}
