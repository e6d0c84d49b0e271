package org.edgevec.table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metadata;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.Digits;
import org.edgevec.bytes.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values as metadata. Callers' maps and lists are read once, whatever they do meanwhile.
 * Not thread-safe; one is for one metadata.
 */
public final class MetadataEncoder {

  private final ByteWriter out = new ByteWriter(128);

  /** The key at the top that is being encoded, for messages. */
  private String topKey = "";

  private MetadataEncoder() {}

  /**
   * Encodes values by key.
   *
   * @throws InvalidInputException {@code INVALID_METADATA}, saying what cannot be stored and why
   */
  public static byte[] encode(TreeMap<String, @Nullable Object> values) {
    if (values.isEmpty()) {
      return MetadataCodec.NONE;
    }
    MetadataEncoder encoder = new MetadataEncoder();
    encoder.writeCount(values);
    for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
      encoder.topKey = entry.getKey();
      encoder.write(entry, 0);
    }
    return encoder.out.toByteArray();
  }

  /**
   * A map's values by key, sorted.
   *
   * @throws InvalidInputException if a key is no string, or the map cannot be read
   */
  public static TreeMap<String, @Nullable Object> sorted(Map<?, ?> map, String what) {
    TreeMap<String, @Nullable Object> values = new TreeMap<>();
    try {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        add(values, entry.getKey(), entry.getValue());
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(what, e);
    }
    return values;
  }

  /**
   * Adds a key and its value.
   *
   * @throws InvalidInputException if the key is no string, empty, or there already
   */
  public static void add(
      TreeMap<String, @Nullable Object> values, @Nullable Object key, @Nullable Object value) {
    if (!(key instanceof String name)) {
      throw refuse("a key is " + nameOf(key) + " and not a string");
    }
    if (name.isEmpty()) {
      throw refuse("a key is empty");
    }
    if (values.containsKey(name)) {
      throw refuse("the key \"" + Utf8.shortened(name) + "\" comes twice");
    }
    values.put(name, value);
  }

  private void writeCount(TreeMap<String, ?> values) {
    if (values.size() > MetadataCodec.MAX_KEYS) {
      throw refuse(
          "it has " + values.size() + " keys, at most " + MetadataCodec.MAX_KEYS + " are possible");
    }
    out.u16(values.size());
  }

  private void write(Map.Entry<String, @Nullable Object> entry, int depth) {
    writeKey(entry.getKey());
    write(entry.getValue(), depth);
  }

  private void writeKey(String key) {
    // None that is longer takes fewer bytes.
    boolean isLonger = key.length() > MetadataCodec.MAX_KEY_BYTES;
    byte[] bytes = isLonger ? MetadataCodec.NONE : utf8(key, key);
    if (isLonger || bytes.length > MetadataCodec.MAX_KEY_BYTES) {
      throw refuse(
          "the key \""
              + Utf8.shortened(key)
              + "\" takes "
              + Utf8.length(key)
              + " bytes, at most "
              + MetadataCodec.MAX_KEY_BYTES);
    }
    out.u8(bytes.length);
    out.bytes(bytes);
  }

  private void write(@Nullable Object value, int depth) {
    if (value == null) {
      out.u8(MetadataCodec.NULL);
    } else if (value instanceof String string) {
      out.u8(MetadataCodec.STRING);
      writeText(string);
    } else if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      out.u8(MetadataCodec.LONG);
      out.u64(((Number) value).longValue());
    } else if (value instanceof Double number) {
      writeDouble(number);
    } else if (value instanceof Float number) {
      writeDouble(Digits.ofFloat(number));
    } else if (value instanceof Boolean truth) {
      out.u8(MetadataCodec.BOOLEAN);
      out.u8(truth ? 1 : 0);
    } else if (value instanceof Instant time) {
      writeTime(time);
    } else if (value instanceof List<?> list) {
      writeList(copyOf(list), deeper(depth));
    } else if (value instanceof Map<?, ?> map) {
      writeObject(sorted(map, "the object in \"" + shownKey() + "\""), deeper(depth));
    } else if (value instanceof Metadata metadata) {
      writeObject(sorted(metadata.asMap(), "the metadata"), deeper(depth));
    } else {
      throw refuse(
          "the value of \""
              + shownKey()
              + "\" is or holds "
              + nameOf(value)
              + "; use a string, a whole number, a double, a boolean, null, an Instant, or a list"
              + " or map of these");
    }
    checkSize(out.size());
  }

  private int deeper(int depth) {
    if (depth == MetadataCodec.MAX_DEPTH) {
      throw refuse(
          "the value of \""
              + shownKey()
              + "\" nests deeper than "
              + MetadataCodec.MAX_DEPTH
              + " levels, or holds itself");
    }
    return depth + 1;
  }

  private void writeDouble(double number) {
    out.u8(MetadataCodec.DOUBLE);
    out.u64(Double.doubleToLongBits(number));
  }

  private void writeTime(Instant time) {
    if (!MetadataCodec.isTime(time.getEpochSecond(), time.getNano())) {
      throw refuse(
          "the time of \"" + shownKey() + "\" is more than 100,000,000 days away from 1970");
    }
    out.u8(MetadataCodec.TIME);
    out.u64(time.getEpochSecond());
    out.u32(time.getNano());
  }

  /** A list's values; no more than could be stored. */
  private List<@Nullable Object> copyOf(List<?> list) {
    List<@Nullable Object> values = new ArrayList<>();
    try {
      for (Object value : list) {
        values.add(value);
        checkSize(out.size() + (long) values.size());
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable("the list \"" + shownKey() + "\"", e);
    }
    return values;
  }

  private void writeList(List<@Nullable Object> values, int depth) {
    boolean isOfStrings = true;
    for (Object value : values) {
      isOfStrings &= value instanceof String;
    }
    out.u8(isOfStrings ? MetadataCodec.STRINGS : MetadataCodec.LIST);
    out.u32(values.size());
    for (Object value : values) {
      if (isOfStrings) {
        writeText((String) value);
        checkSize(out.size());
      } else {
        write(value, depth);
      }
    }
  }

  private void writeObject(TreeMap<String, @Nullable Object> values, int depth) {
    out.u8(MetadataCodec.OBJECT);
    writeCount(values);
    for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
      write(entry, depth);
    }
  }

  private void writeText(String string) {
    if (string.length() > MetadataCodec.MAX_BYTES) {
      throw refuse(
          "the text of \""
              + shownKey()
              + "\" is longer than "
              + MetadataCodec.MAX_BYTES
              + " bytes");
    }
    byte[] bytes = utf8(topKey, string);
    out.u32(bytes.length);
    out.bytes(bytes);
  }

  private static byte[] utf8(String key, String text) {
    byte @Nullable [] bytes = Utf8.encode(text);
    if (bytes == null) {
      throw refuse(
          "\"" + Utf8.shortened(key) + "\" holds half of a surrogate pair, which is not text");
    }
    return bytes;
  }

  private String shownKey() {
    return Utf8.shortened(topKey);
  }

  private static void checkSize(long bytes) {
    if (bytes > MetadataCodec.MAX_BYTES) {
      throw refuse(
          "it takes more than " + MetadataCodec.MAX_BYTES + " bytes; keep large texts elsewhere");
    }
  }

  private static String nameOf(@Nullable Object value) {
    return value == null ? "null" : "a " + value.getClass().getName();
  }

  /** A collection of the caller's that changes meanwhile, or does not work. */
  private static InvalidInputException unreadable(String what, RuntimeException because) {
    InvalidInputException refusal =
        refuse(what + " could not be read (" + because.getClass().getName() + ")");
    refusal.initCause(because);
    return refusal;
  }

  /** The error for metadata that cannot be stored. */
  public static InvalidInputException refuse(String what) {
    return new InvalidInputException(
        Code.INVALID_METADATA, "This metadata cannot be stored: " + what + ".");
  }
}
