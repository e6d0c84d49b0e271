package org.edgevec.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.edgevec.bytes.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times, beside the class library's. */
class TimesTest {

  @Test
  void whatIsWrittenIsReadAndIsWhatTheLibraryMeans() {
    SplitMix64 random = new SplitMix64(4);
    for (int i = 0; i < 100_000; i++) {
      long second = random.nextLong() >> 9 + random.nextInt(40);
      boolean isPossible =
          second >= Instant.MIN.getEpochSecond() && second <= Instant.MAX.getEpochSecond();
      Instant time =
          Instant.ofEpochSecond(
              isPossible ? second : 0, (random.nextInt(2)) * random.nextInt(1_000_000_000));
      String text = Times.format(time);
      assertThat(Times.parse(text)).as(text).isEqualTo(time);
      assertThat(OffsetDateTime.parse(text).toInstant()).isEqualTo(time);
    }
    for (Instant time : new Instant[] {Instant.MIN, Instant.MAX, Instant.EPOCH}) {
      assertThat(Times.parse(Times.format(time))).isEqualTo(time);
    }
  }

  @Test
  void everyDayOfEightHundredYearsIsTheLibrarys() {
    for (long day = -150_000; day < 150_000; day++) {
      Instant time = Instant.ofEpochSecond(day * 86_400);
      String date = time.atOffset(ZoneOffset.UTC).toLocalDate().toString();
      assertThat(Times.parse(date)).isEqualTo(time);
      assertThat(Times.format(time)).isEqualTo(date + "T00:00:00Z");
    }
  }

  @Test
  void secondsFractionAndOffsetMayBeThere() {
    Instant noon = Instant.parse("2024-02-29T12:00:00Z");
    assertThat(Times.parse("2024-02-29T12:00Z")).isEqualTo(noon);
    assertThat(Times.parse("2024-02-29T14:30:00.000+02:30")).isEqualTo(noon);
    assertThat(Times.parse("2024-02-29T10:00:00-02:00")).isEqualTo(noon);
    assertThat(Times.parse("2024-02-29T12:00:00.25Z")).isEqualTo(noon.plusMillis(250));
    assertThat(Times.parse("+2024-02-29T12:00Z")).isEqualTo(noon);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024",
        "2024-05",
        "24-05-01",
        "2024-5-1",
        "2024-13-01",
        "2024-00-01",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-05-00",
        "2024-05-01 12:00Z",
        "2024-05-01T",
        "2024-05-01T12Z",
        "2024-05-01T12:00",
        "2024-05-01T24:00Z",
        "2024-05-01T12:60Z",
        "2024-05-01T12:00:60Z",
        "2024-05-01T12:00:00.Z",
        "2024-05-01T12:00:00.1234567890Z",
        "2024-05-01T12:00Zx",
        "2024-05-01T12:00+02",
        "2024-05-01T12:00+99:00",
        "2024-05-01x",
        "12024-05-01",
        "-99999999999-01-01",
        "+9999999999-01-01",
        "yesterday"
      })
  void anythingElseIsNoTime(String text) {
    assertThat(Times.parse(text)).isNull();
  }
}
