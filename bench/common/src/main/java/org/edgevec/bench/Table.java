package org.edgevec.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of results, to be printed for people and pasted into a page. Columns of numbers are
 * aligned to the right, others to the left.
 */
public final class Table {

  private final String title;
  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param title what it shows
   */
  public Table(String title, String... columns) {
    this.title = title;
    this.columns = List.of(columns);
  }

  /**
   * Adds a row.
   *
   * @param cells as many as there are columns
   */
  public Table row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells do not fit into " + columns.size() + " columns.");
    }
    rows.add(List.of(cells));
    return this;
  }

  public String title() {
    return title;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The rows, each as a map from a column's name to the cell. */
  public List<Map<String, String>> rows() {
    List<Map<String, String>> result = new ArrayList<>();
    for (List<String> row : rows) {
      Map<String, String> cells = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        cells.put(columns.get(i), row.get(i));
      }
      result.add(cells);
    }
    return result;
  }

  /** For a terminal, without the title. */
  public String toText() {
    int[] widths = widths();
    boolean[] isNumber = numbers();
    StringBuilder out = new StringBuilder();
    appendText(out, columns, widths, isNumber);
    for (List<String> row : rows) {
      appendText(out, row, widths, isNumber);
    }
    return out.toString();
  }

  /** Which columns hold numbers; a dash stands for one that is missing. */
  private boolean[] numbers() {
    boolean[] result = new boolean[columns.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = true;
      for (List<String> row : rows) {
        result[i] &= row.get(i).matches("[-–+]?[0-9.,]*");
      }
    }
    return result;
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).length();
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static void appendText(
      StringBuilder out, List<String> cells, int[] widths, boolean[] isNumber) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append("  ").append(isNumber[i] ? padding + cells.get(i) : cells.get(i) + padding);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  /** For a page, without the title. */
  public String toMarkdown() {
    StringBuilder out = new StringBuilder();
    appendMarkdown(out, columns);
    for (boolean isNumber : numbers()) {
      out.append(isNumber ? "|--:" : "|---");
    }
    out.append("|\n");
    for (List<String> row : rows) {
      appendMarkdown(out, row);
    }
    return out.toString();
  }

  private static void appendMarkdown(StringBuilder out, List<String> cells) {
    for (String cell : cells) {
      out.append("| ").append(cell.replace("|", "\\|")).append(' ');
    }
    out.append("|\n");
  }
}
