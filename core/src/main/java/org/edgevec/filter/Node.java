package org.edgevec.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * A filter's tree. Immutable. A {@code Not} stands above no other, and a {@code Junction} above
 * none of its own kind, so that what is only written differently is often equal; the methods here
 * see to that, and to the limits.
 */
public sealed interface Node {

  /** How many parentheses in each other a filter may take. */
  int MAX_DEPTH = 100;

  /** How many conditions a filter may have. */
  int MAX_CONDITIONS = 10_000;

  /** How many parentheses in each other its text needs. */
  int depth();

  /** How many conditions it has. */
  int conditions();

  /**
   * AND, or OR.
   *
   * @param parts two or more, in order
   */
  record Junction(boolean isAnd, List<Node> parts, int depth, int conditions) implements Node {}

  /** The complement. */
  record Not(Node part, int depth) implements Node {
    @Override
    public int conditions() {
      return part.conditions();
    }
  }

  /** What a predicate says of what stands at a path. */
  record Condition(Path path, Quantifier quantifier, ValuePredicate predicate) implements Node {
    @Override
    public int depth() {
      return 0;
    }

    @Override
    public int conditions() {
      return 1;
    }
  }

  /** What a predicate is asked of. */
  enum Quantifier {
    /** The value itself. */
    VALUE,
    /** Whether an element of the list is accepted. False where there is no list. */
    ANY,
    /** Whether all elements of the list are. True of an empty one, false where there is none. */
    ALL
  }

  /** A condition on the value at a path. */
  static Node condition(Path path, ValuePredicate predicate) {
    return new Condition(path, Quantifier.VALUE, predicate);
  }

  /** The complement. */
  static Node not(Node node) {
    if (node instanceof Not not) {
      return not.part;
    }
    return new Not(node, checkedDepth(node instanceof Junction ? node.depth() + 1 : 0));
  }

  /** All of the parts, or any of them; the only one, if there is one. */
  static Node junction(boolean isAnd, List<Node> parts) {
    List<Node> flat = new ArrayList<>();
    int depth = 0;
    long conditions = 0;
    for (Node part : parts) {
      Junction inner = part instanceof Junction junction ? junction : null;
      if (inner != null && inner.isAnd == isAnd) {
        flat.addAll(inner.parts);
      } else {
        flat.add(part);
      }
      // What is bound less tightly needs parentheses.
      boolean isLoose = inner != null && isAnd && !inner.isAnd;
      depth = Math.max(depth, part.depth() + (isLoose ? 1 : 0));
      conditions += part.conditions();
    }
    if (flat.isEmpty()) {
      throw Refusals.refuse((isAnd ? "AND" : "OR") + " has no parts; give one or more");
    }
    if (conditions > MAX_CONDITIONS) {
      throw Refusals.refuse("it has more than " + MAX_CONDITIONS + " conditions");
    }
    return flat.size() == 1
        ? flat.get(0)
        : new Junction(isAnd, List.copyOf(flat), checkedDepth(depth), (int) conditions);
  }

  private static int checkedDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw Refusals.refuse("it needs more than " + MAX_DEPTH + " parentheses in each other");
    }
    return depth;
  }

  /** What a condition says, or its complement, asked of the elements of a list. */
  static Node quantified(Quantifier quantifier, Node node) {
    Node plain = node instanceof Not not ? not.part : node;
    if (plain instanceof Condition condition
        && condition.quantifier == Quantifier.VALUE
        && condition.predicate != ValuePredicate.Presence.EXISTS
        && (plain == node || isWrittenNegated(condition.predicate))) {
      ValuePredicate predicate = condition.predicate;
      return new Condition(
          condition.path,
          quantifier,
          plain == node ? predicate : new ValuePredicate.Not(predicate));
    }
    throw Refusals.refuse(
        "ANY, ALL and NONE take one condition on a key, with an operator other than EXISTS");
  }

  /** Whether there is an operator for the complement: there is no NOT with {@code <}. */
  static boolean isWrittenNegated(ValuePredicate predicate) {
    return !(predicate instanceof ValuePredicate.Range range) || range.isBetween();
  }
}
