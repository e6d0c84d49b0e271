package org.edgevec.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./dev install java}, and what a Java user does next. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(OS.WINDOWS)
class JavaInstallTest {

  private static final List<String> JARS = List.of("edgevec", "edgevec-core", "edgevec-simd");

  /** What the example prints: the nearest first, with its score. */
  private static final List<String> HITS = List.of("bread 0\\.9\\d+", "tea 0\\.9\\d+");

  private static final String VECTOR_API = "--add-modules=jdk.incubator.vector";

  /** A project of these plugins, which this build uses, too, and of what the README says. */
  private static final String POM =
      """
      <project>
        <modelVersion>4.0.0</modelVersion>
        <groupId>com.example</groupId>
        <artifactId>notes</artifactId>
        <version>1</version>
        <properties>
          <maven.compiler.release>17</maven.compiler.release>
          <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
        </properties>
        <dependencies>
      %s
        </dependencies>
        <build>
          <plugins>
            <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
            <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.0</version></plugin>
            <plugin><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version></plugin>
          </plugins>
        </build>
      </project>
      """;

  /** Its folders have spaces in their names, as homes of users do. */
  @TempDir static Path work;

  private LocalRepository repository;
  private List<String> dependencies;

  @BeforeAll
  void install() throws IOException, InterruptedException {
    repository = LocalRepository.withoutEdgeVec(work.resolve("local repository"));
    assertThat(repository.ours()).doesNotExist();
    Commands.run(Readme.ROOT, List.of("bash", "./dev", "install", "java", repository.option()));
    dependencies = Readme.at("README.md").blocks("xml");
  }

  @AfterAll
  void leaveTheMachinesRepositoryAlone() throws IOException {
    repository.close();
  }

  @Test
  void whatUsersNeedIsThereAndNothingElse() throws IOException {
    assertThat(repository.artifacts())
        .containsExactly("edgevec", "edgevec-core", "edgevec-parent", "edgevec-simd");
    assertThat(repository.file("edgevec-parent", ".pom")).isNotEmptyFile();
    for (String name : JARS) {
      for (String ending : List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar")) {
        assertThat(repository.file(name, ending)).isNotEmptyFile();
      }
    }
  }

  @Test
  void eachJarHoldsItsLicenseAndVersion() throws IOException {
    for (String name : JARS) {
      for (String ending : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
        try (JarFile jar = new JarFile(repository.file(name, ending).toFile())) {
          assertThat(jar.getEntry("META-INF/LICENSE")).as(jar.getName()).isNotNull();
          assertThat(attribute(jar, "Implementation-Version")).isEqualTo(Readme.VERSION);
        }
      }
    }
    try (JarFile jar = new JarFile(repository.file("edgevec-core", "-javadoc.jar").toFile())) {
      String pages = "org.edgevec.core/org/edgevec/";
      assertThat(jar.getEntry(pages + "VectorDatabase.html")).isNotNull();
      assertThat(jar.getEntry(pages + "storage/StorageBackend.html")).isNotNull();
      assertThat(jar.getEntry(pages + "wal/WriteAheadLog.html")).isNull();
    }
  }

  /** What a module shows to all is what EdgeVec promises to keep. */
  @Test
  void eachModuleShowsWhatIsMeantForUsersAndNothingElse() {
    assertThat(ModularNotes.shownBy(repository.file("edgevec-core", ".jar")))
        .containsExactly("org.edgevec.core", "org.edgevec", "org.edgevec.storage");
    assertThat(ModularNotes.shownBy(repository.file("edgevec", ".jar")))
        .containsExactly("org.edgevec.file", "org.edgevec.file");
    assertThat(ModularNotes.shownBy(repository.file("edgevec-simd", ".jar")))
        .containsExactly("org.edgevec.simd");
  }

  @Test
  void aUsersModuleCannotReachWhatIsInside() throws IOException {
    ModularNotes notes = ModularNotes.in(work.resolve("curious"), jars("edgevec", "edgevec-core"));
    for (String inside : List.of("wal.WriteAheadLog", "index.HnswGraph", "vector.Kernel")) {
      assertThat(notes.errorsOf("Object inside = org.edgevec." + inside + ".class;"))
          .contains("package org.edgevec." + inside.replaceAll("\\..*", "") + " is not visible");
    }
    assertThat(notes.errorsOf("Object shown = org.edgevec.storage.StorageBackend.class;"))
        .isEmpty();
  }

  @Test
  void aModularProgramRunsFromAnImageWithoutSimd() throws Exception {
    ModularNotes notes = ModularNotes.in(work.resolve("image"), jars("edgevec", "edgevec-core"));
    notes.compile();
    notes.link(ModularNotes.MODULE);
    assertThat(notes.modulesOfTheImage())
        .containsExactlyInAnyOrder(
            ModularNotes.MODULE, "org.edgevec.file", "org.edgevec.core", "java.base");
    List<String> lines = notes.runFromTheImage("-verbose:class");
    assertScoredBy("org.edgevec.vector.ScalarKernel", "jrt:/org.edgevec.core", lines);
    assertHits(printed(lines));
    // The second run finds the database of the first.
    assertHits(notes.runFromTheImage());
    assertThat(notes.database()).isDirectory();
  }

  @Test
  void withTheSecondModuleItsImageRunsOnSimdInstructions() throws Exception {
    ModularNotes notes =
        ModularNotes.in(
            work.resolve("simd image"), jars("edgevec", "edgevec-core", "edgevec-simd"));
    notes.compile();
    // Nobody requires the kernels: to lie on the module path is enough.
    assertRunsOnSimd(notes.runFromTheModulePath("-verbose:class"), "edgevec-simd-");
    notes.link(ModularNotes.MODULE, "org.edgevec.simd");
    assertRunsOnSimd(notes.runFromTheImage("-verbose:class"), "jrt:/org.edgevec.simd");
    assertHits(notes.runFromTheImage());
  }

  private static void assertRunsOnSimd(List<String> lines, String source) {
    assertScoredBy("org.edgevec.simd.VectorApiKernel", source, lines);
    // Chosen, and asked for where vectors shall lie.
    assertScoredBy("org.edgevec.simd.ArrayCodes", source, lines);
    assertHits(printed(lines));
  }

  private static void assertScoredBy(String loaded, String source, List<String> lines) {
    List<String> found =
        lines.stream()
            .filter(line -> line.contains(" " + loaded + " ") && line.contains(source))
            .toList();
    assertThat(found).as("loads of %s from %s", loaded, source).hasSize(1);
    System.out.println("JavaInstallTest: " + found.get(0));
  }

  /** What Maven Central refuses a POM without; the rest of what it asks are the jars above. */
  @Test
  void thePomsSayWhatARepositoryAsksFor() throws IOException {
    String parent = Files.readString(repository.file("edgevec-parent", ".pom"));
    assertThat(parent).contains("<url>", "<license>", "<developer>", "<scm ", "<connection>");
    for (String name : JARS) {
      assertThat(Files.readString(repository.file(name, ".pom")))
          .contains("<name>", "<description>", "<artifactId>edgevec-parent</artifactId>")
          .doesNotContain("SNAPSHOT");
    }
  }

  @Test
  void theExampleRunsFromAProjectWithTheFirstDependency() throws Exception {
    Path project = project("scalar", dependencies.get(0));
    assertThat(classPath(project)).containsExactlyInAnyOrder(jar("edgevec"), jar("edgevec-core"));
    // The second run finds the database of the first.
    assertHits(runNotes(project));
    assertHits(runNotes(project));
    assertThat(project.resolve("notes")).isDirectory();
  }

  @Test
  void withBothDependenciesItRunsOnSimdInstructions() throws Exception {
    Path project = project("simd", dependencies.get(0) + dependencies.get(1));
    assertThat(classPath(project))
        .containsExactlyInAnyOrder(jar("edgevec"), jar("edgevec-core"), jar("edgevec-simd"));
    List<String> lines = runNotes(project, VECTOR_API, "-verbose:class");
    assertThat(lines)
        .anyMatch(line -> line.contains("org.edgevec.simd.") && line.contains("edgevec-simd-"));
    assertHits(printed(lines));
    // A JVM that was started without the module runs without it.
    assertHits(runNotes(project));
  }

  @Test
  void theReadmeHasTheSameCoordinatesForGradle() throws IOException {
    String gradle = Readme.at("README.md").blocks("kotlin").get(0);
    List<String> coordinates =
        Pattern.compile("\"([^\"]+)\"").matcher(gradle).results().map(m -> m.group(1)).toList();
    assertThat(coordinates)
        .containsExactlyElementsOf(
            dependencies.stream().map(JavaInstallTest::coordinates).toList());
  }

  private static String coordinates(String dependency) {
    return Pattern.compile("<(?:groupId|artifactId|version)>([^<]+)<")
        .matcher(dependency)
        .results()
        .map(match -> match.group(1))
        .reduce((a, b) -> a + ":" + b)
        .orElseThrow();
  }

  private static String attribute(JarFile jar, String name) throws IOException {
    String value = jar.getManifest().getMainAttributes().getValue(name);
    assertThat(value).as("%s of %s", name, jar.getName()).isNotNull();
    return value;
  }

  private String jar(String artifact) {
    return repository.file(artifact, ".jar").toString();
  }

  private String jars(String... artifacts) {
    return Stream.of(artifacts).map(this::jar).collect(Collectors.joining(File.pathSeparator));
  }

  /** A project with the README's program, compiled. */
  private Path project(String name, String dependencies) throws IOException, InterruptedException {
    Path project = work.resolve("project " + name);
    Path sources = Files.createDirectories(project.resolve("src/main/java"));
    List<String> programs = Readme.at("README.md").blocks("java");
    assertThat(programs).hasSize(1);
    Files.writeString(project.resolve("pom.xml"), POM.formatted(dependencies));
    Files.writeString(sources.resolve("Notes.java"), programs.get(0));
    String[] goals = {"compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath.txt"};
    Commands.run(project, Commands.maven(repository, goals));
    return project;
  }

  private static List<String> classPath(Path project) throws IOException {
    String classPath = Files.readString(project.resolve("classpath.txt")).strip();
    return List.of(classPath.split(Pattern.quote(File.pathSeparator), -1));
  }

  private static List<String> runNotes(Path project, String... options) throws Exception {
    List<String> classPath = new ArrayList<>(classPath(project));
    classPath.add(project.resolve("target/classes").toString());
    List<String> command = Commands.java(options);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), "Notes"));
    return Commands.run(project, command);
  }

  /** What a program printed, without what the JVM told of its classes. */
  private static List<String> printed(List<String> lines) {
    return lines.stream().filter(line -> !line.startsWith("[")).toList();
  }

  private static void assertHits(List<String> lines) {
    assertThat(lines).hasSameSizeAs(HITS);
    for (int i = 0; i < HITS.size(); i++) {
      assertThat(lines.get(i)).matches(HITS.get(i));
    }
  }
}
