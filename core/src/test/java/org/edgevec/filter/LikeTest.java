package org.edgevec.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.edgevec.bytes.SplitMix64;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Patterns, beside the class library's regular expressions. */
class LikeTest {

  private static Pattern regularExpression(String pattern) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        out.append(Pattern.quote(pattern.substring(++i, i + 1)));
      } else if (Character.isHighSurrogate(c)) {
        out.append(Pattern.quote(pattern.substring(i++, i + 1)));
      } else {
        out.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(out.toString(), Pattern.DOTALL);
  }

  private static String random(SplitMix64 random, int count, String... parts) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(count); i > 0; i--) {
      out.append(parts[random.nextInt(parts.length)]);
    }
    return out.toString();
  }

  @Test
  void patternsMatchWhatRegularExpressionsDo() {
    SplitMix64 random = new SplitMix64(3);
    int matches = 0;
    for (int i = 0; i < 100_000; i++) {
      String pattern =
          random(random, 7, "a", "b", "%", "_", "\\%", "\\_", "\\\\", "\ud83d\ude00", "\n");
      String text = random(random, 7, "a", "b", "a", "%", "_", "\\", "\ud83d\ude00", "\n");
      boolean expected = regularExpression(pattern).matcher(text).matches();
      assertThat(Like.matches(pattern, text)).as(pattern + " on " + text).isEqualTo(expected);
      matches += expected ? 1 : 0;
    }
    assertThat(matches).isGreaterThan(2000);
  }

  @Test
  void aPatternOfManyAnysTakesNoLongerThanTheLengthsProduct() {
    String text = "a".repeat(10_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertThat(Like.matches("%a".repeat(5000) + "b", text)).isFalse();
          assertThat(Like.matches("%a".repeat(5000), text)).isTrue();
        });
  }

  @Test
  void anotherEscapeBecomesTheBackslash() {
    assertThat(Like.pattern("a!%b!_c!!d\\e%_", "!")).isEqualTo("a\\%b\\_c!d\\\\e%_");
    assertThat(Like.pattern("\ud83d\ude00%\ud83d\ude00\ud83d\ude00", "\ud83d\ude00"))
        .isEqualTo("\\%\ud83d\ude00");
    assertThat(Like.pattern("a\\%\\\\%", "\\")).isEqualTo("a\\%\\\\%");
    assertThat(Like.pattern("%%_", "%")).isEqualTo("\\%_");
  }
}
