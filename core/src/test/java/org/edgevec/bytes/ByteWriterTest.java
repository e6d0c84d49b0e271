package org.edgevec.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteWriterTest {

  @Test
  void numbersAreWrittenLeastSignificantByteFirst() {
    ByteWriter out = new ByteWriter(0);
    out.u8(0x1f1);
    out.u16(0xabcd);
    out.u32(0x89abcdef);
    out.u64(0x8102030405060708L);
    assertThat(out.size()).isEqualTo(15);
    assertThat(out.toByteArray())
        .containsExactly(0xf1, 0xcd, 0xab, 0xef, 0xcd, 0xab, 0x89, 8, 7, 6, 5, 4, 3, 2, 0x81);
  }

  @Test
  void rangesOfBytesAndFloatsAreWritten() {
    ByteWriter out = new ByteWriter(0);
    out.bytes(new byte[] {1, 2, 3, 4}, 1, 2);
    out.bytes(new byte[] {5, 6});
    out.floats(new float[] {9, 1, -2}, 1, 2);
    assertThat(out.toByteArray()).containsExactly(2, 3, 5, 6, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
  }

  @Test
  void eachWriteGrowsAnArrayThatIsTooSmallByOneByte() {
    assertGrows(1, out -> out.u8(1));
    assertGrows(2, out -> out.u16(1));
    assertGrows(4, out -> out.u32(1));
    assertGrows(8, out -> out.u64(1));
    assertGrows(3, out -> out.bytes(new byte[3]));
    assertGrows(8, out -> out.floats(new float[2], 0, 2));
  }

  private static void assertGrows(int bytes, java.util.function.Consumer<ByteWriter> write) {
    ByteWriter exact = new ByteWriter(3 + bytes);
    exact.bytes(new byte[3]);
    byte[] array = exact.array();
    write.accept(exact);
    assertThat(exact.array()).as("filled to the last byte").isSameAs(array);
    ByteWriter small = new ByteWriter(2 + bytes);
    small.bytes(new byte[3]);
    write.accept(small);
    assertThat(small.size()).isEqualTo(3 + bytes);
    assertThat(small.toByteArray()).isEqualTo(exact.toByteArray());
  }

  @Test
  void theArrayDoublesOrGrowsToWhatIsNeeded() {
    ByteWriter out = new ByteWriter(8);
    out.bytes(new byte[9]);
    assertThat(out.array()).hasSize(16);
    out.bytes(new byte[91]);
    assertThat(out.array()).hasSize(100);
  }

  @Test
  void moreThanAnArrayHoldsIsRefusedBeforeItIsAllocated() {
    ByteWriter out = new ByteWriter(0);
    assertThatThrownBy(() -> out.floats(new float[0], 0, Integer.MAX_VALUE))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("a buffer of 8589934588 bytes was asked for");
    assertThat(out.size()).isZero();
  }

  @Test
  void clearingForgetsTheBytesAndKeepsTheArray() {
    ByteWriter out = new ByteWriter(4);
    out.u32(1);
    byte[] array = out.array();
    out.clear();
    assertThat(out.size()).isZero();
    assertThat(out.toByteArray()).isEmpty();
    out.u16(0x0201);
    assertThat(out.array()).isSameAs(array);
    assertThat(out.toByteArray()).containsExactly(1, 2);
  }

  @Test
  void fourBytesCanBeOverwritten() {
    ByteWriter out = new ByteWriter(8);
    out.u64(-1);
    out.setU32(2, 0x04030201);
    assertThat(out.toByteArray()).containsExactly(-1, -1, 1, 2, 3, 4, -1, -1);
  }
}
