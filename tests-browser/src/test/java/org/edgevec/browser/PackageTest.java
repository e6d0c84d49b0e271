package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The package where there is no browser: in Node, and for the TypeScript compiler. */
@Timeout(60)
class PackageTest {

  private static final Path PROJECT = ModuleFolder.built("target/npm");
  private static final Path SCRIPTS = PROJECT.resolve("../../../backend-idb/src/main/js");

  private record Ended(int status, String output) {}

  @Test
  void importingInNodeIsSafeAndOpeningSaysWhatIsMissing() throws IOException, InterruptedException {
    Ended ended = run("node", "in-node.mjs");
    assertThat(ended.output()).isEqualTo("UNSUPPORTED_PLATFORM true true\n");
    assertThat(ended.status()).isZero();
  }

  @Test
  void theTypesHoldUnderStrict() throws IOException, InterruptedException {
    Ended ended = tsc("usage.ts");
    assertThat(ended.output()).isEmpty();
    assertThat(ended.status()).isZero();
  }

  @Test
  void wrongUsesAreTypeErrors() throws IOException, InterruptedException {
    Ended ended = tsc("misuse.ts");
    List<String> lines = Files.readAllLines(PROJECT.resolve("misuse.ts"));
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).endsWith("// wrong")) {
        assertThat(ended.output()).as(lines.get(i)).contains("misuse.ts(" + (i + 1) + ",");
      }
    }
    assertThat(ended.output().lines().filter(line -> line.startsWith("misuse.ts")))
        .hasSize((int) lines.stream().filter(line -> line.endsWith("// wrong")).count());
  }

  @Test
  void theTarballHoldsWhatIsNeededAndNoMore() throws IOException {
    try (var paths = Files.walk(PROJECT.resolve("node_modules/edgevec-java"))) {
      assertThat(paths.filter(Files::isRegularFile).map(path -> path.getFileName().toString()))
          .contains("package.json", "index.js", "index.d.ts", "README.md", "LICENSE")
          .filteredOn(name -> name.endsWith(".wasm"))
          .hasSize(1);
    }
  }

  @Test
  void theScriptsOfStorageHoldUnderStrict() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                "node_modules/typescript/bin/tsc",
                "--strict",
                "--noUnusedLocals",
                "--noUnusedParameters",
                "--noImplicitReturns",
                "--noEmit",
                "--allowJs",
                "--checkJs",
                "--target",
                "es2022",
                "--lib",
                "es2022,dom,dom.iterable",
                "--moduleDetection",
                "force"));
    try (var files = Files.list(SCRIPTS)) {
      files.map(file -> file.toAbsolutePath().toString()).sorted().forEach(command::add);
    }
    Ended ended = run(command.toArray(String[]::new));
    assertThat(ended.output()).isEmpty();
    assertThat(ended.status()).isZero();
  }

  private static Ended tsc(String file) throws IOException, InterruptedException {
    return run(
        "node",
        "node_modules/typescript/bin/tsc",
        "--strict",
        "--noEmit",
        "--target",
        "es2022",
        "--lib",
        "es2022,dom,dom.iterable",
        "--module",
        "nodenext",
        "--moduleResolution",
        "nodenext",
        "--exactOptionalPropertyTypes",
        file);
  }

  private static Ended run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(PROJECT.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
