package org.edgevec.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.FileHeader.Kind;
import org.junit.jupiter.api.Test;

class FileHeaderTest {

  private static final StoreId ID = new StoreId(0x1112131415161718L, 0x2122232425262728L);
  private static final FileHeader HEADER = new FileHeader(Kind.SEGMENT, ID, 3, 4, 5, 6);

  private static byte[] bytes() {
    return HEADER.encode();
  }

  /** Puts the CRC right after a change. */
  private static byte[] sealed(byte[] bytes) {
    int crc = new Checksum().bytes(bytes, 0, 12).bytes(bytes, 16, 48).value();
    LittleEndian.putInt(bytes, 12, crc);
    return bytes;
  }

  private static void assertCorrupt(byte[] bytes, long offset, String what) {
    assertThatThrownBy(() -> FileHeader.decode(bytes, "file.evec", Kind.SEGMENT))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo("file.evec");
              assertThat(e.offset()).isEqualTo(offset);
              assertThat(e.what()).isEqualTo(what);
            });
  }

  @Test
  void everyFieldHasItsPlace() {
    byte[] bytes = bytes();
    assertThat(bytes).hasSize(64);
    assertThat(new String(bytes, 0, 8, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("EDGEVECS");
    assertThat(LittleEndian.getShort(bytes, 8)).isEqualTo((short) Kind.SEGMENT.newestVersion());
    assertThat(LittleEndian.getShort(bytes, 10)).isEqualTo(64);
    assertThat(LittleEndian.getLong(bytes, 16)).isEqualTo(ID.high());
    assertThat(LittleEndian.getLong(bytes, 24)).isEqualTo(ID.low());
    for (int field = 0; field < 4; field++) {
      assertThat(LittleEndian.getLong(bytes, 32 + 8 * field)).isEqualTo(3 + field);
    }
    assertThat(FileHeader.crcOf(bytes)).isEqualTo(LittleEndian.getInt(bytes, 12));
    assertThat(bytes).isEqualTo(sealed(bytes.clone()));
  }

  @Test
  void eachKindHasItsLetter() {
    StringBuilder letters = new StringBuilder();
    for (Kind kind : Kind.values()) {
      letters.append((char) new FileHeader(kind, ID, 0, 0, 0, 0).encode()[7]);
    }
    assertThat(letters).hasToString("WSGML");
  }

  @Test
  void whatIsEncodedIsDecoded() {
    assertThat(FileHeader.decode(bytes(), "file.evec", Kind.SEGMENT)).isEqualTo(HEADER);
  }

  @Test
  void anotherKindOrNoHeaderIsRefusedAtItsBeginning() {
    String what = "it does not begin as a file of its name should";
    assertCorrupt(new FileHeader(Kind.WAL, ID, 3, 4, 5, 6).encode(), 0, what);
    assertCorrupt(new byte[64], 0, what);
  }

  @Test
  void everyChangedByteIsNoticed() {
    for (int i = 0; i < 64; i++) {
      byte[] bytes = bytes();
      bytes[i] ^= 0x40;
      int at = i;
      assertThatThrownBy(() -> FileHeader.decode(bytes, "file.evec", Kind.SEGMENT))
          .as("byte %d", i)
          .isInstanceOfSatisfying(
              CorruptDataException.class, e -> assertThat(e.offset()).isEqualTo(at < 8 ? 0 : 12));
    }
  }

  @Test
  void anotherLengthIsRefusedEvenUnderARightChecksum() {
    byte[] bytes = bytes();
    bytes[10] = 72;
    assertCorrupt(sealed(bytes), 12, "its header's checksum does not match");
  }

  @Test
  void aNewerVersionIsToldFromDamage() {
    byte[] bytes = bytes();
    bytes[8] = (byte) (Kind.SEGMENT.newestVersion() + 1);
    sealed(bytes);
    assertThatThrownBy(() -> FileHeader.decode(bytes, "file.evec", Kind.SEGMENT))
        .isInstanceOf(UnsupportedVersionException.class)
        .hasMessageContaining("file.evec")
        .hasMessageContaining("3");
  }

  /** An older file keeps its version when it is copied, and a newer one is refused, by kind. */
  @Test
  void eachKindHasVersionsOfItsOwn() {
    for (Kind kind : Kind.values()) {
      for (int version = 1; version <= kind.newestVersion(); version++) {
        FileHeader header = new FileHeader(kind, version, ID, 3, 4, 5, 6);
        assertThat(FileHeader.decode(header.encode(), "file.evec", kind)).isEqualTo(header);
      }
      int next = kind.newestVersion() + 1;
      byte[] newer = new FileHeader(kind, next, ID, 3, 4, 5, 6).encode();
      assertThatThrownBy(() -> FileHeader.decode(newer, "file.evec", kind))
          .isInstanceOf(UnsupportedVersionException.class)
          .hasMessageContaining("format version " + next)
          .hasMessageContaining("up to " + kind.newestVersion());
      assertThat(new FileHeader(kind, ID, 3, 4, 5, 6).version()).isEqualTo(kind.newestVersion());
    }
  }

  @Test
  void versionZeroIsDamage() {
    byte[] bytes = bytes();
    bytes[8] = 0;
    assertCorrupt(sealed(bytes), 8, "its format version is 0");
  }

  @Test
  void aFileOfAnotherDatabaseOrNumberIsRefused() {
    HEADER.expect(ID, 3, "file.evec");
    assertThatThrownBy(() -> HEADER.expect(new StoreId(1, ID.low()), 3, "file.evec"))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("file.evec is damaged at byte 16: it belongs to another database");
    assertThatThrownBy(() -> HEADER.expect(ID, 4, "file.evec"))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("at byte 32: it says that it is number 3, not 4");
  }

  @Test
  void databasesAreTheSameOnlyIfBothHalvesOfTheirIdsAre() {
    StoreId id = new StoreId(1, 2);
    assertThat(id).isEqualTo(new StoreId(1, 2)).hasSameHashCodeAs(new StoreId(1, 2));
    assertThat(id).isNotEqualTo(new StoreId(1, 3)).isNotEqualTo(new StoreId(3, 2));
    assertThat(id.equals(null)).isFalse();
    assertThat(id.hashCode())
        .isNotEqualTo(new StoreId(1, 4).hashCode())
        .isNotEqualTo(new StoreId(4, 2).hashCode());
  }
}
