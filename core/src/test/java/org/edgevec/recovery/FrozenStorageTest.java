package org.edgevec.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageIOException;
import org.junit.jupiter.api.Test;

class FrozenStorageTest {

  private static final int MIB = 1 << 20;

  private final MemoryStorage memory = MemoryStorage.open();
  private final List<String> told = new ArrayList<>();

  private FrozenStorage frozen() {
    return new FrozenStorage(memory, (done, total) -> told.add(done + "/" + total));
  }

  private void append(String name, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    memory.append(name, bytes, 0, length);
  }

  @Test
  void theFilesAreThoseOfTheMoment() {
    append("a", 5);
    append("b", 7);
    FrozenStorage frozen = frozen();
    append("b", 7);
    append("c", 1);
    assertThat(frozen.list()).containsExactly("a", "b");
    assertThat(frozen.size("b")).isEqualTo(7);
    assertThat(frozen.total()).isEqualTo(12);
    assertThatThrownBy(() -> frozen.size("c"))
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining("There is no file c");
  }

  @Test
  void bytesAreReadFromWhereTheyLie() {
    append("a", 2 * MIB + 10);
    byte[] target = new byte[2 * MIB + 5];
    frozen().read("a", 7, target, 3, 2 * MIB + 2);
    for (int i = 0; i < 2 * MIB + 2; i++) {
      if (target[3 + i] != (byte) ((7 + i) % 251)) {
        throw new AssertionError("byte " + i);
      }
    }
    assertThat(target).startsWith(0, 0, 0);
  }

  @Test
  void filesOfWhichAnythingWasReadAreKnown() {
    append("a", 5);
    append("b", 5);
    FrozenStorage frozen = frozen();
    frozen.read("a", 0, new byte[1], 0, 1);
    assertThat(frozen.wasRead("a")).isTrue();
    assertThat(frozen.wasRead("b")).isFalse();
  }

  @Test
  void progressIsToldByTheMebibyteAndABytesReadTwiceCountOnce() {
    append("a", 3 * MIB);
    append("b", MIB);
    FrozenStorage frozen = frozen();
    byte[] target = new byte[3 * MIB];
    frozen.begin();
    frozen.read("a", 0, target, 0, MIB - 1);
    assertThat(told).containsExactly("0/" + 4 * MIB);
    frozen.read("a", 0, target, 0, MIB);
    frozen.read("a", 0, target, 0, MIB);
    assertThat(told).containsExactly("0/" + 4 * MIB, MIB + "/" + 4 * MIB);
    frozen.read("a", MIB, target, 0, 2 * MIB);
    frozen.read("b", 0, target, 0, MIB / 2);
    assertThat(told.subList(2, told.size()))
        .containsExactly(2 * MIB + "/" + 4 * MIB, 3 * MIB + "/" + 4 * MIB);
    frozen.finish();
    assertThat(told).endsWith(4 * MIB + "/" + 4 * MIB);
  }

  @Test
  void nothingCanBeChanged() {
    append("a", 5);
    FrozenStorage frozen = frozen();
    List<Runnable> changes =
        List.of(
            () -> frozen.append("a", new byte[1], 0, 1),
            () -> frozen.sync("a", Durability.STRICT),
            () -> frozen.truncate("a", 1),
            () -> frozen.delete("a"),
            () -> frozen.atomicWrite("a", sink -> {}));
    for (Runnable change : changes) {
      assertThatThrownBy(change::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this storage is only read");
    }
    frozen.close();
    assertThat(memory.size("a")).as("still open").isEqualTo(5);
  }
}
