package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.edgevec.storage.Durability;
import org.edgevec.storage.ForwardingStorage;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;

/** A storage whose calls fail, or wait, when a test says so. */
final class FaultyStorage extends ForwardingStorage {

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
    super(inner);
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

  /** Blocks the next such operation until a latch opens, and tells when it is reached. */
  void block(Operation operation, CountDownLatch reached, CountDownLatch release) {
    AtomicBoolean first = new AtomicBoolean(true);
    set(
        (called, name) -> {
          if (called == operation && first.getAndSet(false)) {
            reached.countDown();
            await(release);
          }
        });
  }

  /** Waits for a latch, but not for ever. */
  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    fault.before(Operation.APPEND, name);
    super.append(name, data, offset, length);
  }

  @Override
  public void sync(String name, Durability durability) {
    fault.before(Operation.SYNC, name);
    super.sync(name, durability);
  }

  @Override
  public void truncate(String name, long size) {
    fault.before(Operation.TRUNCATE, name);
    super.truncate(name, size);
  }

  @Override
  public void delete(String name) {
    fault.before(Operation.DELETE, name);
    super.delete(name);
  }

  @Override
  public void atomicWrite(String name, Content content) {
    fault.before(Operation.ATOMIC_WRITE, name);
    super.atomicWrite(name, content);
  }
}
