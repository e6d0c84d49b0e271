package org.edgevec.storage;

import java.util.List;

/** Passes everything on; a test overrides what it wants to see, break or hold up. */
public abstract class ForwardingStorage implements StorageBackend {

  /** Where everything goes. */
  protected final StorageBackend inner;

  protected ForwardingStorage(StorageBackend inner) {
    this.inner = inner;
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
    inner.read(name, offset, target, targetOffset, length);
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    inner.append(name, data, offset, length);
  }

  @Override
  public void sync(String name, Durability durability) {
    inner.sync(name, durability);
  }

  @Override
  public void truncate(String name, long size) {
    inner.truncate(name, size);
  }

  @Override
  public void delete(String name) {
    inner.delete(name);
  }

  @Override
  public void atomicWrite(String name, Content content) {
    inner.atomicWrite(name, content);
  }

  @Override
  public boolean mayGrow(String name) {
    return inner.mayGrow(name);
  }

  @Override
  public void close() {
    inner.close();
  }
}
