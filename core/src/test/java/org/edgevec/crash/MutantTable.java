package org.edgevec.crash;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.edgevec.crash.MutantRun.Layer;

/** The table in docs/durability.md of the mutants and what noticed each. */
final class MutantTable {

  /** The heading of the section that holds it. */
  static final String HEADING = "## The harness is tested";

  private static final String HEAD = "| Mutant | Noticed by | Within |\n|---|---|---|\n";

  private MutantTable() {}

  /**
   * A mutant that was noticed.
   *
   * @param layer which noticed it first
   * @param looked how many states, workloads, damaged stores or faults that took
   */
  record Row(String mutant, Layer layer, long looked) {}

  /** What a row of the page says. */
  private record Documented(String noticedBy, long within) {}

  /** The summary and the table as the page should have them. */
  static String markdown(List<Row> rows, int mutants) {
    StringBuilder text = new StringBuilder(summary(rows, mutants)).append("\n\n").append(HEAD);
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %,d |%n",
              row.mutant(),
              noticedBy(row.layer()),
              bound(row.looked())));
    }
    return text.toString();
  }

  /** Where a page is not what a run found; nothing if it is. */
  static List<String> differences(List<Row> rows, int mutants, String page) {
    Map<String, Documented> documented = documented(page);
    List<String> differences = new ArrayList<>();
    if (!section(page).contains(summary(rows, mutants) + "\n")) {
      differences.add("there is no line \"" + summary(rows, mutants) + "\"");
    }
    for (Row row : rows) {
      Documented says = documented.remove(row.mutant());
      if (says == null) {
        differences.add("\"" + row.mutant() + "\" is missing");
      } else if (!says.noticedBy().equals(noticedBy(row.layer())) || says.within() < row.looked()) {
        differences.add(
            "\"" + row.mutant() + "\" took " + row.looked() + " " + noticedBy(row.layer()));
      }
    }
    documented.keySet().forEach(name -> differences.add("no mutant noticed is \"" + name + "\""));
    return differences;
  }

  private static String summary(List<Row> rows, int mutants) {
    List<String> parts = new ArrayList<>();
    for (Layer layer : Layer.values()) {
      long count = rows.stream().filter(row -> row.layer() == layer).count();
      parts.add(count + " by " + noticedBy(layer));
    }
    return rows.size()
        + " mutants of "
        + mutants
        + " are noticed: "
        + String.join(", ", parts)
        + ".";
  }

  private static String noticedBy(Layer layer) {
    return switch (layer) {
      case CRASH -> "crash states";
      case ORDER -> "the order of steps";
      case DAMAGE -> "damaged stores";
      case FAULT -> "faults";
    };
  }

  /** Half as much again, and then the next of 10, 20, 50, 100, and so on. */
  private static long bound(long looked) {
    long needed = looked + looked / 2;
    for (long ten = 10; ; ten *= 10) {
      for (int times : new int[] {1, 2, 5}) {
        if (times * ten >= needed) {
          return times * ten;
        }
      }
    }
  }

  private static String section(String page) {
    int start = page.indexOf(HEADING + "\n");
    if (start < 0) {
      return "";
    }
    int end = page.indexOf("\n## ", start);
    return page.substring(start, end < 0 ? page.length() : end);
  }

  private static Map<String, Documented> documented(String page) {
    Map<String, Documented> rows = new LinkedHashMap<>();
    String section = section(page);
    int table = section.indexOf(HEAD);
    if (table >= 0) {
      section
          .substring(table + HEAD.length())
          .lines()
          .takeWhile(l -> l.startsWith("| "))
          .forEach(
              line -> {
                String[] cells = line.split("\\|", -1);
                long within = Long.parseLong(cells[3].strip().replace(",", ""));
                rows.put(cells[1].strip(), new Documented(cells[2].strip(), within));
              });
    }
    return rows;
  }
}
