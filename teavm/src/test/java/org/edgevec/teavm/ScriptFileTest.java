package org.edgevec.teavm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScriptFileTest {

  private static final ScriptFile FILE =
      new ScriptFile(
          "some.js",
          """
          /** Adds. */
          export function add(a, b) {
            if (a) {
              return sum(a, b);
            }
            return b;
          }

          /** @param {number} a */
          function sum(a, b) {
            return a + b;
          }

          export function nothing() {
          }
          """);

  @Test
  void theBodyOfAnExportedFunctionIsFound() {
    assertThat(FILE.body("add", List.of("a", "b")))
        .isEqualTo("  if (a) {\n    return sum(a, b);\n  }\n  return b;\n");
    assertThat(FILE.body("nothing", List.of())).isEmpty();
  }

  @Test
  void whatIsNotExportedIsThereForAll() {
    assertThat(FILE.helpers()).isEqualTo("function sum(a, b) {\n  return a + b;\n}\n");
  }

  @Test
  void whatDoesNotFitFailsTheBuild() {
    assertThatThrownBy(() -> FILE.body("sum", List.of("a", "b")))
        .hasMessage("some.js exports no function sum.");
    assertThatThrownBy(() -> FILE.body("add", List.of("b", "a")))
        .hasMessage("some.js: add takes [a, b], and Java gives [b, a].");
    assertThatThrownBy(() -> new ScriptFile("other.js", "import { a } from './a.js';\n"))
        .hasMessageContaining("other.js imports something");
  }
}
