package org.edgevec.bench.browser;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.edgevec.bench.Percentiles;

/** How figures are written. */
final class Texts {

  private Texts() {}

  static String seconds(double millis) {
    return String.format(Locale.ROOT, "%.2f", millis / 1000);
  }

  static String millis(double millis) {
    return String.format(Locale.ROOT, millis < 10 ? "%.3f" : "%.1f", millis);
  }

  static String recall(double recall) {
    return String.format(Locale.ROOT, "%.4f", recall);
  }

  static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** How many vectors of how many dimensions. */
  static String size(ServedData data) {
    return count(data.count()) + " × " + data.dimension();
  }

  /** Thousands of bytes. */
  static String kilobytes(double bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes / 1000);
  }

  /** An efSearch, or a similarity. */
  static String parameter(Number parameter) {
    return parameter.toString();
  }

  /** The median of the values, and the range if there are several. */
  static String ratio(double[] values) {
    Percentiles ratios = new Percentiles(values);
    return values.length == 1
        ? String.format(Locale.ROOT, "%.2f", values[0])
        : String.format(
            Locale.ROOT, "%.2f (%.2f to %.2f)", ratios.median(), ratios.min(), ratios.max());
  }

  /** What stands in a table for a peer that did not do it. */
  static String failure(RuntimeException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return e instanceof OverBudget ? message : "failed: " + message;
  }

  /** What a build consists of, in seconds. */
  static String parts(Map<String, Double> millis) {
    return millis.entrySet().stream()
        .map(part -> part.getKey() + " " + seconds(part.getValue()))
        .collect(Collectors.joining(", "));
  }
}
