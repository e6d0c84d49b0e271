package org.edgevec.filter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.edgevec.InvalidInputException;
import org.edgevec.filter.Node.Quantifier;
import org.edgevec.filter.Tokenizer.Kind;
import org.edgevec.filter.ValuePredicate.Contains;
import org.edgevec.filter.ValuePredicate.In;
import org.edgevec.filter.ValuePredicate.Matches;
import org.edgevec.filter.ValuePredicate.Presence;
import org.edgevec.filter.ValuePredicate.Range;
import org.jspecify.annotations.Nullable;

/**
 * Reads a filter's text, by one method for each rule:
 *
 * <pre>
 * any        all { OR all }
 * all        part { AND part }
 * part       { NOT } ( "(" any ")" | condition )
 * condition  EXISTS path | [ ANY | ALL | NONE ] path predicate
 * path       name { "." name }
 * predicate  = value | != value | &lt;&gt; value | &lt; value | &lt;= value | &gt; value | &gt;= value
 *            | IS [ NOT ] NULL
 *            | [ NOT ] ( IN "(" [ value { "," value } ] ")" | IN parameter
 *                      | BETWEEN value AND value | LIKE text [ ESCAPE text ]
 *                      | STARTS_WITH text | ENDS_WITH text | CONTAINS value )
 * value      text | number | TRUE | FALSE | DATE text | parameter
 * </pre>
 */
public final class Parser {

  /** The most characters (UTF-16 units) of a text. */
  public static final int MAX_LENGTH = 1 << 16;

  private static final String PARTS = "a condition: a name, NOT, EXISTS, ANY, ALL, NONE or (";

  private static final String NAME = "a name; a key that is a keyword stands in double quotes";

  private static final String OPERATORS =
      "=, !=, <, <=, >, >=, IN, BETWEEN, LIKE, STARTS_WITH, ENDS_WITH, CONTAINS, IS or NOT";

  private static final String VALUES =
      "a value: a text in single quotes, a number, TRUE, FALSE, DATE or a parameter";

  private final Tokenizer tokens;
  private final @Nullable Object[] positional;
  private final @Nullable Map<String, ?> named;
  private int used;
  private int depth;

  /** Where the token begins that was taken last. */
  private int lastStart;

  private Parser(String text, @Nullable Object[] positional, @Nullable Map<String, ?> named) {
    if (text.length() > MAX_LENGTH) {
      throw Refusals.refuse(
          "it has " + text.length() + " characters; at most " + MAX_LENGTH + " are possible");
    }
    tokens = new Tokenizer(text);
    this.positional = positional;
    this.named = named;
  }

  /**
   * The tree of a text.
   *
   * @param positional what stands for the question marks
   * @param named what stands for names with a colon; null if question marks are to be there
   * @throws InvalidInputException {@code INVALID_FILTER}, with line and column
   */
  public static Node parse(
      String text, @Nullable Object[] positional, @Nullable Map<String, ?> named) {
    return new Parser(text, positional, named).parse();
  }

  private Node parse() {
    try {
      Node node = any();
      if (tokens.kind() != Kind.END) {
        throw tokens.error("AND, OR or the end");
      }
      expectAllUsed();
      return node;
    } catch (InvalidInputException e) {
      throw tokens.hasFailed() ? e : Refusals.at(tokens.place(lastStart), e);
    }
  }

  private void expectAllUsed() {
    if (named == null && used < positional.length) {
      throw Refusals.refuse(
          positional.length + " values were given, for " + used + " question marks");
    }
  }

  private Node any() {
    List<Node> parts = new ArrayList<>();
    do {
      parts.add(all());
    } while (take("OR"));
    return Node.junction(false, parts);
  }

  private Node all() {
    List<Node> parts = new ArrayList<>();
    do {
      parts.add(part());
    } while (take("AND"));
    return Node.junction(true, parts);
  }

  private Node part() {
    boolean isNegated = false;
    while (take("NOT")) {
      isNegated = !isNegated;
    }
    return negatedIf(isNegated, tokens.is("(") ? group() : condition());
  }

  private static Node negatedIf(boolean isNegated, Node node) {
    return isNegated ? Node.not(node) : node;
  }

  private Node group() {
    if (depth == Node.MAX_DEPTH) {
      throw tokens.error("at most " + Node.MAX_DEPTH + " parentheses in each other");
    }
    take();
    depth++;
    Node node = any();
    expect(")", "AND, OR or )");
    depth--;
    return node;
  }

  private Node condition() {
    if (take("EXISTS")) {
      return Node.condition(path(NAME), Presence.EXISTS);
    }
    boolean isNone = take("NONE");
    Quantifier quantifier =
        isNone || take("ANY") ? Quantifier.ANY : take("ALL") ? Quantifier.ALL : Quantifier.VALUE;
    Node node = comparison(path(quantifier == Quantifier.VALUE ? PARTS : NAME));
    return quantifier == Quantifier.VALUE
        ? node
        : negatedIf(isNone, Node.quantified(quantifier, node));
  }

  private Path path(String expected) {
    List<String> names = new ArrayList<>();
    if (tokens.kind() == Kind.WORD && isReserved(tokens.text())) {
      throw tokens.error(expected);
    }
    names.add(name(expected));
    while (take(".")) {
      names.add(name("a name"));
    }
    return new Path(names);
  }

  private String name(String expected) {
    if (tokens.kind() != Kind.WORD && tokens.kind() != Kind.NAME) {
      throw tokens.error(expected);
    }
    return Path.name(take());
  }

  /** Whether a path that begins with this name needs quotes. */
  static boolean isReserved(String name) {
    return " AND OR NOT EXISTS ANY ALL NONE ".contains(" " + Tokenizer.upper(name) + " ");
  }

  private Node comparison(Path path) {
    boolean isNegated;
    ValuePredicate predicate;
    if (take("IS")) {
      isNegated = take("NOT");
      expect("NULL", isNegated ? "NULL" : "NULL or NOT NULL");
      predicate = Presence.IS_NULL;
    } else if (take("NOT")) {
      isNegated = true;
      predicate = named("IN, BETWEEN, LIKE, STARTS_WITH, ENDS_WITH or CONTAINS");
    } else {
      isNegated = tokens.is("!=") || tokens.is("<>");
      predicate = isNegated || tokens.is("=") ? equal() : ordered();
    }
    return negatedIf(isNegated, Node.condition(path, predicate));
  }

  private ValuePredicate equal() {
    take();
    return take("NULL") ? Presence.IS_NULL : In.one(value());
  }

  private ValuePredicate ordered() {
    if (take("<")) {
      return Range.below(value(), false);
    }
    if (take("<=")) {
      return Range.below(value(), true);
    }
    if (take(">")) {
      return Range.above(value(), false);
    }
    return take(">=") ? Range.above(value(), true) : named(OPERATORS);
  }

  private ValuePredicate named(String expected) {
    if (take("IN")) {
      return take("(") ? In.all(values()) : In.all(list());
    }
    if (take("BETWEEN")) {
      Object low = value();
      expect("AND", "AND");
      return Range.between(low, value());
    }
    if (take("LIKE")) {
      String pattern = text();
      return Matches.like(pattern, take("ESCAPE") ? text() : "\\");
    }
    if (take("STARTS_WITH")) {
      return new Matches(Matches.Kind.STARTS_WITH, text());
    }
    if (take("ENDS_WITH")) {
      return new Matches(Matches.Kind.ENDS_WITH, text());
    }
    expect("CONTAINS", expected);
    return Contains.of(value());
  }

  private List<Object> values() {
    List<Object> values = new ArrayList<>();
    if (!take(")")) {
      do {
        Scalars.add(values, value());
      } while (take(","));
      expect(")", "a comma or )");
    }
    return values;
  }

  private Collection<?> list() {
    if (tokens.kind() == Kind.PARAMETER && parameter() instanceof Collection<?> list) {
      takeParameter();
      return list;
    }
    throw tokens.error("( or a parameter that is a list");
  }

  private Object value() {
    if (tokens.kind() == Kind.TEXT) {
      return take();
    }
    if (tokens.kind() == Kind.NUMBER) {
      return number();
    }
    if (tokens.kind() == Kind.PARAMETER) {
      Object given = parameter();
      takeParameter();
      return Scalars.of(given);
    }
    if (take("DATE")) {
      return time();
    }
    boolean isTrue = take("TRUE");
    if (!isTrue && !take("FALSE")) {
      throw tokens.error(VALUES);
    }
    return isTrue;
  }

  private Object number() {
    String digits = tokens.text();
    boolean isWhole = digits.indexOf('.') < 0 && Tokenizer.upper(digits).indexOf('E') < 0;
    double number = Double.parseDouble(digits);
    if (!isWhole && Double.isInfinite(number)) {
      throw tokens.error("a number that is at most 1.7976931348623157E308");
    }
    try {
      Object value = isWhole ? (Object) Long.parseLong(digits) : (Object) number;
      take();
      return value;
    } catch (NumberFormatException e) {
      throw tokens.error("a whole number of 64 bits; one with .0 at its end is a double");
    }
  }

  private Instant time() {
    Instant time = tokens.kind() == Kind.TEXT ? Times.parse(tokens.text()) : null;
    if (time == null) {
      throw tokens.error("a time such as '2024-05-01' or '2024-05-01T12:30:00Z'");
    }
    take();
    return time;
  }

  private String text() {
    if (tokens.kind() == Kind.TEXT) {
      return take();
    }
    if (tokens.kind() == Kind.PARAMETER && parameter() instanceof String text) {
      takeParameter();
      return text;
    }
    throw tokens.error("a text in single quotes, or a parameter that is one");
  }

  /** What is given for the parameter that is the token, which is not taken yet. */
  private @Nullable Object parameter() {
    String name = tokens.text();
    if (named == null) {
      if (!name.isEmpty() || used == positional.length) {
        throw tokens.error(
            name.isEmpty()
                ? "no more than " + used + " question marks, for so many values were given"
                : "?, since the values were given by position");
      }
      return positional[used];
    }
    try {
      if (named.containsKey(name)) {
        return named.get(name);
      }
    } catch (RuntimeException e) {
      throw Refusals.unreadable("the map of parameters", e);
    }
    throw tokens.error(
        name.isEmpty()
            ? "a name with a colon, since the values were given by name"
            : "the name of a value that was given");
  }

  private void takeParameter() {
    used++;
    take();
  }

  private boolean take(String expected) {
    boolean isThere = tokens.is(expected);
    if (isThere) {
      take();
    }
    return isThere;
  }

  private void expect(String token, String expected) {
    if (!take(token)) {
      throw tokens.error(expected);
    }
  }

  /** Goes on behind the token, which may be taken. */
  private String take() {
    String text = tokens.text();
    lastStart = tokens.start();
    tokens.next();
    return text;
  }
}
