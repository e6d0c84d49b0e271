package org.edgevec.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no filter, and where; and how much of one there may be. */
class ParserTest {

  private static String refusal(String text, Object... parameters) {
    return refusal(() -> Parser.parse(text, parameters, null));
  }

  private static String refusal(Runnable parsing) {
    InvalidInputException e = catchThrowableOfType(InvalidInputException.class, parsing::run);
    assertThat(e).isNotNull();
    assertThat(e.code()).isEqualTo(Code.INVALID_FILTER);
    assertThat(e.getMessage()).startsWith("This filter cannot be used: ").endsWith(".");
    assertThat(e.getMessage().length()).isLessThan(300);
    return e.getMessage().replace("This filter cannot be used: ", "");
  }

  private static Node parse(String text) {
    return Parser.parse(text, new Object[0], null);
  }

  private static final String CONDITION =
      ", expected a condition: a name, NOT, EXISTS, ANY, ALL, NONE or (.";

  private static final String OPERATOR =
      ", expected =, !=, <, <=, >, >=, IN, BETWEEN, LIKE, STARTS_WITH, ENDS_WITH, CONTAINS, IS or"
          + " NOT.";

  private static final String VALUE =
      ", expected a value: a text in single quotes, a number, TRUE, FALSE, DATE or a parameter.";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                          | line 1, column 1: found the end{condition}
          year >=                     | line 1, column 8: found the end{value}
          year >= now                 | line 1, column 9: found "now"{value}
          year >= "now"               | line 1, column 9: found ""now""{value}
          year > NULL                 | line 1, column 8: found "NULL"{value}
          year                        | line 1, column 5: found the end{operator}
          year == 1                   | line 1, column 7: found "="{value}
          (a = 1                      | line 1, column 7: found the end, expected AND, OR or ).
          a = 1)                      | line 1, column 6: found ")", expected AND, OR or the end.
          a = 1 b = 2                 | line 1, column 7: found "b", expected AND, OR or the end.
          a = 1 AND                   | line 1, column 10: found the end{condition}
          a = 1 AND AND b = 2         | line 1, column 11: found "AND"{condition}
          a = 'b                      | line 1, column 5: found "'b", expected a ' where it ends.
          "a = 1                      | line 1, column 1: found ""a = 1", expected a " where it ends.
          a IN 1                      | line 1, column 6: found "1", expected ( or a parameter that is a list.
          a IN (1, )                  | line 1, column 10: found ")"{value}
          a IN (1 2)                  | line 1, column 9: found "2", expected a comma or ).
          a BETWEEN 1 OR 2            | line 1, column 13: found "OR", expected AND.
          a IS 5                      | line 1, column 6: found "5", expected NULL or NOT NULL.
          a IS NOT 5                  | line 1, column 10: found "5", expected NULL.
          a NOT = 5                   | line 1, column 7: found "=", expected IN, BETWEEN, LIKE, STARTS_WITH, ENDS_WITH or CONTAINS.
          a LIKE 5                    | line 1, column 8: found "5", expected a text in single quotes, or a parameter that is one.
          a LIKE 'x' ESCAPE 'yz'      | line 1, column 19: ESCAPE takes one character.
          a LIKE 'x\\y'               | line 1, column 8: in a LIKE pattern "\\" stands before %, _ or another "\\".
          a < TRUE                    | line 1, column 5: TRUE and FALSE have no order; compare them with = and !=.
          a = DATE 'May'              | line 1, column 10: found "'May'", expected a time such as '2024-05-01' or '2024-05-01T12:30:00Z'.
          a = 9223372036854775808     | line 1, column 5: found "9223372036854775808", expected a whole number of 64 bits; one with .0 at its end is a double.
          a = 1e309                   | line 1, column 5: found "1e309", expected a number that is at most 1.7976931348623157E308.
          a = 1.                      | line 1, column 5: found "1.", expected a digit behind the point.
          a = 1e                      | line 1, column 5: found "1e", expected an exponent behind the e.
          a = 1x                      | line 1, column 5: found "1x", expected a number and then a space.
          a & b                       | line 1, column 3: found "&", expected a name, a value or an operator.
          a = “x”                     | line 1, column 5: found "“", expected a name, a value or an operator.
          a..b = 1                    | line 1, column 3: found ".", expected a name.
          "" = 1                      | line 1, column 1: a name is empty; give the key of a value.
          a = :                       | line 1, column 5: found ":", expected a name right behind the colon.
          a = ?                       | line 1, column 5: found "?", expected no more than 0 question marks, for so many values were given.
          a = :x                      | line 1, column 5: found ":x", expected ?, since the values were given by position.
          ANY EXISTS a                | line 1, column 5: found "EXISTS", expected a name; a key that is a keyword stands in double quotes.
          ANY NOT a = 1               | line 1, column 5: found "NOT", expected a name; a key that is a keyword stands in double quotes.
          any = 5                     | line 1, column 5: found "=", expected a name; a key that is a keyword stands in double quotes.
          """)
  void theErrorSaysWhereAndWhat(String text, String expected) {
    assertThat(refusal(text))
        .isEqualTo(
            expected
                .replace("{condition}", CONDITION)
                .replace("{operator}", OPERATOR)
                .replace("{value}", VALUE));
  }

  @Test
  void linesAreCounted() {
    assertThat(refusal("a = 1\r\n  AND\n  b ~ 2")).startsWith("line 3, column 5: found \"~\"");
    assertThat(refusal("a = '\n\n' AND")).startsWith("line 3, column 6: found the end");
  }

  @Test
  void halfASurrogatePairIsRefusedWhereverItStands() {
    assertThat(refusal("a = 'x\ud800'")).startsWith("line 1, column 5: found");
    assertThat(refusal("a\udc00 = 1")).startsWith("line 1, column 1: found");
    assertThat(refusal("\"\ud800\" = 1")).startsWith("line 1, column 1: found");
    assertThat(refusal("a = ?", "\ud800")).startsWith("line 1, column 5: the text");
    assertThat(refusal("a LIKE ?", "\ud800")).startsWith("line 1, column 8: the text");
    assertThat(parse("a\ud83d\ude00 = '\ud83d\ude00'")).isNotNull();
  }

  @Test
  void parametersStandForValuesAndAreNeverText() {
    Node byPosition =
        Parser.parse(
            "a = ? AND b IN ? AND c IN (?, 2) AND d LIKE ?",
            new Object[] {"x' OR '1' = '1", List.of(1, 2), 3, "y%"},
            null);
    Node byName =
        Parser.parse(
            "a = :a AND b IN :list AND c IN (:c, 2) AND d LIKE :d",
            new Object[0],
            Map.of("a", "x' OR '1' = '1", "list", List.of(1, 2), "c", 3, "d", "y%", "e", 5));
    assertThat(byPosition).isEqualTo(byName);
    assertThat(FilterWriter.write(byName))
        .isEqualTo("a = 'x'' OR ''1'' = ''1' AND b IN (1, 2) AND c IN (3, 2) AND d LIKE 'y%'");
  }

  @Test
  void parametersThatDoNotFitAreRefused() {
    assertThat(refusal("a = ?", 1, 2)).contains("2 values were given, for 1 question marks");
    assertThat(refusal("a = ? AND b = ?", 1)).startsWith("line 1, column 15: ");
    assertThat(refusal("a = ?", new Object[] {null})).contains("a value is null; IS NULL");
    assertThat(refusal("a = ?", new StringBuilder("x"))).contains("a java.lang.StringBuilder");
    assertThat(refusal("a = ?", Double.NaN)).contains("NaN; use a finite number");
    assertThat(refusal("a = ?", List.of(1))).contains("use a string");
    assertThat(refusal("a IN ?", "x")).contains("expected ( or a parameter that is a list");
    assertThat(refusal(() -> Parser.parse("a = :b", new Object[0], Map.of("c", 1))))
        .isEqualTo("line 1, column 5: found \":b\", expected the name of a value that was given.");
    assertThat(refusal(() -> Parser.parse("a = ?", new Object[0], Map.of("c", 1))))
        .contains("expected a name with a colon, since the values were given by name");
  }

  @Test
  void keywordsMayBeWrittenInAnyCaseAndMostMayBeNames() {
    assertThat(parse("not a in (1) and exists b or c is not null"))
        .isEqualTo(parse("NOT a IN (1) AND EXISTS b OR c IS NOT NULL"));
    assertThat(parse("date = DATE '2024-01-01' and in in (1) and null is null and a.not.or = true"))
        .isNotNull();
    assertThat(FilterWriter.write(parse("\"any\" = 1 AND \"Date\" = 2")))
        .isEqualTo("\"any\" = 1 AND Date = 2");
  }

  @Test
  void aTextHasALengthThatIsSaid() {
    String text = "a = 1" + " ".repeat(Parser.MAX_LENGTH - 5);
    assertThat(parse(text)).isEqualTo(parse("a = 1"));
    assertThat(refusal(text + " "))
        .isEqualTo("it has 65537 characters; at most 65536 are possible.");
  }

  @Test
  void parenthesesMayNestAHundredDeepAndNoDeeper() {
    assertThat(parse("(".repeat(100) + "a = 1" + ")".repeat(100))).isEqualTo(parse("a = 1"));
    for (int depth : new int[] {101, 10_000, 60_000}) {
      assertThat(refusal("(".repeat(depth) + "a = 1"))
          .isEqualTo(
              "line 1, column 101: found \"(\", expected at most 100 parentheses in each other.");
    }
    assertThat(refusal("NOT (".repeat(10_000))).startsWith("line 1, column 505: ");
    assertThat(parse("NOT ".repeat(10_000) + "a = 1")).isEqualTo(parse("a = 1"));
  }

  @Test
  void aTreeThatIsDeepOrLargeIsRefusedAlsoWithoutText() {
    Node node = parse("a = 1");
    for (int i = 0; i < 100; i++) {
      node = Node.not(Node.junction(true, List.of(node, parse("b = 2"))));
    }
    Node deepest = node;
    assertThat(parse(FilterWriter.write(deepest))).isEqualTo(deepest);
    assertThat(refusal(() -> Node.not(Node.junction(true, List.of(deepest, parse("b = 2"))))))
        .isEqualTo("it needs more than 100 parentheses in each other.");
    Node doubled = parse("a = 1");
    for (int i = 0; i < 13; i++) {
      doubled = Node.not(Node.junction(true, List.of(doubled, doubled)));
    }
    Node largest = doubled;
    assertThat(refusal(() -> Node.junction(true, List.of(largest, largest))))
        .isEqualTo("it has more than 10000 conditions.");
  }

  @Test
  void aListHasAtMostTenThousandValues() {
    String values = "1,".repeat(9999) + "1";
    assertThat(parse("a IN (" + values + ")")).isNotNull();
    assertThat(refusal("a IN (" + values + ",1)"))
        .startsWith("line 1, column ")
        .endsWith("a list has more than 10000 values.");
  }

  @Test
  void manyConditionsBesideEachOtherAreNoDepth() {
    Node node = parse("a=2" + " OR a=1".repeat(9000));
    assertThat(node.depth()).isZero();
    assertThat(node.conditions()).isEqualTo(9001);
    assertThat(Matcher.matches(node, Map.of("a", 3L))).isFalse();
  }
}
