package org.edgevec.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteReaderTest {

  private static final byte[] BYTES = {9, (byte) 0xf1, 2, 3, 4, 5, 6, 7, 8, (byte) 0x89, 9};

  private static ByteReader reader(int offset, int length) {
    return new ByteReader(BYTES, offset, length);
  }

  @Test
  void numbersAreReadLeastSignificantByteFirst() {
    assertThat(reader(1, 1).u8()).isEqualTo(0xf1);
    assertThat(reader(1, 2).u16()).isEqualTo(0x02f1);
    assertThat(reader(8, 2).u16()).isEqualTo(0x8908);
    assertThat(reader(1, 4).u32()).isEqualTo(0x040302f1);
    assertThat(reader(6, 4).u32()).isEqualTo(0x89080706);
    assertThat(reader(1, 8).u64()).isEqualTo(0x08070605040302f1L);
    assertThat(reader(2, 8).u64()).isEqualTo(0x8908070605040302L);
    assertThat(reader(1, 3).bytes(3)).containsExactly(0xf1, 2, 3);
  }

  @Test
  void aReadGoesOnWhereTheOneBeforeEnded() {
    ByteReader in = reader(1, 9);
    assertThat(in.array()).isSameAs(BYTES);
    assertThat(in.position()).isEqualTo(1);
    assertThat(in.remaining()).isEqualTo(9);
    in.u16();
    assertThat(in.position()).isEqualTo(3);
    assertThat(in.take(4)).isEqualTo(3);
    assertThat(in.remaining()).isEqualTo(3);
    assertThat(in.take(0)).isEqualTo(7);
    assertThat(in.take(3)).isEqualTo(7);
    assertThat(in.remaining()).isZero();
  }

  @Test
  void nothingIsReadBeyondTheRange() {
    assertMalformed(() -> reader(1, 0).u8(), "1 bytes expected, 0 left");
    assertMalformed(() -> reader(1, 1).u16(), "2 bytes expected, 1 left");
    assertMalformed(() -> reader(1, 3).u32(), "4 bytes expected, 3 left");
    assertMalformed(() -> reader(1, 7).u64(), "8 bytes expected, 7 left");
    assertMalformed(() -> reader(1, 2).bytes(3), "3 bytes expected, 2 left");
    assertMalformed(() -> reader(1, 2).take(-1), "-1 bytes expected, 2 left");
  }

  @Test
  void aReadThatDoesNotFitTakesNothing() {
    ByteReader in = reader(1, 3);
    assertMalformed(in::u32, "4 bytes expected, 3 left");
    assertThat(in.u16()).isEqualTo(0x02f1);
  }

  @Test
  void aCountIsAtMostWhatIsAllowed() {
    ByteReader seven = new ByteReader(new byte[] {7, 0, 0, 0}, 0, 4);
    assertThat(seven.count("a length", 7)).isEqualTo(7);
    ByteReader zero = new ByteReader(new byte[4], 0, 4);
    assertThat(zero.count("a length", 0)).isZero();
    ByteReader eight = new ByteReader(new byte[] {8, 0, 0, 0}, 0, 4);
    assertMalformed(() -> eight.count("a length", 7), "a length is 8, at most 7");
    ByteReader negative = new ByteReader(new byte[] {-1, -1, -1, -1}, 0, 4);
    assertMalformed(
        () -> negative.count("a length", Integer.MAX_VALUE),
        "a length is 4294967295, at most 2147483647");
  }

  @Test
  void whatIsLeftOverIsMalformed() {
    ByteReader in = reader(1, 3);
    in.u16();
    assertMalformed(() -> in.expectEnd("the options"), "1 bytes too many after the options");
    in.u8();
    in.expectEnd("the options");
  }

  @Test
  void aRangeOutsideTheArrayIsRefused() {
    assertThatThrownBy(() -> reader(8, 4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static void assertMalformed(Runnable read, String what) {
    assertThatThrownBy(read::run)
        .isInstanceOfSatisfying(MalformedException.class, e -> assertThat(e.what()).isEqualTo(what))
        .hasMessage(what);
  }
}
