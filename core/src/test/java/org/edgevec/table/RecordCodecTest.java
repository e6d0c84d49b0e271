package org.edgevec.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

  private static Change put(String id, float... vector) {
    return new Change.Put(id, vector, Metadata.empty());
  }

  private static byte[] encode(Change... changes) {
    return RecordCodec.encode(List.of(changes), 2, Metric.L2).payload();
  }

  private static void assertRefused(Runnable action, Code code, String message) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            InvalidInputException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
  }

  @Test
  void recordsAreLaidOutAsTheFormatSays() {
    Change put = new Change.Put("é", new float[] {1, -2}, Metadata.of("k", true));
    assertThat(encode(put, new Change.Delete("ab")))
        .containsExactly(
            1, 2, 0, 6, 0, 0, 0, 0xc3, 0xa9, 1, 0, 1, 'k', 4, 1, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 2,
            2, 0, 'a', 'b');
  }

  @Test
  void anEmptyBatchTakesNothing() {
    assertThat(encode()).isEmpty();
  }

  @Test
  void aBatchMayTake64MiBAndNotAByteMore() {
    List<Change> changes = new ArrayList<>();
    float[] vector = new float[4096];
    int left = 64 << 20;
    for (int record = 7 + 10 + 4 * 4096; left > record; left -= record) {
      changes.add(new Change.Put("0123456789", vector, Metadata.empty()));
    }
    for (; left > 600; left -= 515) {
      changes.add(new Change.Delete("x".repeat(512)));
    }
    changes.add(new Change.Delete("x".repeat(left - 103)));
    changes.add(new Change.Delete("x".repeat(97)));
    assertThat(RecordCodec.encode(changes, 4096, Metric.L2).payload()).hasSize(64 << 20);
    changes.set(changes.size() - 1, new Change.Delete("x".repeat(98)));
    assertRefused(
        () -> RecordCodec.encode(changes, 4096, Metric.L2),
        Code.INVALID_BATCH,
        "The batch takes more than 67108864 bytes; write it as several smaller ones.");
  }

  @Test
  void idsTakeOneTo512Bytes() {
    assertThat(encode(new Change.Delete("x"))).hasSize(4);
    assertThat(encode(new Change.Delete("é".repeat(256)))).hasSize(515);
    assertRefused(
        () -> encode(put("", 1, 2)),
        Code.INVALID_ID,
        "The id is empty; use 1 to 512 bytes of UTF-8.");
    assertRefused(
        () -> encode(new Change.Delete("é".repeat(257))),
        Code.INVALID_ID,
        "The id \"" + "é".repeat(40) + "...\" takes 514 bytes; at most 512 are possible.");
    assertRefused(
        () -> encode(new Change.Delete("a\ud800")),
        Code.INVALID_ID,
        "The id \"a\ud800\" holds half of a surrogate pair, which is not text.");
  }

  @Test
  void aVectorHasTheDimensionOfTheDatabase() {
    assertRefused(
        () -> encode(put("a", 1, 2), put("b", 1)),
        Code.INVALID_DIMENSION,
        "The vector of \"b\" has 1 components; this database holds vectors of 2.");
    assertRefused(
        () -> encode(put("b", 1, 2, 3)),
        Code.INVALID_DIMENSION,
        "The vector of \"b\" has 3 components; this database holds vectors of 2.");
  }

  @Test
  void whatIsNotFiniteIsNamedWithItsPlace() {
    assertNotFinite(Float.NaN, "NaN");
    assertNotFinite(Float.POSITIVE_INFINITY, "Infinity");
    assertNotFinite(Float.NEGATIVE_INFINITY, "-Infinity");
    assertThat(encode(put("a", Float.MIN_VALUE, -6e18f))).hasSize(16);
  }

  private static void assertNotFinite(float value, String name) {
    assertRefused(
        () -> encode(put("a", 1, value)),
        Code.INVALID_VECTOR,
        "The vector of \"a\" has " + name + " at index 1; only finite numbers are possible.");
    assertRefused(
        () -> encode(put("a", value, 1)),
        Code.INVALID_VECTOR,
        "The vector of \"a\" has " + name + " at index 0; only finite numbers are possible.");
  }

  @Test
  void underCosineAVectorPointsSomewhere() {
    assertNoDirection(" is a zero vector", 0, 0);
    assertNoDirection(" is too short", 0, 9e-31f);
    assertNoDirection(" is too long", 2e30f, 2e30f);
    RecordCodec.encode(List.of(put("a", 0, 1.1e-30f)), 2, Metric.COSINE);
    RecordCodec.encode(List.of(put("a", 9e29f, 0)), 2, Metric.COSINE);
  }

  @Test
  void vectorsThatCannotBeScoredInFloatsAreRefused() {
    assertTooLong(Metric.L2, 9.2e18f, "9.2e18, or distances are not finite.");
    assertTooLong(Metric.DOT, 1.8e19f, "1.8e19, or products are not finite.");
    assertTooLong(Metric.L2, Float.MAX_VALUE, "9.2e18, or distances are not finite.");
    assertTooLong(Metric.DOT, Float.MAX_VALUE, "1.8e19, or products are not finite.");
  }

  /** By the length, not by components: either one alone could be stored. */
  private static void assertTooLong(Metric metric, float length, String limit) {
    float component = 0.8f * length;
    assertRefused(
        () -> RecordCodec.encode(List.of(put("a", component, -component)), 2, metric),
        Code.INVALID_VECTOR,
        "The vector of \"a\" is too long; under "
            + metric
            + " its length must be at most "
            + limit);
    float limited = Math.min(length, metric == Metric.L2 ? 9.19e18f : 1.799e19f);
    RecordCodec.encode(
        List.of(put("a", 0, limited), put("b", -limited, 0), put("c", 0, 0)), 2, metric);
  }

  private static void assertNoDirection(String what, float... vector) {
    assertRefused(
        () -> RecordCodec.encode(List.of(put("a", vector)), 2, Metric.COSINE),
        Code.INVALID_VECTOR,
        "The vector of \"a\""
            + what
            + "; under COSINE its length must be between 1e-30 and 1e30, or it points nowhere.");
  }
}
