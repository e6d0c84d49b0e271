package org.edgevec.crash;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.edgevec.storage.Durability;
import org.edgevec.storage.ReadRange;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;

/**
 * A store's files, one of them replaced. Shares the bytes of all files with every other such
 * storage, and keeps what is written to itself: opening one copies nothing. Not thread-safe.
 */
final class DamagedStorage implements StorageBackend {

  private final Map<String, byte[]> files;
  private final List<String> names;
  private final String damaged;
  private final byte[] damagedBytes;
  private final int damagedSize;
  private final Map<String, byte[]> written = new HashMap<>();
  private boolean isChanged;
  private String lastName = "";
  private byte[] lastBytes;

  /**
   * @param files the undamaged files; never changed
   * @param names their names, sorted
   * @param damaged the name of the file that is replaced
   * @param bytes what replaces it, or null if it is missing; never changed
   * @param size how many of these bytes there are
   */
  DamagedStorage(
      Map<String, byte[]> files, List<String> names, String damaged, byte[] bytes, int size) {
    this.files = files;
    this.names = names;
    this.damaged = damaged;
    this.damagedBytes = bytes;
    this.damagedSize = size;
  }

  /** A storage with the files that this one has now. */
  DamagedStorage reopened() {
    DamagedStorage copy = new DamagedStorage(files, names, damaged, damagedBytes, damagedSize);
    copy.written.putAll(written);
    copy.isChanged = isChanged;
    return copy;
  }

  /** Whether anything was written, cut or deleted. */
  boolean isChanged() {
    return isChanged;
  }

  @Override
  public List<String> list() {
    if (!isChanged && damagedBytes != null) {
      return names;
    }
    TreeSet<String> all = new TreeSet<>(names);
    all.addAll(written.keySet());
    all.removeIf(name -> bytes(name) == null);
    return new ArrayList<>(all);
  }

  /** The array with a file's bytes, or null if there is none. */
  private byte[] bytes(String name) {
    if (isChanged && written.containsKey(name)) {
      return written.get(name);
    }
    // Most calls ask for the file that the call before asked for, by the very same string.
    if (!name.equals(lastName)) {
      lastBytes = name.equals(damaged) ? damagedBytes : files.get(name);
      lastName = name;
    }
    return lastBytes;
  }

  private int size(String name, byte[] bytes) {
    if (bytes == null) {
      throw new StorageIOException("There is no file " + name);
    }
    return bytes == damagedBytes ? damagedSize : bytes.length;
  }

  @Override
  public long size(String name) {
    return size(name, bytes(name));
  }

  @Override
  public void read(String name, long offset, byte[] target, int targetOffset, int length) {
    byte[] bytes = bytes(name);
    ReadRange.check(name, size(name, bytes), offset, length);
    System.arraycopy(bytes, (int) offset, target, targetOffset, length);
  }

  private byte[] copy(String name) {
    byte[] bytes = bytes(name);
    return bytes == null ? new byte[0] : Arrays.copyOf(bytes, size(name, bytes));
  }

  private void write(String name, byte[] bytes) {
    isChanged = true;
    written.put(name, bytes);
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    byte[] before = copy(name);
    byte[] after = Arrays.copyOf(before, before.length + length);
    System.arraycopy(data, offset, after, before.length, length);
    write(name, after);
  }

  @Override
  public void sync(String name, Durability durability) {
    size(name);
  }

  @Override
  public void truncate(String name, long size) {
    ReadRange.check(name, size(name), 0, (int) size);
    write(name, Arrays.copyOf(copy(name), (int) size));
  }

  @Override
  public void delete(String name) {
    write(name, null);
  }

  @Override
  public void atomicWrite(String name, Content content) {
    ByteArrayOutputStream fresh = new ByteArrayOutputStream();
    content.writeTo(fresh::write);
    write(name, fresh.toByteArray());
  }

  @Override
  public void close() {}
}
