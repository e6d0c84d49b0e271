package org.edgevec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.bytes.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * What is stored beside a vector: named values. Immutable and thread-safe.
 *
 * <p>A value is a {@code String}, {@code Long}, {@code Double}, {@code Boolean} or a list of {@code
 * String}. Smaller whole numbers become {@code Long}, {@code Float} becomes {@code Double}. Keys
 * are 1 to 255 bytes of UTF-8; all of it together is at most 1 MiB when encoded, which is checked
 * when it is written. Keys are kept sorted (by UTF-16 unit), so equal metadata has equal bytes.
 */
public final class Metadata {

  private static final Metadata EMPTY = new Metadata(new TreeMap<>());

  private final Map<String, Object> values;

  private Metadata(TreeMap<String, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** No values. */
  public static Metadata empty() {
    return EMPTY;
  }

  /**
   * Values given as key, value, key, value.
   *
   * @throws InvalidInputException {@code INVALID_METADATA}, if a key is not a string or comes
   *     twice, a value is of another type, or a value is missing
   */
  public static Metadata of(String key, Object value, Object... more) {
    Arguments.required(more, "The array of more keys and values");
    if (more.length % 2 != 0) {
      throw refuse("the last key has no value; give keys and values in turn");
    }
    TreeMap<String, Object> values = new TreeMap<>();
    add(values, key, value);
    for (int i = 0; i < more.length; i += 2) {
      add(values, more[i], more[i + 1]);
    }
    return new Metadata(values);
  }

  /**
   * A copy of a map's values.
   *
   * @throws InvalidInputException as in {@link #of}
   */
  public static Metadata copyOf(Map<String, ?> map) {
    Arguments.required(map, "The map");
    try {
      TreeMap<String, Object> values = valuesOf(map);
      return values.isEmpty() ? EMPTY : new Metadata(values);
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable("the map", e);
    }
  }

  private static TreeMap<String, Object> valuesOf(Map<String, ?> map) {
    TreeMap<String, Object> values = new TreeMap<>();
    for (Map.Entry<String, ?> entry : map.entrySet()) {
      add(values, entry.getKey(), entry.getValue());
    }
    return values;
  }

  private static void add(
      TreeMap<String, Object> values, @Nullable Object key, @Nullable Object value) {
    if (!(key instanceof String name)) {
      throw refuse("a key is " + nameOf(key) + " and not a string");
    }
    if (name.isEmpty()) {
      throw refuse("a key is empty");
    }
    if (values.put(name, checked(name, value)) != null) {
      throw refuse("the key \"" + Utf8.shortened(name) + "\" comes twice");
    }
  }

  private static Object checked(String key, @Nullable Object value) {
    if (value instanceof String || value instanceof Long || value instanceof Double) {
      return value;
    }
    if (value instanceof Boolean) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof List<?> list) {
      return checkedList(key, list);
    }
    throw refuse(
        "the value of \""
            + Utf8.shortened(key)
            + "\" is "
            + nameOf(value)
            + "; use a string, a whole number, a double, a boolean or a list of strings");
  }

  private static String nameOf(@Nullable Object value) {
    return value == null ? "null" : "a " + value.getClass().getName();
  }

  private static List<String> checkedList(String key, List<?> list) {
    String name = "the list \"" + Utf8.shortened(key) + "\"";
    List<String> strings = new ArrayList<>();
    try {
      for (Object element : list) {
        if (!(element instanceof String string)) {
          throw refuse(name + " holds something that is not a string");
        }
        strings.add(string);
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(name, e);
    }
    return Collections.unmodifiableList(strings);
  }

  /** A collection of the caller's that changes meanwhile, or does not work. */
  private static InvalidInputException unreadable(String what, RuntimeException because) {
    InvalidInputException refusal =
        refuse(what + " could not be read (" + because.getClass().getName() + ")");
    refusal.initCause(because);
    return refusal;
  }

  private static InvalidInputException refuse(String what) {
    return new InvalidInputException(
        Code.INVALID_METADATA, "This metadata cannot be stored: " + what + ".");
  }

  /** All values, sorted by key. Unmodifiable. */
  public Map<String, Object> asMap() {
    return values;
  }

  /** Whether there are no values. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** The value of a key, or null if there is none. */
  public @Nullable Object get(String key) {
    return values.get(Arguments.required(key, "The key"));
  }

  /** The string of a key, or null if there is none or it is of another type. */
  public @Nullable String getString(String key) {
    return get(key) instanceof String string ? string : null;
  }

  /** The whole number of a key, or null if there is none or it is of another type. */
  public @Nullable Long getLong(String key) {
    return get(key) instanceof Long number ? number : null;
  }

  /** The floating-point number of a key, or null if there is none or it is of another type. */
  public @Nullable Double getDouble(String key) {
    return get(key) instanceof Double number ? number : null;
  }

  /** The truth value of a key, or null if there is none or it is of another type. */
  public @Nullable Boolean getBoolean(String key) {
    return get(key) instanceof Boolean truth ? truth : null;
  }

  /** The strings of a key, or null if there are none or it is of another type. Unmodifiable. */
  @SuppressWarnings("unchecked") // only checkedList puts lists here
  public @Nullable List<String> getStrings(String key) {
    return get(key) instanceof List<?> list ? (List<String>) list : null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Metadata metadata && values.equals(metadata.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
