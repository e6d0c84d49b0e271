package org.edgevec.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.junit.jupiter.api.Test;

class SealTest {

  private static final StoreId ID = new StoreId(1, 2);

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final MemoryStorage storage = MemoryStorage.open(disk);

  private long read() {
    return Seal.read(new BufferedFile(storage, StoreFiles.SEAL), ID);
  }

  private void change(byte[] bytes) {
    storage.delete(StoreFiles.SEAL);
    storage.append(StoreFiles.SEAL, bytes, 0, bytes.length);
  }

  private void assertDamaged(long offset, String what) {
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo("seal.evec");
              assertThat(e.offset()).isEqualTo(offset);
              assertThat(e.what()).isEqualTo(what);
            });
  }

  @Test
  void aSealSaysWhatItWasWrittenWithAndTheNewestCounts() {
    Seal.write(storage, ID, 41, 7, 1000);
    assertThat(read()).isEqualTo(41);
    Seal.write(storage, ID, 42, 8, 1000);
    assertThat(read()).isEqualTo(42);
    assertThat(storage.list()).containsExactly("seal.evec");
    assertThat(storage.size(StoreFiles.SEAL)).isEqualTo(64);
  }

  @Test
  void aSealThatIsTooLongOrTooShortIsDamaged() {
    Seal.write(storage, ID, 41, 7, 1000);
    byte[] bytes = disk.files().get(StoreFiles.SEAL);
    change(Arrays.copyOf(bytes, 65));
    assertDamaged(64, "it is longer than a seal is");
    change(Arrays.copyOf(bytes, 63));
    assertDamaged(63, "it ends there, and should reach to byte 64 at least");
  }

  @Test
  void anotherDatabasesSealIsRefused() {
    Seal.write(storage, new StoreId(1, 3), 41, 7, 1000);
    assertDamaged(16, "it belongs to another database");
  }
}
