package org.edgevec.filter;

import java.time.Instant;
import java.util.List;
import org.edgevec.filter.Node.Quantifier;
import org.edgevec.filter.ValuePredicate.Contains;
import org.edgevec.filter.ValuePredicate.In;
import org.edgevec.filter.ValuePredicate.Matches;
import org.edgevec.filter.ValuePredicate.Presence;
import org.edgevec.filter.ValuePredicate.Range;

/** Writes a tree as the text that {@link Parser} reads as the same tree. */
public final class FilterWriter {

  private final StringBuilder out = new StringBuilder();

  private FilterWriter() {}

  /** A tree's text, with no more parentheses than it needs. */
  public static String write(Node node) {
    FilterWriter writer = new FilterWriter();
    writer.node(node, false);
    return writer.out.toString();
  }

  /** A name in double quotes. */
  public static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private void node(Node node, boolean isNegated) {
    if (node instanceof Node.Not not) {
      node(not.part(), true);
    } else if (node instanceof Node.Condition condition) {
      condition(condition, isNegated);
    } else if (isNegated) {
      out.append("NOT ");
      group(node);
    } else {
      parts((Node.Junction) node);
    }
  }

  private void group(Node node) {
    out.append('(');
    node(node, false);
    out.append(')');
  }

  private void parts(Node.Junction junction) {
    String separator = "";
    for (Node part : junction.parts()) {
      out.append(separator);
      if (junction.isAnd() && part instanceof Node.Junction) {
        group(part);
      } else {
        node(part, false);
      }
      separator = junction.isAnd() ? " AND " : " OR ";
    }
  }

  private void condition(Node.Condition condition, boolean isNegated) {
    ValuePredicate predicate = condition.predicate();
    boolean isExists = predicate == Presence.EXISTS;
    boolean isAny = condition.quantifier() == Quantifier.ANY;
    boolean isAll = condition.quantifier() == Quantifier.ALL;
    // The others have an operator of their own for the complement.
    boolean isBefore = isExists || isAll || !Node.isWrittenNegated(predicate);
    out.append(isNegated && isBefore && !isAny ? "NOT " : "")
        .append(isAny ? isNegated ? "NONE " : "ANY " : isAll ? "ALL " : isExists ? "EXISTS " : "");
    path(condition.path());
    if (!isExists) {
      predicate(predicate, isNegated && !isBefore && !isAny);
    }
  }

  private void path(Path path) {
    String separator = "";
    for (String name : path.names()) {
      out.append(separator).append(isPlain(name) ? name : quoted(name));
      separator = ".";
    }
  }

  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!Tokenizer.isNamePart(name.charAt(i))) {
        return false;
      }
    }
    return !Tokenizer.isDigit(name.charAt(0)) && !Parser.isReserved(name);
  }

  private void predicate(ValuePredicate predicate, boolean isNegated) {
    if (predicate instanceof ValuePredicate.Not not) {
      predicate(not.part(), true);
    } else if (predicate == Presence.IS_NULL) {
      out.append(isNegated ? " IS NOT NULL" : " IS NULL");
    } else if (predicate instanceof In in && in.values().size() == 1) {
      operator(isNegated ? " != " : " = ", in.values().get(0));
    } else if (predicate instanceof Range range && !range.isBetween()) {
      bound(range);
    } else {
      out.append(isNegated ? " NOT" : "");
      named(predicate);
    }
  }

  private void bound(Range range) {
    if (range.low() != null) {
      operator(range.hasLow() ? " >= " : " > ", range.low());
    } else if (range.high() != null) {
      operator(range.hasHigh() ? " <= " : " < ", range.high());
    }
  }

  private void named(ValuePredicate predicate) {
    if (predicate instanceof In in) {
      list(in.values());
    } else if (predicate instanceof Contains contains) {
      operator(" CONTAINS ", contains.operand());
    } else if (predicate instanceof Matches matches) {
      operator(" " + matches.kind() + " ", matches.operand());
    } else if (predicate instanceof Range range && range.low() != null && range.high() != null) {
      operator(" BETWEEN ", range.low());
      operator(" AND ", range.high());
    }
  }

  private void list(List<Object> values) {
    String separator = "";
    out.append(" IN (");
    for (Object value : values) {
      operator(separator, value);
      separator = ", ";
    }
    out.append(')');
  }

  private void operator(String operator, Object value) {
    out.append(operator);
    if (value instanceof String text) {
      text(text);
    } else if (value instanceof Instant time) {
      out.append("DATE ");
      text(Times.format(time));
    } else if (value instanceof Boolean truth) {
      out.append(truth ? "TRUE" : "FALSE");
    } else {
      out.append(value);
    }
  }

  private void text(String text) {
    out.append('\'').append(text.replace("'", "''")).append('\'');
  }
}
