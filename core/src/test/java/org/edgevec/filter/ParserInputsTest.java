package org.edgevec.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.bytes.SplitMix64;
import org.junit.jupiter.api.Test;

/**
 * Texts of any kind: random ones, and filters with changes. Each is a filter or is refused with its
 * type, a place and a message of bounded length, and soon. {@code -Dedgevec.filter.inputs=1000000}
 * makes it more than a short round.
 */
class ParserInputsTest {

  private static final int INPUTS = Integer.getInteger("edgevec.filter.inputs", 50_000);

  private static final long MAX_NANOS = 5_000_000_000L;

  private static final String[] PARTS = {
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "EXISTS",
    "ANY",
    "ALL",
    "NONE",
    "IS",
    "NULL",
    "IN",
    "BETWEEN",
    "LIKE",
    "ESCAPE",
    "STARTS_WITH",
    "ENDS_WITH",
    "CONTAINS",
    "DATE",
    "TRUE",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "<>",
    ",",
    ".",
    "'",
    "''",
    "\"",
    "?",
    ":",
    ":a",
    "a",
    "b",
    "1",
    "-1",
    "1e9",
    "1.5",
    "9223372036854775808",
    "'x'",
    "'\\'",
    "\\",
    "%",
    "\u0000",
    "\ud800",
    "\udc00",
    "\u00a0",
    "é",
    "'2024-05-01'",
    "e",
    "-",
    "+",
    "\n",
    "\ufeff",
    "1e999999999999999999999"
  };

  private final long seed = Long.getLong("edgevec.seed", System.nanoTime());
  private final SplitMix64 random = new SplitMix64(seed);
  private final RandomFilters filters = new RandomFilters(seed);

  @Test
  void everyTextIsAFilterOrRefusedWithATypeAndAPlace() {
    int read = 0;
    long longest = 0;
    for (int i = 0; i < INPUTS; i++) {
      String text = text(i % 4);
      long start = System.nanoTime();
      read += isRead(text) ? 1 : 0;
      long nanos = System.nanoTime() - start;
      longest = Math.max(longest, nanos);
      assertThat(nanos).as(text).isLessThan(MAX_NANOS);
    }
    System.out.println(
        "ParserInputsTest: "
            + INPUTS
            + " texts, of which "
            + read
            + " are filters, the longest took "
            + longest / 1000
            + " \u00b5s, -Dedgevec.seed="
            + seed);
    assertThat(read).isBetween(INPUTS / 20, INPUTS * 3 / 4);
  }

  private static boolean isRead(String text) {
    try {
      Node node = Parser.parse(text, new Object[0], null);
      if (!Parser.parse(FilterWriter.write(node), new Object[0], null).equals(node)) {
        throw new AssertionError("is not read as it is written: " + text);
      }
      return true;
    } catch (InvalidInputException e) {
      boolean isTold =
          e.code() == Code.INVALID_FILTER
              && e.getMessage().startsWith("This filter cannot be used: line ")
              && e.getMessage().length() < 400;
      if (!isTold) {
        throw new AssertionError(text, e);
      }
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("-Dedgevec.seed: " + text, e);
    }
  }

  private String text(int kind) {
    StringBuilder text = new StringBuilder();
    if (kind == 0) {
      byte[] bytes = new byte[random.nextInt(60)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) random.nextInt(256);
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    if (kind == 1) {
      for (int i = random.nextInt(20); i > 0; i--) {
        text.append(PARTS[random.nextInt(PARTS.length)]).append(" ".repeat(random.nextInt(2)));
      }
      return text.toString();
    }
    text.append(FilterWriter.write(filters.node(3)));
    for (int i = random.nextInt(4); i > 0; i--) {
      change(text);
    }
    return text.toString();
  }

  private void change(StringBuilder text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(6));
    switch (random.nextInt(4)) {
      case 0 -> text.delete(at, end);
      case 1 -> text.insert(at, PARTS[random.nextInt(PARTS.length)]);
      case 2 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
      default -> text.replace(at, end, String.valueOf((char) random.nextInt(1 << 16)));
    }
  }
}
