package org.edgevec.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The README's program as a module, and what its author does with the JDK's tools. */
final class ModularNotes {

  static final String MODULE = "com.example.notes";

  private static final String MAIN = MODULE + "/" + MODULE + ".Notes";

  private final Path folder;
  private final Path sources;
  private final Path classes;
  private final Path image;
  private final String jars;

  private ModularNotes(Path folder, String jars) {
    this.folder = folder;
    this.sources = folder.resolve("sources");
    this.classes = folder.resolve("classes");
    this.image = folder.resolve("image");
    this.jars = jars;
  }

  /** In a new folder, with these jars on its module path. */
  static ModularNotes in(Path folder, String jars) throws IOException {
    ModularNotes notes = new ModularNotes(folder, jars);
    Files.createDirectories(notes.sources);
    String needed = Readme.at("README.md").only("`(requires [a-z.]+;)`").group(1);
    Files.writeString(
        notes.sources.resolve("module-info.java"), "module " + MODULE + " { " + needed + " }");
    return notes;
  }

  /** The name of a jar's module, and behind it the packages that it shows to all. */
  static List<String> shownBy(Path jar) {
    ModuleDescriptor module = ModuleFinder.of(jar).findAll().iterator().next().descriptor();
    assertThat(module.isAutomatic()).as("%s is a module by its name alone", jar).isFalse();
    Stream<String> shown =
        module.exports().stream()
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .sorted();
    return Stream.concat(Stream.of(module.name()), shown).toList();
  }

  /** Compiles the README's program. */
  void compile() throws IOException {
    String program = Readme.at("README.md").blocks("java").get(0);
    assertThat(javac("package " + MODULE + ";\n" + program)).isEmpty();
  }

  /** What the compiler says of this statement in the module. */
  String errorsOf(String statement) throws IOException {
    return javac("package " + MODULE + "; class Notes { void run() { " + statement + " } }");
  }

  private String javac(String program) throws IOException {
    Path source = sources.resolve("Notes.java");
    Files.writeString(source, program);
    return tool(
        "javac",
        List.of("-p", jars, "-d", classes.toString()),
        List.of(sources.resolve("module-info.java").toString(), source.toString()));
  }

  /** Makes an image of these modules and what they require. */
  void link(String... modules) {
    String path = classes + File.pathSeparator + jars;
    String roots = String.join(",", modules);
    String errors =
        tool("jlink", List.of("-p", path, "--add-modules", roots), List.of("--output", image + ""));
    assertThat(image.resolve("bin/java")).as(errors).isExecutable();
  }

  /** Runs a tool of the JDK in this JVM, and gives what it printed. */
  private static String tool(String name, List<String> options, List<String> rest) {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(rest);
    StringWriter printed = new StringWriter();
    PrintWriter out = new PrintWriter(printed);
    ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments.toArray(String[]::new));
    return printed.toString();
  }

  /** The modules that the image holds. */
  List<String> modulesOfTheImage() throws IOException, InterruptedException {
    List<String> lines = Commands.run(folder, List.of(javaOfTheImage(), "--list-modules"));
    return lines.stream().map(line -> line.replaceAll("@.*", "")).toList();
  }

  List<String> runFromTheImage(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(javaOfTheImage()));
    command.addAll(List.of(options));
    command.addAll(List.of("-m", MAIN));
    return Commands.run(folder, command);
  }

  List<String> runFromTheModulePath(String... options) throws IOException, InterruptedException {
    List<String> command = Commands.java(options);
    command.addAll(List.of("-p", classes + File.pathSeparator + jars, "-m", MAIN));
    return Commands.run(folder, command);
  }

  private String javaOfTheImage() {
    return image.resolve("bin/java").toString();
  }

  /** Where the program puts its database. */
  Path database() {
    return folder.resolve("notes");
  }
}
