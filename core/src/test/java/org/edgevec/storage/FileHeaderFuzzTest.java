package org.edgevec.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.fuzz.Allowance;
import org.edgevec.fuzz.ChecksumRepair;

/** Headers of files. */
class FileHeaderFuzzTest {

  /**
   * A header decodes to what is encoded as the same bytes, or is refused with a type. The first
   * byte's lowest bit says whether its checksum is made right before.
   */
  @FuzzTest(maxDuration = "")
  void header(byte[] input) {
    byte[] bytes = new byte[FileHeader.BYTES];
    System.arraycopy(input, Math.min(1, input.length), bytes, 0, lengthOf(input));
    boolean repaired = input.length > 0 && (input[0] & 1) != 0;
    if (repaired) {
      ChecksumRepair.header(bytes);
    }
    byte[] before = bytes.clone();
    for (FileHeader.Kind kind : FileHeader.Kind.values()) {
      Allowance.check(FileHeader.BYTES, () -> decode(bytes, kind, repaired));
    }
    assertThat(bytes).isEqualTo(before);
  }

  private static int lengthOf(byte[] input) {
    return Math.max(0, Math.min(FileHeader.BYTES, input.length - 1));
  }

  private static void decode(byte[] bytes, FileHeader.Kind kind, boolean repaired) {
    try {
      FileHeader header = FileHeader.decode(bytes, "a-file", kind);
      assertThat(header.kind()).isEqualTo(kind);
      assertThat(header.encode()).isEqualTo(bytes);
      assertThat(header.version()).isBetween(1, kind.newestVersion()).isEqualTo(bytes[8]);
      header.expect(header.storeId(), header.number(), "a-file");
    } catch (UnsupportedVersionException e) {
      assertThat(LittleEndian.getShort(bytes, 8)).isGreaterThan(kind.newestVersion());
    } catch (CorruptDataException e) {
      assertThat(e.file()).isEqualTo("a-file");
      assertThat(e.offset()).isBetween(0L, 63L);
      if (repaired && bytes[10] == FileHeader.BYTES && bytes[11] == 0) {
        assertThat(e.what()).doesNotContain("checksum").isNotBlank();
      }
    }
  }
}
