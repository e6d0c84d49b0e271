package org.edgevec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChecksumTest {

  private static final byte[] DIGITS = "123456789".getBytes(StandardCharsets.US_ASCII);

  @Test
  void theCheckValueOfCrc32cComesOut() {
    assertThat(new Checksum().bytes(DIGITS, 0, 9).value()).isEqualTo(0xE3069283);
  }

  @Test
  void piecesGiveTheSameAsTheWhole() {
    Checksum crc = new Checksum().bytes(DIGITS, 0, 2);
    assertThat(crc.u32(0x36353433).bytes(DIGITS, 6, 3).value()).isEqualTo(0xE3069283);
  }

  @Test
  void resettingStartsAnew() {
    Checksum crc = new Checksum().bytes(DIGITS, 3, 4);
    assertThat(crc.value()).isNotEqualTo(0xE3069283);
    assertThat(crc.reset().value()).isZero();
    assertThat(crc.reset().bytes(DIGITS, 0, 9).value()).isEqualTo(0xE3069283);
  }
}
