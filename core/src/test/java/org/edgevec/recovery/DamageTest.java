package org.edgevec.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.GoldenScript;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.UnsupportedVersionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every bit and every truncation of a closed store: what opens holds everything, and what does not
 * is refused with a type. A wrong answer, or any other exception, never.
 */
@Tag("slow")
class DamageTest {

  private final Map<String, byte[]> golden = golden();
  private int served;
  private int refused;

  private static Map<String, byte[]> golden() {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    GoldenScript.write(MemoryStorage.open(disk));
    return disk.files();
  }

  @Test
  void everyFlippedBitIsServedRightOrRefused() {
    for (Map.Entry<String, byte[]> file : golden.entrySet()) {
      for (int bit = 0; bit < file.getValue().length * 8; bit++) {
        byte[] damaged = file.getValue().clone();
        damaged[bit >>> 3] ^= (byte) (1 << (bit & 7));
        open(file.getKey(), damaged, "bit " + bit);
      }
    }
    System.out.println("flipped bits: " + served + " served, " + refused + " refused");
    assertThat(served).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void everyTruncationIsServedRightOrRefused() {
    for (Map.Entry<String, byte[]> file : golden.entrySet()) {
      for (int length = 0; length < file.getValue().length; length++) {
        open(file.getKey(), Arrays.copyOf(file.getValue(), length), "length " + length);
      }
    }
    System.out.println("truncations: " + served + " served, " + refused + " refused");
    assertThat(served).isPositive();
    assertThat(refused).isPositive();
  }

  private void open(String name, byte[] damaged, String what) {
    Map<String, byte[]> files = new TreeMap<>(golden);
    files.put(name, damaged);
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
    try (VectorDatabase db = VectorDatabase.open(storage, Options.existing())) {
      GoldenScript.check(db);
      served++;
    } catch (CorruptDataException | UnsupportedVersionException e) {
      refused++;
    } catch (RuntimeException | AssertionError e) {
      fail(name + ", " + what, e);
    }
  }
}
