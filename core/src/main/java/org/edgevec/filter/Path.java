package org.edgevec.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.edgevec.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Where a value is: keys that lead into nested objects, the first one at the top. It does not lead
 * into lists.
 *
 * @param names one or more, none of them empty
 */
public record Path(List<String> names) {

  /** What stands at a path where there is no such key. */
  public static final Object MISSING = new Object();

  public Path {
    names = List.copyOf(names);
  }

  /**
   * The path that names separated by dots say; one in double quotes, which are doubled inside, may
   * hold dots itself.
   *
   * @throws InvalidInputException if a name is empty, does not end, or is no valid Unicode
   */
  public static Path of(String text) {
    List<String> names = new ArrayList<>();
    int end = -1;
    while (end < text.length()) {
      int start = end + 1;
      if (text.startsWith("\"", start)) {
        StringBuilder name = new StringBuilder();
        end = Tokenizer.unquote(text, start, name);
        if (end < 0 || end < text.length() && text.charAt(end) != '.') {
          throw Refusals.refuse(
              "in the path " + Refusals.quoted(text) + " a name in quotes does not end");
        }
        names.add(name(name.toString()));
      } else {
        int dot = text.indexOf('.', start);
        end = dot < 0 ? text.length() : dot;
        names.add(name(text.substring(start, end)));
      }
    }
    return new Path(names);
  }

  static String name(String name) {
    if (name.isEmpty()) {
      throw Refusals.refuse("a name is empty; give the key of a value");
    }
    return Scalars.text(name);
  }

  /** What is there, or {@link #MISSING}. */
  public @Nullable Object in(Map<String, ?> values) {
    Object value = values;
    for (String name : names) {
      if (!(value instanceof Map<?, ?> map)) {
        return MISSING;
      }
      value = map.get(name);
      if (value == null && !map.containsKey(name)) {
        return MISSING;
      }
    }
    return value;
  }
}
