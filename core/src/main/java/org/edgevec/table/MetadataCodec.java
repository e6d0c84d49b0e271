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
public final class MetadataCodec {

  /** The most bytes that metadata may take. */
  public static final int MAX_BYTES = 1 << 20;

  /** The longest key, in bytes of UTF-8. */
  public static final int MAX_KEY_BYTES = 255;

  /** The most keys. */
  public static final int MAX_KEYS = 0xffff;

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
    if (values.size() > MAX_KEYS) {
      throw refuse("it has " + values.size() + " keys, at most " + MAX_KEYS + " are possible");
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
   * The metadata.
   *
   * @throws MalformedException if the bytes are not what {@link #encode} writes
   */
  public static Metadata decode(byte[] bytes) {
    if (bytes.length == 0) {
      return Metadata.empty();
    }
    Decoder decoder = new Decoder();
    visit(bytes, decoder);
    return Metadata.copyOf(decoder.values);
  }

  /** Makes a map of what it is told. */
  private static final class Decoder implements MetadataVisitor {
    private final TreeMap<String, Object> values = new TreeMap<>();
    private String key = "";
    private List<String> list = new ArrayList<>();
    private int left;

    @Override
    public void key(byte[] source, int offset, int length) {
      key = Utf8.decode(source, offset, length);
    }

    @Override
    public void text(byte[] source, int offset, int length) {
      String text = Utf8.decode(source, offset, length);
      if (left > 0) {
        list.add(text);
        left--;
      } else {
        values.put(key, text);
      }
    }

    @Override
    public void number(long value) {
      values.put(key, value);
    }

    @Override
    public void number(double value) {
      values.put(key, value);
    }

    @Override
    public void truth(boolean value) {
      values.put(key, value);
    }

    @Override
    public void list(int count) {
      list = new ArrayList<>();
      left = count;
      values.put(key, list);
    }
  }

  /** Insists that texts are texts, and makes nothing of them. */
  private static final class Check implements MetadataVisitor {
    static final Check INSTANCE = new Check();

    @Override
    public void key(byte[] source, int offset, int length) {
      Utf8.check(source, offset, length);
    }

    @Override
    public void text(byte[] source, int offset, int length) {
      Utf8.check(source, offset, length);
    }
  }

  /**
   * Insists that bytes are metadata.
   *
   * @throws MalformedException if they are not what {@link #encode} writes
   */
  static void check(byte[] bytes) {
    visit(bytes, Check.INSTANCE);
  }

  /**
   * Tells what bytes hold, key by key.
   *
   * @throws MalformedException if they are not what {@link #encode} writes, but for texts that are
   *     no UTF-8; some of it may have been told then
   */
  public static void visit(byte[] bytes, MetadataVisitor visitor) {
    if (bytes.length == 0) {
      return;
    }
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    int count = in.u16();
    if (count == 0) {
      throw new MalformedException("metadata of no keys, which is no bytes");
    }
    int previousAt = 0;
    int previousLength = 0;
    for (int i = 0; i < count; i++) {
      int length = in.u8();
      int at = in.take(length);
      visitor.key(bytes, at, length);
      if (Utf8.compare(bytes, at, length, previousAt, previousLength) <= 0) {
        throw new MalformedException("metadata keys that are not in order");
      }
      visitValue(in, visitor);
      previousAt = at;
      previousLength = length;
    }
    in.expectEnd("metadata");
  }

  private static void visitValue(ByteReader in, MetadataVisitor visitor) {
    int type = in.u8();
    switch (type) {
      case STRING -> visitText(in, visitor);
      case LONG -> visitor.number(in.u64());
      case DOUBLE -> visitor.number(Double.longBitsToDouble(in.u64()));
      case BOOLEAN -> visitor.truth(truth(in.u8()));
      case STRINGS -> visitTexts(in, visitor);
      default -> throw new MalformedException("metadata type " + type);
    }
  }

  private static boolean truth(int value) {
    if (value > 1) {
      throw new MalformedException("a truth value of " + value);
    }
    return value == 1;
  }

  private static void visitTexts(ByteReader in, MetadataVisitor visitor) {
    int count = in.count("a list length", MAX_BYTES / 4);
    visitor.list(count);
    for (int i = 0; i < count; i++) {
      visitText(in, visitor);
    }
  }

  private static void visitText(ByteReader in, MetadataVisitor visitor) {
    int length = in.count("a text length", MAX_BYTES);
    visitor.text(in.array(), in.take(length), length);
  }
}
