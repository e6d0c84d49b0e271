package org.edgevec.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a README tells its readers to copy. */
final class Readme {

  /** The repository. Surefire runs in the folder of the module. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  static final String VERSION = System.getProperty("edgevec.version");

  private final String name;
  private final String text;

  private Readme(String name, String text) {
    this.name = name;
    this.text = text;
  }

  static Readme at(String path) throws IOException {
    return new Readme(path, Files.readString(ROOT.resolve(path)));
  }

  /** The contents of all blocks of a language. */
  List<String> blocks(String language) {
    Pattern block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL);
    List<String> found = block.matcher(text).results().map(match -> match.group(1)).toList();
    assertThat(found).as("blocks of %s in %s", language, name).isNotEmpty();
    return found;
  }

  /** The one place that a pattern has, in full or its first group. */
  MatchResult only(String pattern) {
    List<MatchResult> found = Pattern.compile(pattern).matcher(text).results().toList();
    assertThat(found).as("places of %s in %s", pattern, name).hasSize(1);
    return found.get(0);
  }
}
