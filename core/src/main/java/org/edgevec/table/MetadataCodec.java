package org.edgevec.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metadata;
import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.jspecify.annotations.Nullable;

/** Metadata as bytes; docs/format.md, "Metadata", is the byte table. Empty metadata is no bytes. */
final class MetadataCodec {

  /** The most bytes that metadata may take. */
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_KEY_BYTES = 255;

  private static final int STRING = 1;
  private static final int LONG = 2;
  private static final int DOUBLE = 3;
  private static final int BOOLEAN = 4;
  private static final int STRINGS = 5;

  /** Metadata without values. */
  static final byte[] NONE = new byte[0];

  private MetadataCodec() {}

  static byte[] encode(Metadata metadata) {
    Map<String, Object> values = metadata.asMap();
    if (values.isEmpty()) {
      return NONE;
    }
    if (values.size() > 0xffff) {
      throw refuse("it has " + values.size() + " keys, at most 65535 are possible");
    }
    ByteWriter out = new ByteWriter(128);
    out.u16(values.size());
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      writeKey(out, entry.getKey());
      writeValue(out, entry.getKey(), entry.getValue());
      checkSize(out.size());
    }
    return out.toByteArray();
  }

  private static void checkSize(long bytes) {
    if (bytes > MAX_BYTES) {
      throw refuse("it takes more than " + MAX_BYTES + " bytes; keep large texts elsewhere");
    }
  }

  private static void writeKey(ByteWriter out, String key) {
    // None that is longer takes fewer bytes.
    byte[] bytes = key.length() > MAX_KEY_BYTES ? NONE : utf8(key, key);
    if (key.length() > MAX_KEY_BYTES || bytes.length > MAX_KEY_BYTES) {
      throw refuse(
          "the key \""
              + Utf8.shortened(key)
              + "\" takes "
              + Utf8.length(key)
              + " bytes, at most "
              + MAX_KEY_BYTES);
    }
    out.u8(bytes.length);
    out.bytes(bytes);
  }

  private static void writeValue(ByteWriter out, String key, Object value) {
    if (value instanceof String string) {
      out.u8(STRING);
      writeString(out, key, string);
    } else if (value instanceof Long number) {
      out.u8(LONG);
      out.u64(number);
    } else if (value instanceof Double number) {
      out.u8(DOUBLE);
      out.u64(Double.doubleToLongBits(number));
    } else if (value instanceof Boolean truth) {
      out.u8(BOOLEAN);
      out.u8(truth ? 1 : 0);
    } else {
      writeStrings(out, key, (List<?>) value);
    }
  }

  private static void writeStrings(ByteWriter out, String key, List<?> strings) {
    checkSize(out.size() + 4L * strings.size());
    out.u8(STRINGS);
    out.u32(strings.size());
    for (Object string : strings) {
      writeString(out, key, (String) string);
      checkSize(out.size());
    }
  }

  private static void writeString(ByteWriter out, String key, String string) {
    if (string.length() > MAX_BYTES) {
      throw refuse("the text of \"" + key + "\" is longer than " + MAX_BYTES + " bytes");
    }
    byte[] bytes = utf8(key, string);
    out.u32(bytes.length);
    out.bytes(bytes);
  }

  private static byte[] utf8(String key, String text) {
    byte @Nullable [] bytes = Utf8.encode(text);
    if (bytes == null) {
      throw refuse("\"" + key + "\" holds half of a surrogate pair, which is not text");
    }
    return bytes;
  }

  private static InvalidInputException refuse(String what) {
    return new InvalidInputException(
        Code.INVALID_METADATA, "This metadata cannot be stored: " + what + ".");
  }

  /**
   * @throws MalformedException if the bytes are not what {@link #encode} writes
   */
  static Metadata decode(byte[] bytes) {
    if (bytes.length == 0) {
      return Metadata.empty();
    }
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    int count = in.u16();
    if (count == 0) {
      throw new MalformedException("metadata of no keys, which is no bytes");
    }
    TreeMap<String, Object> values = new TreeMap<>();
    String previous = "";
    for (int i = 0; i < count; i++) {
      String key = readString(in, in.u8());
      if (key.compareTo(previous) <= 0) {
        throw new MalformedException("metadata keys that are not in order");
      }
      values.put(key, readValue(in));
      previous = key;
    }
    in.expectEnd("metadata");
    return Metadata.copyOf(values);
  }

  private static Object readValue(ByteReader in) {
    int type = in.u8();
    return switch (type) {
      case STRING -> readString(in, in.count("a text length", MAX_BYTES));
      case LONG -> in.u64();
      case DOUBLE -> Double.longBitsToDouble(in.u64());
      case BOOLEAN -> readBoolean(in);
      case STRINGS -> readStrings(in);
      default -> throw new MalformedException("metadata type " + type);
    };
  }

  private static Boolean readBoolean(ByteReader in) {
    int value = in.u8();
    if (value > 1) {
      throw new MalformedException("a truth value of " + value);
    }
    return value == 1;
  }

  private static List<String> readStrings(ByteReader in) {
    int count = in.count("a list length", MAX_BYTES / 4);
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      strings.add(readString(in, in.count("a text length", MAX_BYTES)));
    }
    return strings;
  }

  private static String readString(ByteReader in, int length) {
    return Utf8.decode(in.array(), in.take(length), length);
  }
}
