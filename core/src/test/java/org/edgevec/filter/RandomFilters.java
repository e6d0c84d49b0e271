package org.edgevec.filter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.filter.Node.Quantifier;
import org.edgevec.filter.ValuePredicate.Contains;
import org.edgevec.filter.ValuePredicate.In;
import org.edgevec.filter.ValuePredicate.Matches;
import org.edgevec.filter.ValuePredicate.Presence;
import org.edgevec.filter.ValuePredicate.Range;

/** Random filters and values that they often match; the same for the same seed. */
public final class RandomFilters {

  private static final String[] KEYS = {
    "a",
    "b",
    "lang",
    "any",
    "two words",
    "a.b",
    "\"",
    "1st",
    "_x$",
    "date",
    "\u00fc",
    "\ud83d\ude00"
  };

  private static final String[] TEXTS = {
    "",
    "a",
    "b",
    "ab",
    "it's",
    "%",
    "_",
    "a%b",
    "\\",
    "\n",
    "\u0000",
    "\uffee",
    "\ud83d\ude00",
    "''"
  };

  private static final long[] LONGS = {
    0, 1, 2, -1, 2024, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE
  };

  private static final double[] DOUBLES = {
    0, -0.0, 1, 2, 0.5, -1.5, 1e300, 0x1p53, 0x1p63, -0x1p63, Double.MIN_VALUE, Double.MAX_VALUE
  };

  private final SplitMix64 random;

  /** Whose sequence depends on nothing but the seed. */
  public RandomFilters(long seed) {
    random = new SplitMix64(seed);
  }

  /** A tree of at most so many levels below its root. */
  public Node node(int levels) {
    int kind = levels == 0 ? 3 : random.nextInt(6);
    if (kind == 0) {
      return Node.not(node(levels - 1));
    }
    if (kind > 2) {
      return condition();
    }
    List<Node> parts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      parts.add(node(levels - 1));
    }
    return Node.junction(kind == 1, parts);
  }

  private Node condition() {
    Path path = path();
    ValuePredicate predicate = predicate();
    Node node = Node.condition(path, predicate);
    Node negated = random.nextInt(3) == 0 ? Node.not(node) : node;
    boolean isForElements =
        predicate != Presence.EXISTS && (negated == node || Node.isWrittenNegated(predicate));
    int quantifier = isForElements ? random.nextInt(8) : 8;
    return switch (quantifier) {
      case 0 -> Node.quantified(Quantifier.ANY, negated);
      case 1 -> Node.quantified(Quantifier.ALL, negated);
      case 2 -> Node.not(Node.quantified(Quantifier.ANY, negated));
      case 3 -> Node.not(Node.quantified(Quantifier.ALL, negated));
      default -> negated;
    };
  }

  private Path path() {
    List<String> names = new ArrayList<>();
    do {
      names.add(KEYS[random.nextInt(random.nextInt(2) == 0 ? 2 : KEYS.length)]);
    } while (random.nextInt(4) == 0);
    return new Path(names);
  }

  private ValuePredicate predicate() {
    return switch (random.nextInt(13)) {
      case 0, 1 -> In.one(scalar());
      case 2 -> In.all(scalars());
      case 3 -> Range.below(ordered(), false);
      case 4 -> Range.below(ordered(), true);
      case 5 -> Range.above(ordered(), false);
      case 6 -> Range.above(ordered(), true);
      case 7 -> Range.between(ordered(), ordered());
      case 8 -> Matches.like(Like.pattern(text() + "%", "!").replace("%", "_") + text("a%", "_b"));
      case 9 -> new Matches(Matches.Kind.STARTS_WITH, text());
      case 10 -> new Matches(Matches.Kind.ENDS_WITH, text());
      case 11 -> Contains.of(scalar());
      default -> random.nextInt(2) == 0 ? Presence.EXISTS : Presence.IS_NULL;
    };
  }

  private String text(String... texts) {
    String[] from = texts.length == 0 ? TEXTS : texts;
    return from[random.nextInt(from.length)];
  }

  private Object ordered() {
    return switch (random.nextInt(4)) {
      case 0 -> text();
      case 1 -> LONGS[random.nextInt(LONGS.length)];
      case 2 -> DOUBLES[random.nextInt(DOUBLES.length)];
      default -> Instant.ofEpochSecond(random.nextInt(3) * 1_714_521_600L, random.nextInt(2));
    };
  }

  private Object scalar() {
    return random.nextInt(6) == 0 ? (Object) (random.nextInt(2) == 0) : ordered();
  }

  private List<Object> scalars() {
    List<Object> scalars = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      scalars.add(scalar());
    }
    return scalars;
  }

  /** The values of an entry. */
  public Map<String, Object> values() {
    return values(2);
  }

  private Map<String, Object> values(int levels) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      String key = KEYS[random.nextInt(random.nextInt(2) == 0 ? 2 : KEYS.length)];
      values.put(key, value(levels));
    }
    return values;
  }

  private Object value(int levels) {
    int kind = random.nextInt(levels == 0 ? 6 : 9);
    if (kind == 0) {
      return random.nextInt(2) == 0 ? null : (Object) Double.NaN;
    }
    if (kind < 6) {
      return scalar();
    }
    if (kind == 6) {
      return values(levels - 1);
    }
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value(levels - 1));
    }
    return list;
  }
}
