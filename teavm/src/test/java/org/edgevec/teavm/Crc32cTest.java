package org.edgevec.teavm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.teavm.classlib.java.util.zip.TCRC32C;

/** The browser's CRC32C against the JDK's. */
class Crc32cTest {

  @Test
  void theCheckValueIsTheStandardsOne() {
    TCRC32C crc = new TCRC32C();
    byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);
    crc.update(bytes, 0, bytes.length);
    assertThat(crc.getValue()).isEqualTo(0xE3069283L);
  }

  @Test
  void everyLengthAndPlaceGivesWhatTheJdkGives() {
    Random random = new Random(1);
    byte[] bytes = new byte[200];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextLong();
    }
    TCRC32C ours = new TCRC32C();
    CRC32C theirs = new CRC32C();
    for (int start = 0; start < 20; start++) {
      for (int length = 0; length <= 150; length++) {
        ours.reset();
        theirs.reset();
        int cut = random.nextInt(length + 1);
        ours.update(bytes, start, cut);
        ours.update(bytes, start + cut, length - cut);
        theirs.update(bytes, start, length);
        assertThat(ours.getValue()).isEqualTo(theirs.getValue());
      }
    }
  }
}
