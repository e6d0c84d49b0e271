package org.edgevec.storage;

import java.util.List;

/** A storage that only reads, and notes each read as {@code offset+length}. */
final class ReadLog implements StorageBackend {

  private final StorageBackend inner;
  private final List<String> reads;

  ReadLog(StorageBackend inner, List<String> reads) {
    this.inner = inner;
    this.reads = reads;
  }

  @Override
  public List<String> list() {
    return inner.list();
  }

  @Override
  public long size(String name) {
    return inner.size(name);
  }

  @Override
  public void read(String name, long offset, byte[] target, int targetOffset, int length) {
    reads.add(offset + "+" + length);
    inner.read(name, offset, target, targetOffset, length);
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sync(String name, Durability durability) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void truncate(String name, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void atomicWrite(String name, Content content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    inner.close();
  }
}
