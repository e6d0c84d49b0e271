package org.edgevec.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The codec against the JDK's, wherever that one is exact. */
class Utf8Test {

  @Test
  void everyCodePointIsEncodedAsTheJdkDoesAndComesBack() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      String text = "a" + Character.toString(point) + "z";
      boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      if (half) {
        assertThat(Utf8.encode(text)).as("U+%X", point).isNull();
        assertThat(Utf8.length(text)).isEqualTo(-1);
      } else {
        byte[] bytes = Utf8.encode(text);
        if (!java.util.Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))
            || Utf8.length(text) != bytes.length
            || !Utf8.decode(bytes, 0, bytes.length).equals(text)) {
          throw new AssertionError(String.format("U+%X", point));
        }
      }
    }
  }

  @Test
  void halfPairsAnywhereAreNotEncoded() {
    for (String text : new String[] {"\ud800", "\udc00", "a\ud800b", "\udc00\ud800", "x\udbff"}) {
      assertThat(Utf8.encode(text)).isNull();
    }
    assertThat(Utf8.encode("\ud83d\udd11")).hasSize(4);
  }

  @Test
  void everyPairAndTripleOfBytesIsJudgedAsTheJdkDoes() {
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        check((byte) first, (byte) second);
        for (int third :
            new int[] {0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff}) {
          check((byte) first, (byte) second, (byte) third);
        }
      }
    }
  }

  @Test
  void everyQuadrupleWithALongLeadIsJudgedAsTheJdkDoes() {
    int[] edges = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    for (int first = 0xe0; first < 256; first++) {
      for (int second : edges) {
        for (int third : edges) {
          for (int fourth : edges) {
            check((byte) first, (byte) second, (byte) third, (byte) fourth);
          }
        }
      }
    }
  }

  @Test
  void nothingBeyondTheRangeIsRead() {
    byte[] bytes = "xäy".getBytes(StandardCharsets.UTF_8);
    assertThat(Utf8.decode(bytes, 1, 2)).isEqualTo("ä");
    assertThatThrownBy(() -> Utf8.decode(bytes, 0, 2)).isInstanceOf(MalformedException.class);
  }

  private static void check(byte... bytes) {
    String expected = jdk(bytes);
    String actual;
    try {
      actual = Utf8.decode(bytes, 0, bytes.length);
    } catch (MalformedException e) {
      actual = null;
    }
    boolean isChecked = true;
    try {
      Utf8.check(bytes, 0, bytes.length);
    } catch (MalformedException e) {
      isChecked = false;
    }
    if (!java.util.Objects.equals(expected, actual) || isChecked == (expected == null)) {
      throw new AssertionError(java.util.Arrays.toString(bytes) + ": " + expected + ", " + actual);
    }
  }

  /** In the order of strings, which is not the order of their bytes. */
  @Test
  void textsAreComparedAsStringsAre() {
    String[] parts = {
      "",
      "a",
      "b",
      "\u007f",
      "\u0080",
      "\u07ff",
      "\u0800",
      "\ud7ff",
      "\ue000",
      "\uffff",
      "\ud800\udc00",
      "\ud83d\ude00",
      "\ud83d\ude01",
      "\udbff\udfff"
    };
    for (String first : parts) {
      for (String second : parts) {
        for (String end : parts) {
          compare("x" + first + end, "x" + second);
          compare(first + end, second + "a");
        }
      }
    }
  }

  private static void compare(String a, String b) {
    byte[] both = (a + b).getBytes(StandardCharsets.UTF_8);
    int length = a.getBytes(StandardCharsets.UTF_8).length;
    int order = Utf8.compare(both, 0, length, length, both.length - length);
    assertThat(Integer.signum(order)).as("%s, %s", a, b).isEqualTo(Integer.signum(a.compareTo(b)));
  }

  private static String jdk(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
