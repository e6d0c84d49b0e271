package org.edgevec.filter;

import java.util.List;
import java.util.Map;

/**
 * What a filter means: the evaluation of one entry's values, that all others have to agree with.
 */
public final class Matcher {

  private Matcher() {}

  /**
   * Whether values match.
   *
   * @param values null, {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code
   *     Instant}, and lists and maps of these
   */
  public static boolean matches(Node node, Map<String, ?> values) {
    if (node instanceof Node.Junction junction) {
      for (Node part : junction.parts()) {
        if (matches(part, values) != junction.isAnd()) {
          return !junction.isAnd();
        }
      }
      return junction.isAnd();
    }
    if (node instanceof Node.Not not) {
      return !matches(not.part(), values);
    }
    return matches((Node.Condition) node, values);
  }

  private static boolean matches(Node.Condition condition, Map<String, ?> values) {
    Object value = condition.path().in(values);
    ValuePredicate predicate = condition.predicate();
    return switch (condition.quantifier()) {
      case VALUE -> predicate.accepts(value);
      case ANY -> value instanceof List<?> list && acceptsAny(predicate, list);
      case ALL ->
          value instanceof List<?> list && !acceptsAny(new ValuePredicate.Not(predicate), list);
    };
  }

  static boolean acceptsAny(ValuePredicate predicate, List<?> list) {
    for (Object element : list) {
      if (predicate.accepts(element)) {
        return true;
      }
    }
    return false;
  }
}
