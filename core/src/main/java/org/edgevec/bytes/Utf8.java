package org.edgevec.bytes;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strings as UTF-8, without loss: what cannot be written exactly is not written. */
public final class Utf8 {

  private Utf8() {}

  /**
   * The UTF-8 bytes, or null if the string holds half a surrogate pair, which UTF-8 has no form for
   * (Java's encoder would write a question mark, and two ids could become one).
   */
  public static byte @Nullable [] encode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return null;
        }
        i++;
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The string that a range holds.
   *
   * @throws MalformedException if the bytes are not what {@link #encode} writes
   */
  public static String decode(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (!isCanonical(text, bytes, offset, length)) {
      throw new MalformedException("text that is not valid UTF-8");
    }
    return text;
  }

  /** Whether encoding gives the bytes back; cheap for ASCII, the usual case. */
  private static boolean isCanonical(String text, byte[] bytes, int offset, int length) {
    if (text.length() == length) {
      for (int i = 0; i < length; i++) {
        if (bytes[offset + i] < 0) {
          return false;
        }
      }
      return true;
    }
    byte[] again = encode(text);
    return again != null
        && java.util.Arrays.equals(again, 0, again.length, bytes, offset, offset + length);
  }
}
