package org.edgevec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LittleEndianTest {

  private static final byte[] BYTES = {
    0, (byte) 0x81, (byte) 0x92, (byte) 0xa3, (byte) 0xb4, 5, 6, 7, (byte) 0x88
  };

  @Test
  void numbersAreReadAtAnyPlace() {
    assertThat(LittleEndian.getShort(BYTES, 1)).isEqualTo(0x9281);
    assertThat(LittleEndian.getInt(BYTES, 1)).isEqualTo(0xb4a39281);
    assertThat(LittleEndian.getLong(BYTES, 1)).isEqualTo(0x88070605b4a39281L);
  }

  @Test
  void numbersAreWrittenAtAnyPlace() {
    byte[] bytes = new byte[14];
    LittleEndian.putInt(bytes, 1, 0x84030201);
    LittleEndian.putLong(bytes, 5, 0x8807060504030201L);
    assertThat(bytes).containsExactly(0, 1, 2, 3, 0x84, 1, 2, 3, 4, 5, 6, 7, 0x88, 0);
  }

  @Test
  void floatsKeepTheirBitsBothWays() {
    float[] floats = {0, 1.5f, Float.intBitsToFloat(0x7fc12345), -0.0f, 7};
    byte[] bytes = new byte[14];
    LittleEndian.putFloats(floats, 1, bytes, 1, 3);
    assertThat(bytes)
        .containsExactly(0, 0, 0, 0xc0, 0x3f, 0x45, 0x23, 0xc1, 0x7f, 0, 0, 0, 0x80, 0);
    float[] back = new float[5];
    LittleEndian.getFloats(bytes, 1, back, 1, 3);
    for (int i = 1; i < 4; i++) {
      assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(Float.floatToRawIntBits(floats[i]));
    }
    assertThat(back[0]).isZero();
    assertThat(back[4]).isZero();
  }
}
