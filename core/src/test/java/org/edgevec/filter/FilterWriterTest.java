package org.edgevec.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trees as text. */
class FilterWriterTest {

  private static final int TREES = Integer.getInteger("edgevec.filter.trees", 100_000);

  @Test
  void whatIsWrittenIsReadAsAnEqualTreeThatMeansTheSame() {
    long seed = Long.getLong("edgevec.seed", System.nanoTime());
    System.out.println("FilterWriterTest: " + TREES + " trees, -Dedgevec.seed=" + seed);
    RandomFilters random = new RandomFilters(seed);
    int matches = 0;
    for (int i = 0; i < TREES; i++) {
      Node node = random.node(4);
      String text = FilterWriter.write(node);
      Node read = Parser.parse(text, new Object[0], null);
      Map<String, Object> values = random.values();
      boolean isMatch = Matcher.matches(node, values);
      boolean isSame =
          read.equals(node)
              && read.hashCode() == node.hashCode()
              && FilterWriter.write(read).equals(text)
              && Matcher.matches(read, values) == isMatch
              && Matcher.matches(Node.not(node), values) != isMatch
              && Node.not(Node.not(node)).equals(node);
      assertThat(isSame).as(text).isTrue();
      matches += isMatch ? 1 : 0;
    }
    assertThat(matches).isBetween(TREES / 5, TREES * 4 / 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ((a=1)and(b<>2))or not(c>3)          | a = 1 AND b != 2 OR NOT c > 3
          (a=1 or b=2)and c=3 and(d=4 and e=5) | (a = 1 OR b = 2) AND c = 3 AND d = 4 AND e = 5
          not(a=1 or b=2)                      | NOT (a = 1 OR b = 2)
          not not(a=1 or b=2)                  | a = 1 OR b = 2
          not a in(1,2)                        | a NOT IN (1, 2)
          a in('x')                            | a = 'x'
          not a between 1 and 2e3              | a NOT BETWEEN 1 AND 2000.0
          not a is null                        | a IS NOT NULL
          a != null                            | a IS NOT NULL
          not exists a.b                       | NOT EXISTS a.b
          not any a='x'                        | NONE a = 'x'
          not none a not like 'x'              | ANY a NOT LIKE 'x'
          not all a>=1                         | NOT ALL a >= 1
          a like 'x!%\\' escape '!'            | a LIKE 'x\\%\\\\'
          a = date '2024-05-01T02:00+02:00'    | a = DATE '2024-05-01T00:00:00Z'
          "a b"."c"."not" contains 'it''s'     | "a b".c."not" CONTAINS 'it''s'
          """)
  void textsAreWrittenInOneWay(String text, String expected) {
    assertThat(FilterWriter.write(Parser.parse(text, new Object[0], null))).isEqualTo(expected);
  }
}
