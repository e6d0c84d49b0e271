package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works as shown. */
@Timeout(120)
class ReadmeTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMMAND = Pattern.compile("\\./dev ([a-z][a-z-]*)");

  private static final double[] QUERY = {0.8, 0.4, 0.0};
  private static final double[] TEA = {0.9, 0.1, 0.0};
  private static final double[] BREAD = {0.7, 0.6, 0.1};

  @TempDir Path work;

  @Test
  void theJavaProgramCompilesAndFindsTheNearestEntries() throws Exception {
    compile("Notes.java", javaBlock());
    // The second run finds the database of the first.
    for (int run = 1; run <= 2; run++) {
      List<String> lines = run("Notes");
      assertThat(lines).as("run %d", run).hasSize(2);
      assertHit(lines.get(0), "bread", cosine(QUERY, BREAD));
      assertHit(lines.get(1), "tea", cosine(QUERY, TEA));
    }
    assertThat(work.resolve("notes")).isDirectory();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void everyDevCommandThatThePagesNameExists() throws Exception {
    Set<String> known = commandsIn(devHelp());
    assertThat(commandsIn(readme())).contains("demo", "test").isSubsetOf(known);
    assertThat(commandsIn(Files.readString(ROOT.resolve("docs/durability.md")))).isSubsetOf(known);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theReadmeListsEveryDevCommand() throws Exception {
    Set<String> known = commandsIn(devHelp());
    known.remove("help");
    assertThat(commandsIn(readme())).containsAll(known);
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static String javaBlock() throws IOException {
    Matcher block = JAVA_BLOCK.matcher(readme());
    assertThat(block.find()).as("the README has a Java block").isTrue();
    String code = block.group(1);
    assertThat(block.find()).as("the README has a second Java block").isFalse();
    return code;
  }

  private void compile(String fileName, String code) throws IOException {
    Path source = Files.writeString(work.resolve(fileName), code);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-Xlint:all",
                "-Werror",
                "-proc:none",
                "-classpath",
                System.getProperty("java.class.path"),
                source.toString());
    assertThat(result).as("javac's exit code").isZero();
  }

  private List<String> run(String mainClass) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        work + System.getProperty("path.separator") + System.getProperty("java.class.path");
    return output(new ProcessBuilder(java, "-cp", classPath, mainClass).directory(work.toFile()));
  }

  private static String devHelp() throws IOException, InterruptedException {
    ProcessBuilder help = new ProcessBuilder("bash", ROOT.resolve("dev").toString(), "help");
    return String.join("\n", output(help));
  }

  private static List<String> output(ProcessBuilder command)
      throws IOException, InterruptedException {
    Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines = new ArrayList<>();
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    }
    assertThat(process.waitFor()).as("exit code of %s", command.command()).isZero();
    return lines;
  }

  private static Set<String> commandsIn(String text) {
    Set<String> commands = new TreeSet<>();
    Matcher matcher = COMMAND.matcher(text);
    while (matcher.find()) {
      commands.add(matcher.group(1));
    }
    return commands;
  }

  private static void assertHit(String line, String id, double score) {
    String[] words = line.split(" ", -1);
    assertThat(words[0]).isEqualTo(id);
    assertThat(Double.parseDouble(words[1])).as(id).isCloseTo(score, within(1e-6));
  }

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
