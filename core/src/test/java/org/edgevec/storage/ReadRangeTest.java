package org.edgevec.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReadRangeTest {

  @Test
  void rangesInsideTheFilePass() {
    ReadRange.check("file", 10, 0, 10);
    ReadRange.check("file", 10, 10, 0);
    ReadRange.check("file", 0, 0, 0);
    ReadRange.check("file", Long.MAX_VALUE, Long.MAX_VALUE - 1, 1);
  }

  @Test
  void aNegativeOffsetIsAMistakeOfTheCaller() {
    assertThatThrownBy(() -> ReadRange.check("file", 10, -1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("offset -1 is negative");
  }

  @Test
  void aRangeBeyondTheEndNamesTheFileAndTheBytes() {
    assertThatThrownBy(() -> ReadRange.check("file", 10, 9, 2))
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining("file holds 10 bytes, and bytes 9 to 11 were asked for");
    assertThatThrownBy(() -> ReadRange.check("file", 10, Long.MAX_VALUE, 1))
        .isInstanceOf(StorageIOException.class);
  }
}
