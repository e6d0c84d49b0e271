package org.edgevec;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.bytes.MalformedException;
import org.edgevec.table.MetadataCodec;
import org.edgevec.table.MetadataDecoder;
import org.edgevec.table.MetadataEncoder;
import org.jspecify.annotations.Nullable;

/**
 * What is stored beside a vector: named values. Immutable and thread-safe.
 *
 * <p>A value is null, a {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@link
 * Instant}, a {@code List} of values, or a {@code Map} of keys and values. {@code Integer}, {@code
 * Short} and {@code Byte} become {@code Long}; a {@code Float} becomes the {@code Double} of the
 * same digits, so that 0.1f is 0.1; metadata becomes a map. Keys are 1 to 255 bytes of UTF-8, lists
 * and maps may be 32 deep in each other, a time is at most 100,000,000 days away from 1970, and all
 * of it together is at most 1 MiB when encoded. Keys are kept sorted (by UTF-16 unit), in maps,
 * too, so equal metadata has equal bytes.
 *
 * <p>It is encoded when it is made, and decoded when a value is first asked for.
 */
public final class Metadata {

  private static final Metadata EMPTY = new Metadata(new byte[0]);

  private final byte[] encoded;

  /** Decoded; made when it is first needed, by each of several threads that need it then. */
  private @Nullable Map<String, @Nullable Object> values;

  private Metadata(byte[] encoded) {
    this.encoded = encoded;
  }

  private static Metadata of(TreeMap<String, @Nullable Object> values) {
    return values.isEmpty() ? EMPTY : new Metadata(MetadataEncoder.encode(values));
  }

  /** No values. */
  public static Metadata empty() {
    return EMPTY;
  }

  /**
   * Values given as key, value, key, value.
   *
   * @throws InvalidInputException {@code INVALID_METADATA}, if a key is not a string or comes
   *     twice, a value is of another type, a value is missing, or it is too large or too deep
   */
  public static Metadata of(String key, @Nullable Object value, @Nullable Object... more) {
    Arguments.required(more, "The array of more keys and values");
    if (more.length % 2 != 0) {
      throw MetadataEncoder.refuse("the last key has no value; give keys and values in turn");
    }
    TreeMap<String, @Nullable Object> values = new TreeMap<>();
    MetadataEncoder.add(values, key, value);
    for (int i = 0; i < more.length; i += 2) {
      MetadataEncoder.add(values, more[i], more[i + 1]);
    }
    return of(values);
  }

  /**
   * A copy of a map's values.
   *
   * @throws InvalidInputException as in {@link #of(String, Object, Object...)}
   */
  public static Metadata copyOf(Map<String, ?> map) {
    return of(MetadataEncoder.sorted(Arguments.required(map, "The map"), "the map"));
  }

  /**
   * What {@link #toBytes} gave.
   *
   * @throws InvalidInputException {@code INVALID_METADATA}, if the bytes are anything else
   */
  public static Metadata fromBytes(byte[] bytes) {
    byte[] copy = Arguments.required(bytes, "The bytes").clone();
    if (copy.length > MetadataCodec.MAX_BYTES) {
      throw MetadataEncoder.refuse("it takes more than " + MetadataCodec.MAX_BYTES + " bytes");
    }
    try {
      MetadataCodec.check(copy);
    } catch (MalformedException e) {
      throw MetadataEncoder.refuse("its bytes are none of metadata (" + e.what() + ")");
    }
    return copy.length == 0 ? EMPTY : new Metadata(copy);
  }

  /** It as bytes, as {@code docs/format.md} lays them out: for who keeps or sends them. */
  public byte[] toBytes() {
    return encoded.clone();
  }

  /**
   * All values, sorted by key. Unmodifiable, as all lists and maps in it are; values may be null.
   */
  public Map<String, @Nullable Object> asMap() {
    Map<String, @Nullable Object> decoded = values;
    if (decoded == null) {
      decoded = MetadataDecoder.decode(encoded);
      values = decoded;
    }
    return decoded;
  }

  /** Whether there are no values. */
  public boolean isEmpty() {
    return encoded.length == 0;
  }

  /** Whether there is a value of a key, be it null. */
  public boolean containsKey(String key) {
    return asMap().containsKey(Arguments.required(key, "The key"));
  }

  /** The value of a key, or null if there is none or it is null. */
  public @Nullable Object get(String key) {
    return asMap().get(Arguments.required(key, "The key"));
  }

  /** The string of a key, or null if there is none or it is of another type. */
  public @Nullable String getString(String key) {
    return get(key) instanceof String string ? string : null;
  }

  /** The whole number of a key, or null if there is none or it is of another type. */
  public @Nullable Long getLong(String key) {
    return get(key) instanceof Long number ? number : null;
  }

  /**
   * The number of a key, or null if there is none or it is of another type. Of a whole number it is
   * the nearest double, which is the same up to 2^53.
   */
  public @Nullable Double getDouble(String key) {
    return get(key) instanceof Number number ? number.doubleValue() : null;
  }

  /** The truth value of a key, or null if there is none or it is of another type. */
  public @Nullable Boolean getBoolean(String key) {
    return get(key) instanceof Boolean truth ? truth : null;
  }

  /** The point in time of a key, or null if there is none or it is of another type. */
  public @Nullable Instant getInstant(String key) {
    return get(key) instanceof Instant time ? time : null;
  }

  /**
   * The strings of a key, or null if there are none, it is of another type, or a list that has
   * something else in it. Unmodifiable.
   */
  @SuppressWarnings("unchecked") // each was looked at
  public @Nullable List<String> getStrings(String key) {
    if (!(get(key) instanceof List<?> list)) {
      return null;
    }
    for (Object value : list) {
      if (!(value instanceof String)) {
        return null;
      }
    }
    return (List<String>) list;
  }

  /** The list of a key, or null if there is none or it is of another type. Unmodifiable. */
  @SuppressWarnings("unchecked") // any element is an object
  public @Nullable List<@Nullable Object> getList(String key) {
    return get(key) instanceof List<?> list ? (List<@Nullable Object>) list : null;
  }

  /** The map of a key, or null if there is none or it is of another type. Unmodifiable. */
  @SuppressWarnings("unchecked") // all keys are strings
  public @Nullable Map<String, @Nullable Object> getMap(String key) {
    return get(key) instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
  }

  /** Compares all values; a whole number is never equal to a double. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Metadata metadata && Arrays.equals(encoded, metadata.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
