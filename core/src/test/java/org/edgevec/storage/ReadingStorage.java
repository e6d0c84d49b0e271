package org.edgevec.storage;

/** Passes reads on and takes no writes; a test overrides what it wants to see or to bend. */
public abstract class ReadingStorage extends ForwardingStorage {

  protected ReadingStorage(StorageBackend inner) {
    super(inner);
  }

  @Override
  public final void append(String name, byte[] data, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void sync(String name, Durability durability) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void truncate(String name, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void delete(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void atomicWrite(String name, Content content) {
    throw new UnsupportedOperationException();
  }
}
