package org.edgevec.js;

import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metric;
import org.edgevec.storage.Durability;

/** The names that JavaScript has for enum constants. */
final class Names {

  private Names() {}

  static String of(Metric metric) {
    return switch (metric) {
      case L2 -> "l2";
      case COSINE -> "cosine";
      case DOT -> "dot";
    };
  }

  static String of(Durability durability) {
    return durability == Durability.STRICT ? "strict" : "relaxed";
  }

  static Metric metric(String name) {
    for (Metric metric : Metric.values()) {
      if (of(metric).equals(name)) {
        return metric;
      }
    }
    throw new InvalidInputException(
        Code.INVALID_ARGUMENT, "The metric is \"" + name + "\"; choose 'l2', 'cosine' or 'dot'.");
  }

  static Durability durability(String name) {
    for (Durability durability : Durability.values()) {
      if (of(durability).equals(name)) {
        return durability;
      }
    }
    throw new InvalidInputException(
        Code.INVALID_ARGUMENT, "The durability is \"" + name + "\"; choose 'strict' or 'relaxed'.");
  }
}
