package org.edgevec.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What filters mean, on one value of each kind. */
class MatcherTest {

  /** A value of each kind, by the name that the tables have for it. */
  private static final Map<String, Object> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("text", "m");
    VALUES.put("long", 5L);
    VALUES.put("double", 5.5);
    VALUES.put("nan", Double.NaN);
    VALUES.put("true", true);
    VALUES.put("time", Instant.parse("2024-05-01T00:00:00Z"));
    VALUES.put("null", null);
    VALUES.put("list", Arrays.asList("m", 5L, true, null, List.of("m")));
    VALUES.put("empty", List.of());
    VALUES.put("object", Map.of("k", "m"));
  }

  private static boolean matches(String filter, Map<String, ?> values) {
    return Matcher.matches(Parser.parse(filter, new Object[0], null), values);
  }

  private static Map<String, Object> keyed(Object value) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("v", value);
    return values;
  }

  /** The names of the values under {@code v} that match; "missing" is no such key. */
  private static String matching(String filter) {
    List<String> names = new ArrayList<>();
    VALUES.forEach(
        (name, value) -> {
          if (matches(filter, keyed(value))) {
            names.add(name);
          }
        });
    if (matches(filter, Map.of("w", 1L))) {
      names.add("missing");
    }
    return String.join(" ", names);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          v = 'm'                             | text
          v = 5                               | long
          v = 5.0                             | long
          v = 5.5                             | double
          v = TRUE                            | true
          v = FALSE                           | ``
          v = '5'                             | ``
          v = DATE '2024-05-01'               | time
          v = DATE '2024-05-01T02:00+02:00'   | time
          v = '2024-05-01T00:00:00Z'          | ``
          v = NULL                            | null missing
          v IN ('m', 5, TRUE)                 | text long true
          v IN (5.0, 5.5)                     | long double
          v IN ()                             | ``
          v < 'n'                             | text
          v < 'm'                             | ``
          v <= 'm'                            | text
          v < 6                               | long double
          v <= 5                              | long
          v < 5.25                            | long
          v > 5                               | double
          v >= 5                              | long double
          v > -1e300                          | long double
          v >= ''                             | text
          v < DATE '2024-05-02'               | time
          v > DATE '2024-05-01'               | ``
          v >= DATE '2024-05-01'              | time
          v BETWEEN 5 AND 5.5                 | long double
          v BETWEEN 5.5 AND 5                 | ``
          v BETWEEN 'a' AND 'm'               | text
          v BETWEEN 1 AND 'z'                 | ``
          v LIKE 'm'                          | text
          v LIKE '%'                          | text
          v LIKE '_'                          | text
          v LIKE 'M'                          | ``
          v STARTS_WITH 'm'                   | text
          v STARTS_WITH ''                    | text
          v ENDS_WITH 'm'                     | text
          v CONTAINS 'm'                      | text list
          v CONTAINS ''                       | text
          v CONTAINS 5                        | list
          v CONTAINS 5.0                      | list
          v CONTAINS TRUE                     | list
          v CONTAINS 6                        | ``
          v IS NULL                           | null missing
          v IS NOT NULL                       | text long double nan true time list empty object
          EXISTS v                            | text long double nan true time null list empty object
          v.k = 'm'                           | object
          EXISTS v.k                          | object
          v.k IS NULL                         | text long double nan true time null list empty missing
          v.k.x = 'm'                         | ``
          ANY v = 'm'                         | list
          ANY v = 'x'                         | ``
          ANY v != 'm'                        | list
          ANY v > 4                           | list
          ANY v IS NULL                       | list
          ANY v IS NOT NULL                   | list
          ANY v CONTAINS 'm'                  | list
          ANY v IN (1, 5)                     | list
          ANY v BETWEEN 5 AND 6               | list
          ANY v NOT BETWEEN 5 AND 6           | list
          ALL v = 'm'                         | empty
          ALL v != 'x'                        | list empty
          ALL v IS NULL                       | empty
          """)
  void aConditionIsTrueOfTheseAndItsComplementOfTheOthers(String filter, String expected) {
    assertThat(matching(filter)).isEqualTo(expected);
    List<String> others = new ArrayList<>(VALUES.keySet());
    others.add("missing");
    others.removeAll(List.of(expected.split(" ")));
    String complement = String.join(" ", others);
    assertThat(matching("NOT " + filter)).isEqualTo(complement);
    assertThat(matching("NOT (" + filter + " OR w = 2)")).isEqualTo(complement);
    if (filter.startsWith("ANY ")) {
      assertThat(matching(filter.replace("ANY ", "NONE "))).isEqualTo(complement);
    }
    for (String operator :
        List.of("IN", "BETWEEN", "LIKE", "STARTS_WITH", "ENDS_WITH", "CONTAINS")) {
      if (filter.startsWith("v " + operator)) {
        assertThat(matching(filter.replace("v ", "v NOT "))).isEqualTo(complement);
      }
    }
    if (filter.startsWith("v = ")) {
      assertThat(matching(filter.replace("=", "!="))).isEqualTo(complement);
      assertThat(matching(filter.replace("=", "<>"))).isEqualTo(complement);
    }
  }

  @Test
  void aDottedPathLeadsIntoObjectsAndAQuotedNameIsOneKey() {
    Map<String, Object> values =
        Map.of(
            "a",
            Map.of("b", 1L, "b.c", 2L),
            "a.b",
            3L,
            "a b",
            4L,
            "list",
            List.of(Map.of("b", 5L)));
    assertThat(matches("a.b = 1", values)).isTrue();
    assertThat(matches("\"a\" . \"b.c\" = 2", values)).isTrue();
    assertThat(matches("\"a.b\" = 3", values)).isTrue();
    assertThat(matches("\"a b\" = 4", values)).isTrue();
    assertThat(matches("EXISTS list.b", values)).isFalse();
  }

  @Test
  void andBindsMoreTightlyThanOr() {
    Map<String, Object> values = Map.of("a", 1L);
    assertThat(matches("a = 1 OR a = 2 AND a = 3", values)).isTrue();
    assertThat(matches("(a = 1 OR a = 2) AND a = 3", values)).isFalse();
    assertThat(matches("NOT a = 2 AND a = 1", values)).isTrue();
    assertThat(matches("NOT (a = 2 AND a = 1)", values)).isTrue();
    assertThat(matches("NOT NOT a = 1", values)).isTrue();
  }

  /** Those beyond U+FFFF come last, though their UTF-16 units do not. */
  @Test
  void stringsCompareByCodePoint() {
    assertThat(matches("v < '\ud83d\ude00'", keyed("\uffee"))).isTrue();
    assertThat(matches("v < '\ud83d\ude01'", keyed("\ud83d\ude00"))).isTrue();
    assertThat(matches("v < '\uffee'", keyed("\ud83d\ude00"))).isFalse();
    assertThat(matches("v < 'ab'", keyed("a"))).isTrue();
  }

  @Test
  void keysThatObjectsInJavaScriptHaveByThemselvesAreLikeAllOthers() {
    assertThat(matches("EXISTS __proto__", Map.of())).isFalse();
    assertThat(
            matches(
                "__proto__ = 1 AND constructor = 2", Map.of("__proto__", 1L, "constructor", 2L)))
        .isTrue();
  }
}
