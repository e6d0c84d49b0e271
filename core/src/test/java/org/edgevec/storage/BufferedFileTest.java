package org.edgevec.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferedFileTest {

  private static final int WINDOW = 1 << 20;

  private final List<String> reads = new ArrayList<>();

  private BufferedFile file(int size) {
    MemoryStorage storage = MemoryStorage.open();
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i % 251);
    }
    storage.append("file", bytes, 0, size);
    return new BufferedFile(new ReadLog(storage, reads), "file");
  }

  private static void assertHolds(BufferedFile file, long offset, int count) {
    int at = file.at(offset, count);
    for (int i = 0; i < count; i++) {
      if (file.buffer()[at + i] != (byte) ((offset + i) % 251)) {
        throw new AssertionError("byte " + (offset + i));
      }
    }
  }

  @Test
  void theNameAndSizeAreTheFiles() {
    BufferedFile file = file(100);
    assertThat(file.name()).isEqualTo("file");
    assertThat(file.size()).isEqualTo(100);
    assertThatThrownBy(() -> new BufferedFile(MemoryStorage.open(), "none"))
        .isInstanceOf(CorruptDataException.class);
  }

  @Test
  void smallReadsShareOneOfStorage() {
    BufferedFile file = file(WINDOW + 10);
    assertHolds(file, 0, 1);
    assertHolds(file, 1000, 3);
    assertHolds(file, WINDOW - 5, 5);
    assertHolds(file, 0, WINDOW);
    assertThat(reads).containsExactly("0+" + WINDOW);
    assertHolds(file, WINDOW - 5, 6);
    assertThat(reads).containsExactly("0+" + WINDOW, (WINDOW - 5) + "+15");
    assertHolds(file, WINDOW - 6, 2);
    assertThat(reads).hasSize(3);
  }

  @Test
  void aReadLargerThanTheWindowIsOneOfStorage() {
    BufferedFile file = file(3 * WINDOW);
    assertHolds(file, 7, 2 * WINDOW);
    assertThat(reads).containsExactly("7+" + 2 * WINDOW);
  }

  @Test
  void aWindowThatIsLargeEnoughIsUsedAgain() {
    BufferedFile file = file(3 * WINDOW);
    assertHolds(file, 0, 1);
    byte[] buffer = file.buffer();
    assertHolds(file, WINDOW, WINDOW);
    assertThat(file.buffer()).isSameAs(buffer);
    assertHolds(file, 3 * WINDOW - 4, 4);
    assertThat(file.buffer()).isSameAs(buffer);
  }

  @Test
  void theBufferIsNoLargerThanTheFile() {
    BufferedFile file = file(100);
    assertHolds(file, 90, 10);
    assertThat(file.buffer()).hasSize(10);
    assertThat(reads).containsExactly("90+10");
  }

  @Test
  void aReadBeyondTheEndIsDamage() {
    BufferedFile file = file(100);
    assertThatThrownBy(() -> file.at(90, 11))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo("file");
              assertThat(e.offset()).isEqualTo(100);
              assertThat(e.what())
                  .isEqualTo("it ends there, and should reach to byte 101 at least");
            });
    assertThat(reads).isEmpty();
  }

  @Test
  void theHeaderIsACopyOfTheFirst64Bytes() {
    BufferedFile file = file(65);
    file.at(10, 1);
    byte[] header = file.header();
    assertThat(header).hasSize(64);
    assertThat(header[0]).isZero();
    assertThat(header[63]).isEqualTo((byte) 63);
    header[0] = 1;
    assertHolds(file, 0, 64);
    assertThatThrownBy(() -> file(63).header()).isInstanceOf(CorruptDataException.class);
  }
}
