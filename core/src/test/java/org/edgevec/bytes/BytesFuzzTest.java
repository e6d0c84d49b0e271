package org.edgevec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.edgevec.fuzz.Allowance;

/** The one reader of bytes, against the class library's. */
class BytesFuzzTest {

  /**
   * Text decodes to what is encoded as the same bytes, exactly where the JDK's strict decoder does.
   */
  @FuzzTest(maxDuration = "")
  void utf8(byte[] input) {
    String[] decoded = new String[1];
    Allowance.check(input.length, () -> decoded[0] = decode(input));
    assertThat(decoded[0]).isEqualTo(decodeByJdk(input));
    if (decoded[0] != null) {
      assertThat(Utf8.encode(decoded[0])).isEqualTo(input);
      assertThat(Utf8.length(decoded[0])).isEqualTo(input.length);
    }
  }

  private static String decode(byte[] input) {
    try {
      return Utf8.decode(input, 0, input.length);
    } catch (MalformedException e) {
      return null;
    }
  }

  private static String decodeByJdk(byte[] input) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(input)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The first half says what is read, the second is read: never beyond its end. */
  @FuzzTest(maxDuration = "")
  void reader(byte[] input) {
    int calls = input.length / 2;
    ByteBuffer expected =
        ByteBuffer.wrap(input, calls, input.length - calls).order(ByteOrder.LITTLE_ENDIAN);
    // Bytes behind the range would be read by a reader that minds only the array's end.
    byte[] longer = Arrays.copyOf(input, input.length + 16);
    ByteReader in = new ByteReader(longer, calls, input.length - calls);
    for (int i = 0; i < calls; i++) {
      int needed = step(in, expected.duplicate().order(ByteOrder.LITTLE_ENDIAN), input[i]);
      if (needed <= expected.remaining()) {
        expected.position(expected.position() + needed);
      }
      assertThat(in.remaining()).isEqualTo(expected.remaining());
      assertThat(in.position()).isEqualTo(expected.position());
    }
  }

  /** One read, compared; returns how many bytes it takes. */
  private static int step(ByteReader in, ByteBuffer expected, int call) {
    int length =
        switch (call & 7) {
          case 0 -> 1;
          case 1 -> 2;
          case 2 -> 4;
          case 3 -> 8;
          case 4 -> 0;
          default -> (call & 0xff) >>> 3;
        };
    boolean fits = length <= expected.remaining();
    try {
      boolean same =
          switch (call & 7) {
            case 0 -> in.u8() == (expected.get() & 0xff);
            case 1 -> in.u16() == (expected.getShort() & 0xffff);
            case 2 -> in.u32() == expected.getInt();
            case 3 -> in.u64() == expected.getLong();
            case 4 -> refusesNegative(in);
            case 5 -> in.take(length) == expected.position();
            default -> sameBytes(in.bytes(length), expected);
          };
      assertThat(same && fits).isTrue();
    } catch (MalformedException e) {
      assertThat(fits).isFalse();
    }
    return length;
  }

  private static boolean refusesNegative(ByteReader in) {
    try {
      in.take(-1);
      return false;
    } catch (MalformedException e) {
      return true;
    }
  }

  private static boolean sameBytes(byte[] found, ByteBuffer expected) {
    byte[] bytes = new byte[found.length];
    expected.get(bytes);
    return Arrays.equals(found, bytes);
  }
}
