package org.edgevec.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints results as they come, and keeps them: {@code NAME.md} with tables to paste into a page,
 * {@code NAME.json} for programs, and plots in a folder {@value #PLOTS}. Both files are written
 * anew after every section, so that a run that is broken off leaves what it found. Not thread-safe.
 */
public final class Report {

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .serializeSpecialFloatingPointValues()
          .create();

  private static final String PLOTS = "plots";

  private final Path folder;
  private final String name;
  private final StringBuilder markdown = new StringBuilder();
  private final Map<String, Object> json = new LinkedHashMap<>();
  private final List<Section> sections = new ArrayList<>();

  /** What the JSON file holds of a section. */
  private record Section(
      String title,
      List<String> texts,
      List<Object> tables,
      Map<String, Object> values,
      List<String> plots) {}

  /**
   * Begins a report and prints its head.
   *
   * @param folder where its files go; made if missing
   * @param name of the files, without their endings
   */
  public Report(Path folder, String name, String title, Machine machine) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.name = name;
    json.put("title", title);
    json.put("machine", machine.description());
    json.put("date", machine.date().toString());
    json.put("sections", sections);
    System.out.printf("%s%n%s%n", title, machine.description());
    markdown.append("# ").append(title).append("\n\n");
    markdown.append(machine.description()).append(".\n");
  }

  /** Begins a section. */
  public void section(String title) throws IOException {
    save();
    sections.add(
        new Section(
            title, new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>()));
    System.out.printf("%n== %s%n", title);
    markdown.append("\n## ").append(title).append('\n');
  }

  /** Adds a paragraph. */
  public void text(String paragraph) {
    last().texts().add(paragraph);
    System.out.printf("%n%s%n", paragraph);
    markdown.append('\n').append(paragraph).append('\n');
  }

  /** Adds a table, unless it has no rows. */
  public void table(Table table) {
    if (table.isEmpty()) {
      return;
    }
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("title", table.title());
    content.put("rows", table.rows());
    last().tables().add(content);
    System.out.printf("%n%s%n%s", table.title(), table.toText());
    markdown.append("\n**").append(table.title()).append("**\n\n").append(table.toMarkdown());
  }

  /**
   * Adds what is not printed, for programs.
   *
   * @param value a number, a text, a record, a list or a map of such
   */
  public void value(String key, Object value) {
    last().values().put(key, value);
  }

  /**
   * Writes a plot, unless there is nothing in it.
   *
   * @param key of its file, without the ending
   */
  public void plot(String key, Plot plot) throws IOException {
    if (plot.isEmpty()) {
      return;
    }
    String file = name + "-" + key + ".svg";
    Path written = Files.createDirectories(folder.resolve(PLOTS)).resolve(file);
    plot.write(written);
    String link = PLOTS + "/" + file;
    last().plots().add(link);
    System.out.printf("%nPlot: %s%n", written);
    markdown.append("\n![").append(plot.title()).append("](").append(link).append(")\n");
  }

  private Section last() {
    if (sections.isEmpty()) {
      throw new IllegalStateException("A report begins with a section.");
    }
    return sections.get(sections.size() - 1);
  }

  /** Writes what there is; {@link #section} does so, too. */
  public void save() throws IOException {
    Files.writeString(folder.resolve(name + ".md"), markdown);
    Files.writeString(folder.resolve(name + ".json"), GSON.toJson(json) + "\n");
  }

  /** The file with the tables. */
  public Path markdownFile() {
    return folder.resolve(name + ".md");
  }
}
