package org.edgevec.filter;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a condition asks of one value: that of a key, or an element of a list. It is false for every
 * value that it cannot be asked of; values that are not single ones only know {@link Contains} and
 * {@link Presence}.
 */
public sealed interface ValuePredicate {

  /**
   * Whether it is true.
   *
   * @param value null, {@link Path#MISSING}, or as metadata has it
   */
  boolean accepts(@Nullable Object value);

  /**
   * Equal to one of some values; {@code =} has one.
   *
   * @param values as {@link Scalars#listOf} makes them
   * @param canonical made of them, to look up
   */
  record In(List<Object> values, Set<@Nullable Object> canonical) implements ValuePredicate {

    /** Equal to a value. */
    public static In one(@Nullable Object value) {
      return of(List.of(Scalars.of(value)));
    }

    /** Equal to one of a collection's values. */
    public static In all(Collection<?> values) {
      return of(Scalars.listOf(values));
    }

    private static In of(List<Object> values) {
      Set<@Nullable Object> canonical = new HashSet<>();
      for (Object value : values) {
        canonical.add(Scalars.canonical(value));
      }
      return new In(values, canonical);
    }

    @Override
    public boolean accepts(@Nullable Object value) {
      // A list or an object has a hash code that takes long.
      return !(value instanceof Collection<?>)
          && !(value instanceof Map<?, ?>)
          && canonical.contains(Scalars.canonical(value));
    }
  }

  /**
   * Between bounds.
   *
   * @param low the lower bound, or null
   * @param hasLow whether the lower bound itself is accepted
   * @param high the upper bound, or null
   * @param hasHigh whether the upper bound itself is accepted
   */
  record Range(@Nullable Object low, boolean hasLow, @Nullable Object high, boolean hasHigh)
      implements ValuePredicate {

    public Range {
      if (low instanceof Boolean || high instanceof Boolean) {
        throw Refusals.refuse("TRUE and FALSE have no order; compare them with = and !=");
      }
    }

    /** Above a value, or it itself. */
    public static Range above(@Nullable Object value, boolean orEqual) {
      return new Range(Scalars.of(value), orEqual, null, false);
    }

    /** Below a value, or it itself. */
    public static Range below(@Nullable Object value, boolean orEqual) {
      return new Range(null, false, Scalars.of(value), orEqual);
    }

    /** Between two values, or one of them. */
    public static Range between(@Nullable Object low, @Nullable Object high) {
      return new Range(Scalars.of(low), true, Scalars.of(high), true);
    }

    boolean isBetween() {
      return low != null && high != null;
    }

    @Override
    public boolean accepts(@Nullable Object value) {
      return (low == null || isAbove(Scalars.compare(value, low)))
          && (high == null || isBelow(Scalars.compare(value, high)));
    }

    private boolean isAbove(int order) {
      return order > 0 && order != Scalars.UNORDERED || order == 0 && hasLow;
    }

    private boolean isBelow(int order) {
      return order < 0 || order == 0 && hasHigh;
    }
  }

  /** A text of which the whole, the beginning or the end is as an operand says. */
  record Matches(Kind kind, String operand) implements ValuePredicate {

    /** Where the operand has to be. */
    public enum Kind {
      LIKE,
      STARTS_WITH,
      ENDS_WITH
    }

    public Matches {
      Scalars.text(operand);
    }

    /** A pattern with a backslash to escape. */
    public static Matches like(String pattern) {
      return like(pattern, "\\");
    }

    static Matches like(String pattern, String escape) {
      return new Matches(Kind.LIKE, Like.pattern(pattern, escape));
    }

    @Override
    public boolean accepts(@Nullable Object value) {
      return value instanceof String text
          && switch (kind) {
            case LIKE -> Like.matches(operand, text);
            case STARTS_WITH -> text.startsWith(operand);
            case ENDS_WITH -> text.endsWith(operand);
          };
    }
  }

  /**
   * A text with another in it, or a list with an element that is equal to the operand.
   *
   * @param operand what is in it, for texts
   * @param element what is in it, for lists
   */
  record Contains(Object operand, In element) implements ValuePredicate {

    /** With a value in it. */
    public static Contains of(@Nullable Object value) {
      Object operand = Scalars.of(value);
      return new Contains(operand, In.one(operand));
    }

    @Override
    public boolean accepts(@Nullable Object value) {
      return value instanceof List<?> list
          ? Matcher.acceptsAny(element, list)
          : value instanceof String text && operand instanceof String part && text.contains(part);
    }
  }

  /** Whether there is a value. */
  enum Presence implements ValuePredicate {
    /** Null, or no such key. */
    IS_NULL,
    /** There is the key, also with null. */
    EXISTS;

    @Override
    public boolean accepts(@Nullable Object value) {
      return this == EXISTS ? value != Path.MISSING : value == null || value == Path.MISSING;
    }
  }

  /** The complement; of lists' elements alone, for else the whole condition is negated. */
  record Not(ValuePredicate part) implements ValuePredicate {
    @Override
    public boolean accepts(@Nullable Object value) {
      return !part.accepts(value);
    }
  }
}
