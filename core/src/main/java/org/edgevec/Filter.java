package org.edgevec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.filter.FilterWriter;
import org.edgevec.filter.Matcher;
import org.edgevec.filter.Node;
import org.edgevec.filter.Node.Quantifier;
import org.edgevec.filter.Parser;
import org.edgevec.filter.Path;
import org.edgevec.filter.ValuePredicate;
import org.edgevec.filter.ValuePredicate.Contains;
import org.edgevec.filter.ValuePredicate.In;
import org.edgevec.filter.ValuePredicate.Matches;
import org.edgevec.filter.ValuePredicate.Presence;
import org.edgevec.filter.ValuePredicate.Range;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are meant, by their metadata: {@code Filter.eq("lang", "de").and(Filter.gte("year",
 * 2020))}, or the same as text, {@code Filter.parse("lang = 'de' AND year >= 2020")}. Immutable and
 * thread-safe. {@code docs/filters.md} describes the language.
 *
 * <p>A <em>path</em> is the key of a value, or several with dots between them that lead into nested
 * objects. A key that holds a dot stands in double quotes, as {@link #quoted} puts it there.
 *
 * <p>A <em>value</em> is a {@code String}, {@code Long}, {@code Double}, {@code Boolean} or {@link
 * java.time.Instant}. {@code Integer}, {@code Short} and {@code Byte} become {@code Long}; a {@code
 * Float} becomes the {@code Double} of the same digits. Numbers are finite, strings valid Unicode.
 *
 * <p>A filter matches or it does not; there is no third answer. A condition on a key that is not
 * there, or whose value is of a type that does not compare, is false; {@link #ne} and {@link #not}
 * are true exactly where what they negate is false. Numbers compare exactly by value, strings by
 * code point, times by instant; booleans are equal or not. A list is equal to nothing: {@link #any}
 * and its like ask of its elements.
 *
 * <p>Every method throws {@link InvalidInputException}: {@code INVALID_ARGUMENT} where null is
 * given, and {@code INVALID_FILTER} for a path or value that is not as said here, for more than
 * 10,000 values in a list or conditions in a filter, and for one whose text takes more than 100
 * parentheses in each other.
 */
public final class Filter {

  /** The most characters (UTF-16 units) of a text: 65,536. */
  public static final int MAX_TEXT_LENGTH = Parser.MAX_LENGTH;

  private final Node node;

  private Filter(Node node) {
    this.node = node;
  }

  /**
   * The filter that a text says.
   *
   * @param text at most {@link #MAX_TEXT_LENGTH} characters
   * @param parameters a value for each {@code ?} in it, in order; a list where {@code IN ?} is
   * @throws InvalidInputException {@code INVALID_FILTER}, if the text is no filter; the message has
   *     line and column, both from 1 and in UTF-16 units, what was found and what was expected
   */
  public static Filter parse(String text, Object... parameters) {
    return new Filter(
        Parser.parse(
            Arguments.required(text, "The text of the filter"),
            Arguments.required(parameters, "The array of parameters").clone(),
            null));
  }

  /**
   * The filter that a text says.
   *
   * @param text at most {@link #MAX_TEXT_LENGTH} characters
   * @param parameters a value for each {@code :name} in it, a list where {@code IN :name} is;
   *     others are not looked at
   * @throws InvalidInputException as in {@link #parse(String, Object...)}
   */
  public static Filter parse(String text, Map<String, ?> parameters) {
    return new Filter(
        Parser.parse(
            Arguments.required(text, "The text of the filter"),
            new Object[0],
            Arguments.required(parameters, "The map of parameters")));
  }

  /** {@code "name"}, to stand in a path: a single key, whatever characters it has. */
  public static String quoted(String name) {
    return FilterWriter.quoted(Arguments.required(name, "The name"));
  }

  private static Filter of(String path, ValuePredicate predicate) {
    return new Filter(Node.condition(Path.of(Arguments.required(path, "The path")), predicate));
  }

  private static Object value(@Nullable Object value) {
    if (value == null) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT, "The value is null; isNull looks for that.");
    }
    return value;
  }

  /** {@code path = value}. */
  public static Filter eq(String path, Object value) {
    return of(path, In.one(value(value)));
  }

  /** {@code path != value}: also where there is no such key. */
  public static Filter ne(String path, Object value) {
    return not(eq(path, value));
  }

  /** {@code path < value}. */
  public static Filter lt(String path, Object value) {
    return of(path, Range.below(value(value), false));
  }

  /** {@code path <= value}. */
  public static Filter lte(String path, Object value) {
    return of(path, Range.below(value(value), true));
  }

  /** {@code path > value}. */
  public static Filter gt(String path, Object value) {
    return of(path, Range.above(value(value), false));
  }

  /** {@code path >= value}. */
  public static Filter gte(String path, Object value) {
    return of(path, Range.above(value(value), true));
  }

  /** {@code path BETWEEN low AND high}, both included. */
  public static Filter between(String path, Object low, Object high) {
    return of(path, Range.between(value(low), value(high)));
  }

  /** {@code path IN (values)}. An empty collection matches nothing. */
  public static Filter in(String path, Collection<?> values) {
    return of(path, In.all(Arguments.required(values, "The collection of values")));
  }

  /** {@code path NOT IN (values)}: also where there is no such key. */
  public static Filter notIn(String path, Collection<?> values) {
    return not(in(path, values));
  }

  /** {@code path IS NULL}: the value is null, or there is no such key. */
  public static Filter isNull(String path) {
    return of(path, Presence.IS_NULL);
  }

  /** {@code path IS NOT NULL}: there is a value. */
  public static Filter isNotNull(String path) {
    return not(isNull(path));
  }

  /** {@code EXISTS path}: there is the key, also with null. */
  public static Filter exists(String path) {
    return of(path, Presence.EXISTS);
  }

  /**
   * {@code path LIKE 'pattern'}: the whole text matches, upper and lower case being different.
   *
   * @param pattern {@code %} is any number of characters, {@code _} is one code point, and a
   *     backslash makes the next {@code %}, {@code _} or backslash stand for itself
   */
  public static Filter like(String path, String pattern) {
    return of(path, Matches.like(Arguments.required(pattern, "The pattern")));
  }

  /** {@code path STARTS_WITH 'prefix'}. */
  public static Filter startsWith(String path, String prefix) {
    return of(
        path, new Matches(Matches.Kind.STARTS_WITH, Arguments.required(prefix, "The prefix")));
  }

  /** {@code path ENDS_WITH 'suffix'}. */
  public static Filter endsWith(String path, String suffix) {
    return of(path, new Matches(Matches.Kind.ENDS_WITH, Arguments.required(suffix, "The suffix")));
  }

  /** {@code path CONTAINS value}: a text with that text in it, or a list with an equal element. */
  public static Filter contains(String path, Object value) {
    return of(path, Contains.of(value(value)));
  }

  /**
   * {@code ANY path …}: the value is a list, and of one of its elements the condition is true:
   * {@code Filter.any(Filter.startsWith("tags", "a"))}.
   *
   * @param condition one on a path, negated or not, but none with {@link #exists}, and no negated
   *     one with {@code <}, {@code <=}, {@code >} or {@code >=}
   */
  public static Filter any(Filter condition) {
    return quantified(Quantifier.ANY, condition);
  }

  /**
   * {@code ALL path …}: the value is a list, and the condition is true of all elements, if any.
   *
   * @param condition as in {@link #any}
   */
  public static Filter all(Filter condition) {
    return quantified(Quantifier.ALL, condition);
  }

  /**
   * {@code NONE path …}: the complement of {@link #any}, so also where there is no list.
   *
   * @param condition as in {@link #any}
   */
  public static Filter none(Filter condition) {
    return not(any(condition));
  }

  private static Filter quantified(Quantifier quantifier, Filter condition) {
    return new Filter(
        Node.quantified(quantifier, Arguments.required(condition, "The condition").node));
  }

  /** {@code NOT (filter)}. */
  public static Filter not(Filter filter) {
    return new Filter(Node.not(Arguments.required(filter, "The filter").node));
  }

  /** {@code this AND other}. */
  public Filter and(Filter other) {
    return and(List.of(this, Arguments.required(other, "The other filter")));
  }

  /** {@code this OR other}. */
  public Filter or(Filter other) {
    return or(List.of(this, Arguments.required(other, "The other filter")));
  }

  /** All of one or more filters. */
  public static Filter and(Collection<Filter> filters) {
    return junction(true, filters);
  }

  /** Any of one or more filters. */
  public static Filter or(Collection<Filter> filters) {
    return junction(false, filters);
  }

  private static Filter junction(boolean isAnd, Collection<Filter> filters) {
    Arguments.required(filters, "The collection of filters");
    List<Node> nodes = new ArrayList<>();
    try {
      for (Filter filter : filters) {
        nodes.add(Arguments.required(filter, "One of the filters").node);
        if (nodes.size() > Node.MAX_CONDITIONS) {
          break; // which is refused below
        }
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      InvalidInputException refusal =
          new InvalidInputException(
              Code.INVALID_FILTER, "The filters cannot be read: " + e.getClass().getName() + ".");
      refusal.initCause(e);
      throw refusal;
    }
    return new Filter(Node.junction(isAnd, nodes));
  }

  /** Whether an entry with this metadata is meant. */
  public boolean matches(Metadata metadata) {
    return Matcher.matches(node, Arguments.required(metadata, "The metadata").asMap());
  }

  Node node() {
    return node;
  }

  /** Compares what is asked, in order; not what it means. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Filter filter && node.equals(filter.node);
  }

  @Override
  public int hashCode() {
    return node.hashCode();
  }

  /** A text that {@link #parse(String, Object...)} reads as an equal filter, if not too long. */
  @Override
  public String toString() {
    return FilterWriter.write(node);
  }
}
