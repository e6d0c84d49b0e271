package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.edgevec.InvalidInputException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The factories: each makes what its text says. */
final class FilterTest {

  private static Arguments row(Filter filter, String text) {
    return Arguments.of(filter, text);
  }

  private static Stream<Arguments> factories() {
    Instant time = Instant.parse("2024-05-01T12:00:00.5Z");
    return Stream.of(
        row(Filter.eq("lang", "de").and(Filter.gte("year", 2020)), "lang = 'de' AND year >= 2020"),
        row(Filter.eq("a", 1).or(Filter.eq("a", 2L)), "a = 1 OR a = 2"),
        row(Filter.eq("a", (byte) 1), "a = 1"),
        row(Filter.eq("a", 0.1f), "a = 0.1"),
        row(Filter.eq("a", true), "a = TRUE"),
        row(Filter.eq("a", time), "a = DATE '2024-05-01T12:00:00.500000000Z'"),
        row(Filter.ne("a", "it's"), "a != 'it''s'"),
        row(Filter.lt("a.b", 1.5), "a.b < 1.5"),
        row(Filter.lte("a", -1), "a <= -1"),
        row(Filter.gt("a", "x"), "a > 'x'"),
        row(Filter.between("a", 1, 2), "a BETWEEN 1 AND 2"),
        row(Filter.in("a", List.of("x", 1)), "a IN ('x', 1)"),
        row(Filter.in("a", List.of()), "a IN ()"),
        row(Filter.notIn("a", List.of("x", "y")), "a NOT IN ('x', 'y')"),
        row(Filter.isNull("a"), "a IS NULL"),
        row(Filter.isNotNull("a"), "a IS NOT NULL"),
        row(Filter.exists("a"), "EXISTS a"),
        row(Filter.like("a", "x\\%%"), "a LIKE 'x\\%%'"),
        row(Filter.startsWith("a", "x"), "a STARTS_WITH 'x'"),
        row(Filter.endsWith("a", "x"), "a ENDS_WITH 'x'"),
        row(Filter.contains("a", 5), "a CONTAINS 5"),
        row(Filter.any(Filter.eq("tags", "x")), "ANY tags = 'x'"),
        row(Filter.all(Filter.ne("tags", "x")), "ALL tags != 'x'"),
        row(Filter.none(Filter.in("tags", List.of("x", "y"))), "NONE tags IN ('x', 'y')"),
        row(Filter.not(Filter.lt("a", 1)), "NOT a < 1"),
        row(
            Filter.and(List.of(Filter.eq("a", 1), Filter.or(List.of(Filter.eq("b", 2))))),
            "a = 1 AND b = 2"),
        row(Filter.eq("two words.x", 1), "\"two words\".x = 1"),
        row(Filter.eq("\"a.b\".c", 1), "\"a.b\".c = 1"),
        row(Filter.eq(Filter.quoted("a\".b"), 1), "\"a\"\".b\" = 1"));
  }

  @ParameterizedTest
  @MethodSource("factories")
  void aFactoryMakesWhatItsTextSays(Filter filter, String text) {
    assertThat(filter)
        .hasToString(text)
        .isEqualTo(Filter.parse(text))
        .hasSameHashCodeAs(text(text));
  }

  private static Filter text(String text) {
    return Filter.parse(text);
  }

  @Test
  void metadataMatches() {
    Metadata metadata = Metadata.of("lang", "de", "year", 2024, "tags", List.of("x", "y"));
    Filter filter =
        Filter.parse("lang = :lang AND year >= :from", Map.of("lang", "de", "from", 2020));
    assertThat(filter.matches(metadata)).isTrue();
    assertThat(filter.and(Filter.none(Filter.eq("tags", "x"))).matches(metadata)).isFalse();
    assertThat(Filter.parse("ANY tags IN ?", List.of("y", "z")).matches(metadata)).isTrue();
    assertThat(Filter.ne("missing", 1).matches(Metadata.empty())).isTrue();
  }

  @Test
  void whatACallerChangesLaterChangesNothing() {
    List<Object> values = new ArrayList<>(List.of("x"));
    Filter filter = Filter.in("a", values);
    Filter parsed = Filter.parse("a IN ?", values);
    values.set(0, "y");
    assertThat(filter).isEqualTo(Filter.eq("a", "x")).isEqualTo(parsed);
  }

  @Test
  void whatNoFilterMayHaveIsRefused() {
    Filter eq = Filter.eq("a", 1);
    Object[] refused = {
      (Runnable) () -> Filter.eq("", 1),
      (Runnable) () -> Filter.eq("a..b", 1),
      (Runnable) () -> Filter.eq("a.", 1),
      (Runnable) () -> Filter.eq("\"a", 1),
      (Runnable) () -> Filter.eq("\"a\"b", 1),
      (Runnable) () -> Filter.eq("\ud800", 1),
      (Runnable) () -> Filter.eq("a", "\udc00"),
      (Runnable) () -> Filter.eq("a", Double.NaN),
      (Runnable) () -> Filter.eq("a", Float.NEGATIVE_INFINITY),
      (Runnable) () -> Filter.eq("a", List.of(1)),
      (Runnable) () -> Filter.eq("a", 'x'),
      (Runnable) () -> Filter.lt("a", true),
      (Runnable) () -> Filter.in("a", Arrays.asList("x", null)),
      (Runnable) () -> Filter.like("a", "x\\"),
      (Runnable) () -> Filter.like("a", "\\x"),
      (Runnable) () -> Filter.any(eq.and(eq)),
      (Runnable) () -> Filter.any(Filter.any(eq)),
      (Runnable) () -> Filter.all(Filter.exists("a")),
      (Runnable) () -> Filter.none(Filter.not(Filter.gt("a", 1))),
      (Runnable) () -> Filter.and(List.of()),
      (Runnable) () -> Filter.parse("a = 1 AND"),
    };
    for (Object one : refused) {
      assertThatThrownBy(((Runnable) one)::run)
          .isInstanceOfSatisfying(
              InvalidInputException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_FILTER))
          .hasMessageEndingWith(".");
    }
  }

  /** The same float is the same value as metadata and in a filter, however many digits it has. */
  @Test
  void aFloatIsFoundByItself() {
    Random random = new Random(11);
    for (int i = 0; i < 100_000; i++) {
      float number = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(number)) {
        assertThat(Filter.eq("x", number).matches(Metadata.of("x", number)))
            .as("" + number)
            .isTrue();
      }
    }
  }
}
