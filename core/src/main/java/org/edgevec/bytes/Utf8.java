package org.edgevec.bytes;

import org.jspecify.annotations.Nullable;

/**
 * Strings as UTF-8, without loss: what cannot be written exactly is not written, and bytes that no
 * string is written as are not read.
 *
 * <p>Written out rather than left to the class library, whose coders put question marks for what
 * they cannot represent, and are large in the browser.
 */
public final class Utf8 {

  private static final int MAX_SHOWN = 40;

  /** The first byte of characters from U+E000 on. */
  private static final int PRIVATE = 0xee;

  /** The first byte of characters that take four. */
  private static final int FOUR = 0xf0;

  private Utf8() {}

  /** A text as a message names it: the beginning of a long one. */
  public static String shortened(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }

  /**
   * The UTF-8 bytes, or null if the string holds half a surrogate pair, which UTF-8 has no form for
   * (Java's encoder would write a question mark, and two ids could become one).
   */
  public static byte @Nullable [] encode(String text) {
    int length = length(text);
    return length < 0 ? null : encode(text, length);
  }

  /** How many bytes a string takes, or -1 if it holds half a surrogate pair. */
  public static int length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        length++;
      } else if (c < 0x800) {
        length += 2;
      } else if (!Character.isSurrogate(c)) {
        length += 3;
      } else if (isPairAt(text, i)) {
        length += 4;
        i++;
      } else {
        return -1;
      }
    }
    return length;
  }

  private static boolean isPairAt(String text, int index) {
    return Character.isHighSurrogate(text.charAt(index))
        && index + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(index + 1));
  }

  private static byte[] encode(String text, int length) {
    byte[] bytes = new byte[length];
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      int c = text.charAt(i);
      if (c < 0x80) {
        bytes[at++] = (byte) c;
      } else if (c < 0x800) {
        bytes[at++] = (byte) (0xc0 | c >> 6);
        bytes[at++] = (byte) (0x80 | (c & 0x3f));
      } else if (!Character.isSurrogate((char) c)) {
        bytes[at++] = (byte) (0xe0 | c >> 12);
        bytes[at++] = (byte) (0x80 | (c >> 6 & 0x3f));
        bytes[at++] = (byte) (0x80 | (c & 0x3f));
      } else {
        int point = Character.toCodePoint((char) c, text.charAt(++i));
        bytes[at++] = (byte) (0xf0 | point >> 18);
        bytes[at++] = (byte) (0x80 | (point >> 12 & 0x3f));
        bytes[at++] = (byte) (0x80 | (point >> 6 & 0x3f));
        bytes[at++] = (byte) (0x80 | (point & 0x3f));
      }
    }
    return bytes;
  }

  /**
   * The string that a range holds.
   *
   * @throws MalformedException if the bytes are not what {@link #encode} writes
   */
  public static String decode(byte[] bytes, int offset, int length) {
    char[] text = new char[length];
    int count = 0;
    int end = offset + length;
    int at = offset;
    while (at < end) {
      int first = bytes[at];
      if (first >= 0) {
        text[count++] = (char) first;
        at++;
      } else {
        int size = sizeOf(first & 0xff);
        int point = point(bytes, at, size, end);
        count += Character.toChars(point, text, count);
        at += size;
      }
    }
    return new String(text, 0, count);
  }

  /**
   * Insists that a range holds a string.
   *
   * @throws MalformedException if the bytes are not what {@link #encode} writes
   */
  public static void check(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (at < end) {
      int first = bytes[at];
      if (first >= 0) {
        at++;
      } else {
        int size = sizeOf(first & 0xff);
        point(bytes, at, size, end);
        at += size;
      }
    }
  }

  /**
   * Compares two strings of one array as {@link String#compareTo} would, by UTF-16 units: so those
   * beyond the basic plane, four bytes long, come before U+E000 to U+FFFF.
   */
  public static int compare(byte[] bytes, int a, int aLength, int b, int bLength) {
    int common = Math.min(aLength, bLength);
    for (int i = 0; i < common; i++) {
      int first = bytes[a + i] & 0xff;
      int second = bytes[b + i] & 0xff;
      if (first != second) {
        return first >= PRIVATE && second >= PRIVATE && (first >= FOUR) != (second >= FOUR)
            ? second - first
            : first - second;
      }
    }
    return aLength - bLength;
  }

  /** How many bytes the character takes that begins with this byte, which is above 0x7f. */
  private static int sizeOf(int first) {
    if (first >= 0xc2 && first < 0xe0) {
      return 2;
    }
    if (first >= 0xe0 && first < 0xf0) {
      return 3;
    }
    if (first >= 0xf0 && first < 0xf5) {
      return 4;
    }
    throw malformed();
  }

  private static int point(byte[] bytes, int at, int size, int end) {
    if (at + size > end) {
      throw malformed();
    }
    int point = bytes[at] & 0xff >> (size + 1);
    for (int i = 1; i < size; i++) {
      int next = bytes[at + i] & 0xff;
      if (next >>> 6 != 2) {
        throw malformed();
      }
      point = point << 6 | (next & 0x3f);
    }
    boolean shortest = point >= (size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000);
    boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    if (!shortest || surrogate || point > Character.MAX_CODE_POINT) {
      throw malformed();
    }
    return point;
  }

  private static MalformedException malformed() {
    return new MalformedException("text that is not valid UTF-8");
  }
}
