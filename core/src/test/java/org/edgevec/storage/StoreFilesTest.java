package org.edgevec.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.edgevec.storage.StoreFiles.Kind;
import org.junit.jupiter.api.Test;

class StoreFilesTest {

  @Test
  void namesAreBuiltAndParsed() {
    assertThat(Kind.WAL.name(0x1f)).isEqualTo("wal-000000000000001f.evec");
    for (Kind kind : Kind.values()) {
      for (long number : new long[] {0, 1, 255, Long.MAX_VALUE}) {
        String name = kind.name(number);
        assertThat(kind.number(name)).isEqualTo(number);
        assertThat(StoreFiles.isStoreFile(name)).isTrue();
        assertThat(StoreFiles.isStoreFile(StoreFiles.torn(name))).isTrue();
      }
    }
    assertThat(StoreFiles.isStoreFile(StoreFiles.SEAL)).isTrue();
    assertThat(Kind.WAL.number("wal-0123456789abcdef.evec")).isEqualTo(0x0123456789abcdefL);
    assertThat(StoreFiles.torn("wal-000000000000001f.evec"))
        .isEqualTo("wal-000000000000001f.evec.torn");
  }

  @Test
  void otherNamesAreNotTaken() {
    for (String name :
        new String[] {
          "",
          "wal",
          "wal-1.evec",
          "wal-000000000000001F.evec",
          "wal-0000000000000001f.evec",
          "wal-000000000000001g.evec",
          "wal-000000000000001/.evec",
          "wal-000000000000001:.evec",
          "wal-000000000000001`.evec",
          "wal-000000000000001 .evec",
          "wal-000000000000001~.evec",
          "wal-000000000000001f.evec2",
          "xwal-000000000000001f.evec",
          "log-000000000000001f.evec",
          "wal-000000000000001f.evek",
          "notes.txt",
          ".torn",
          "seal.evec.bak",
          "segment-000000000000001f"
        }) {
      assertThat(StoreFiles.isStoreFile(name)).as(name).isFalse();
      assertThat(Kind.WAL.number(name)).as(name).isEqualTo(-1);
    }
    assertThat(Kind.SEGMENT.number(Kind.WAL.name(1))).isEqualTo(-1);
    assertThat(Kind.WAL.number("wal-ffffffffffffffff.evec")).as("negative").isNegative();
  }
}
