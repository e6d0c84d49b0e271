package org.edgevec;

import java.util.List;
import org.edgevec.storage.Durability;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;

/** A storage whose calls fail, or wait, when a test says so. */
final class FaultyStorage implements StorageBackend {

  private final StorageBackend inner;
  private volatile Fault fault = (operation, name) -> {};

  /** What happens before an operation is passed on. */
  interface Fault {
    void before(Operation operation, String name) throws PersistenceException;
  }

  enum Operation {
    APPEND,
    SYNC,
    TRUNCATE,
    DELETE,
    ATOMIC_WRITE
  }

  FaultyStorage(StorageBackend inner) {
    this.inner = inner;
  }

  void set(Fault newFault) {
    fault = newFault;
  }

  /** From now on, that operation on names that begin so fails. */
  void fail(Operation operation, String prefix, PersistenceException exception) {
    set(
        (called, name) -> {
          if (called == operation && name.startsWith(prefix)) {
            throw exception;
          }
        });
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
    fault.before(Operation.APPEND, name);
    inner.append(name, data, offset, length);
  }

  @Override
  public void sync(String name, Durability durability) {
    fault.before(Operation.SYNC, name);
    inner.sync(name, durability);
  }

  @Override
  public void truncate(String name, long size) {
    fault.before(Operation.TRUNCATE, name);
    inner.truncate(name, size);
  }

  @Override
  public void delete(String name) {
    fault.before(Operation.DELETE, name);
    inner.delete(name);
  }

  @Override
  public void atomicWrite(String name, Content content) {
    fault.before(Operation.ATOMIC_WRITE, name);
    inner.atomicWrite(name, content);
  }

  @Override
  public void close() {
    inner.close();
  }
}
