package org.edgevec.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract itself is tested: each of these backends breaks one promise and must be caught. */
class StorageBackendContractTest {

  /** A way to spoil a correct storage, and a case that must notice. */
  private record Defect(String noticedBy, Spoiler spoiler) {
    @Override
    public String toString() {
      return noticedBy;
    }
  }

  @FunctionalInterface
  private interface Spoiler {
    StorageBackend spoil(StorageBackend correct, MemoryStorage.Disk disk);
  }

  static Stream<Defect> defects() {
    return Stream.of(
        new Defect("list is sorted", (correct, disk) -> new ListsBackwards(correct)),
        new Defect("list hides locks and temporary files", (c, disk) -> new ListsALock(c)),
        new Defect("bad names are refused", (correct, disk) -> new TakesAnyName(correct)),
        new Defect("a short read is an error", (correct, disk) -> new ReadsShort(correct)),
        new Defect("append of nothing", (correct, disk) -> new SkipsEmptyAppends(correct)),
        new Defect("append copies its bytes", (correct, disk) -> new KeepsTheArray(correct)),
        new Defect("strict sync survives reopening", (c, disk) -> new ForgetsOnClose(c)),
        new Defect("append follows a truncate", (correct, disk) -> new TruncatesLate(correct)),
        new Defect(
            "a failing atomicWrite keeps the old content", (c, disk) -> new WritesInPlace(c)),
        new Defect(
            "the old content is there until an atomicWrite returns",
            (correct, disk) -> new WritesInPlace(correct)),
        new Defect("append to an atomically written file", (c, disk) -> new AppendsAnew(c)),
        new Defect("use after close is an error", (c, disk) -> new WorksWhenClosed(c, disk)));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void aBrokenPromiseIsNoticed(Defect defect) {
    StorageBackendContract.Case contractCase = caseOf(defect.noticedBy());
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    assertThatThrownBy(
            () -> contractCase.run(() -> defect.spoiler().spoil(MemoryStorage.open(disk), disk)))
        .isInstanceOf(Throwable.class)
        .matches(e -> e instanceof AssertionError || e instanceof PersistenceException);
  }

  @Test
  void aLockThatLetsTwoInIsNoticed() {
    for (String name : List.of("a second opener is refused", "a second close does nothing")) {
      StorageBackendContract.Case contractCase = caseOf(name);
      assertThatThrownBy(() -> contractCase.run(MemoryStorage::open))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("should throw a StorageLockedException and returned");
    }
  }

  @Test
  void everyCaseHasANameOfItsOwn() {
    assertThat(StorageBackendContract.cases())
        .extracting(StorageBackendContract.Case::name)
        .doesNotHaveDuplicates();
  }

  private static StorageBackendContract.Case caseOf(String name) {
    return StorageBackendContract.cases().stream()
        .filter(contractCase -> contractCase.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static final class ListsBackwards extends ForwardingStorage {
    ListsBackwards(StorageBackend correct) {
      super(correct);
    }

    @Override
    public List<String> list() {
      List<String> names = new ArrayList<>(super.list());
      names.sort(Comparator.reverseOrder());
      return names;
    }
  }

  private static final class ListsALock extends ForwardingStorage {
    ListsALock(StorageBackend correct) {
      super(correct);
    }

    @Override
    public List<String> list() {
      List<String> names = new ArrayList<>(super.list());
      names.add("zz.lock");
      return names;
    }
  }

  private static final class TakesAnyName extends ForwardingStorage {
    TakesAnyName(StorageBackend correct) {
      super(correct);
    }

    @Override
    public void delete(String name) {
      if (StorageNames.isValid(name)) {
        super.delete(name);
      }
    }
  }

  private static final class ReadsShort extends ForwardingStorage {
    ReadsShort(StorageBackend correct) {
      super(correct);
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) {
      long there = Math.max(0, Math.min(length, size(name) - offset));
      super.read(name, Math.min(offset, size(name)), target, targetOffset, (int) there);
    }
  }

  private static final class SkipsEmptyAppends extends ForwardingStorage {
    SkipsEmptyAppends(StorageBackend correct) {
      super(correct);
    }

    @Override
    public void append(String name, byte[] data, int offset, int length) {
      if (length > 0) {
        super.append(name, data, offset, length);
      }
    }
  }

  /** Hands bytes on only when they are synced, from the caller's own array. */
  private static final class KeepsTheArray extends ForwardingStorage {
    private final List<byte[]> waiting = new ArrayList<>();

    KeepsTheArray(StorageBackend correct) {
      super(correct);
    }

    @Override
    public void append(String name, byte[] data, int offset, int length) {
      waiting.add(data);
    }

    @Override
    public void sync(String name, Durability durability) {
      waiting.forEach(data -> super.append(name, data, 0, data.length));
      waiting.clear();
      super.sync(name, durability);
    }
  }

  private static final class ForgetsOnClose extends ForwardingStorage {
    ForgetsOnClose(StorageBackend correct) {
      super(correct);
    }

    @Override
    public void close() {
      super.list().forEach(super::delete);
      super.close();
    }
  }

  private static final class TruncatesLate extends ForwardingStorage {
    TruncatesLate(StorageBackend correct) {
      super(correct);
    }

    @Override
    public void truncate(String name, long size) {
      // Keeps everything.
    }
  }

  private static final class WritesInPlace extends ForwardingStorage {
    WritesInPlace(StorageBackend correct) {
      super(correct);
    }

    @Override
    public void atomicWrite(String name, Content content) {
      super.delete(name);
      content.writeTo((data, offset, length) -> super.append(name, data, offset, length));
    }
  }

  private static final class AppendsAnew extends ForwardingStorage {
    private final List<String> whole = new ArrayList<>();

    AppendsAnew(StorageBackend correct) {
      super(correct);
    }

    @Override
    public void atomicWrite(String name, Content content) {
      super.atomicWrite(name, content);
      whole.add(name);
    }

    @Override
    public void append(String name, byte[] data, int offset, int length) {
      if (whole.remove(name)) {
        super.delete(name);
      }
      super.append(name, data, offset, length);
    }
  }

  /** After a close it opens the disk again behind the caller's back. */
  private static final class WorksWhenClosed extends ForwardingStorage {
    private final MemoryStorage.Disk disk;
    private boolean closed;

    WorksWhenClosed(StorageBackend correct, MemoryStorage.Disk disk) {
      super(correct);
      this.disk = disk;
    }

    @Override
    public long size(String name) {
      return closed ? disk.files().get(name).length : super.size(name);
    }

    @Override
    public void close() {
      closed = true;
      super.close();
    }
  }
}
