package org.edgevec.storage;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.edgevec.storage.StorageBackendContract.Factory;

/**
 * What the chapters of {@link StorageBackendContract} write, and how they check what comes back.
 */
final class ContractTools {

  /** What backends may cut large content into; the sizes here are chosen around it. */
  static final int CHUNK = 4 << 20;

  static final String LOG = "wal-0000000000000001.evec";
  static final String OTHER = "segment-0000000000000002.evec";

  private ContractTools() {}

  /** Opens the storage, runs {@code body} and closes it again, whatever happens. */
  static void with(Factory factory, Consumer<StorageBackend> body) {
    StorageBackend storage = factory.open();
    try {
      body.accept(storage);
    } finally {
      storage.close();
    }
  }

  /** An open that should have been refused must not lock out the cases that follow. */
  static void closeQuietly(StorageBackend storage) {
    storage.close();
  }

  static void append(StorageBackend storage, String name, byte[] data) {
    storage.append(name, data, 0, data.length);
  }

  static void write(StorageBackend storage, String name, byte[] content) {
    storage.atomicWrite(name, sink -> sink.write(content, 0, content.length));
  }

  static void writeInPieces(StorageBackend storage, String name, byte[] content, int pieceSize) {
    storage.atomicWrite(
        name,
        sink -> {
          for (int start = 0; start < content.length; start += pieceSize) {
            sink.write(content, start, Math.min(pieceSize, content.length - start));
          }
        });
  }

  /** Bytes that differ from place to place and from seed to seed. */
  static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (((i + seed * 7919) * 0x9E3779B1) >>> 21);
    }
    return bytes;
  }

  static void clear(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = 0;
    }
  }

  static byte[] prefix(byte[] bytes, int length) {
    byte[] prefix = new byte[length];
    System.arraycopy(bytes, 0, prefix, 0, length);
    return prefix;
  }

  static byte[] join(byte[] first, byte[] second) {
    byte[] joined = new byte[first.length + second.length];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  static void checkList(StorageBackend storage, String... expected) {
    checkEqual(List.of(expected), storage.list(), "list()");
  }

  static void checkSize(StorageBackend storage, String name, long expected) {
    checkEqual(expected, storage.size(name), "size of " + name);
  }

  /** Checks the size and all of the bytes of a file. */
  static void checkContent(StorageBackend storage, String name, byte[] expected) {
    checkSize(storage, name, expected.length);
    checkRange(storage, name, expected, 0, expected.length);
  }

  /** Checks one read of a part of a file whose content, from byte 0 on, is {@code content}. */
  static void checkRange(
      StorageBackend storage, String name, byte[] content, int offset, int length) {
    byte[] read = new byte[length];
    storage.read(name, offset, read, 0, length);
    byte[] expected = new byte[length];
    System.arraycopy(content, offset, expected, 0, length);
    checkBytes(expected, read, length + " bytes at " + offset + " of " + name);
  }

  static void checkBytes(byte[] expected, byte[] actual, String what) {
    checkEqual(expected.length, actual.length, "length of " + what);
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] != actual[i]) {
        throw new AssertionError(
            what + ": byte " + i + " should be " + expected[i] + " and is " + actual[i]);
      }
    }
  }

  static void checkEqual(Object expected, Object actual, String what) {
    check(Objects.equals(expected, actual), what + " should be " + expected + " and is " + actual);
  }

  static void check(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  static RuntimeException expectIo(String what, Runnable action) {
    return expect(what, "a StorageIOException", e -> e instanceof StorageIOException, action);
  }

  static void expectLocked(String what, Runnable action) {
    expect(what, "a StorageLockedException", e -> e instanceof StorageLockedException, action);
  }

  static void expectIllegalArgument(String what, Runnable action) {
    expect(what, "an IllegalArgumentException", e -> e instanceof IllegalArgumentException, action);
  }

  static void expectOutOfBounds(String what, Runnable action) {
    expect(
        what, "an IndexOutOfBoundsException", e -> e instanceof IndexOutOfBoundsException, action);
  }

  /** Runs {@code action}, which must throw what {@code matches} takes, and returns that. */
  static RuntimeException expect(
      String what, String wanted, Predicate<RuntimeException> matches, Runnable action) {
    RuntimeException thrown = null;
    try {
      action.run();
    } catch (RuntimeException e) {
      thrown = e;
    }
    if (thrown == null) {
      throw new AssertionError(what + " should throw " + wanted + " and returned");
    }
    if (!matches.test(thrown)) {
      throw new AssertionError(what + " should throw " + wanted + " and threw " + thrown, thrown);
    }
    return thrown;
  }
}
