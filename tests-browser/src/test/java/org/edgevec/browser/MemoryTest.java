package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The browser's linear memory, which holds vectors, is given back by whatever ends, and however: a
 * page can have 4 GiB of it for all databases, and no garbage collector looks there. In a worker it
 * ends with the worker.
 */
@Timeout(240)
class MemoryTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  /** Each leak is of a chunk of vectors at the least, which is more than a MiB. */
  private static final int WARM = 9;

  private static final int ROUNDS = 9;

  @Test
  void noOperationKeepsMemory() {
    TestPage page = SESSION.page();
    page.run("window.cases = await import('/memory-cases.js'); await cases.make();");
    for (Object operation : page.list("return cases.operations;")) {
      Map<String, Object> arguments =
          Map.of("operation", operation, "warm", WARM, "rounds", ROUNDS);
      String grown =
          page.run("return cases.growth(arg.operation, arg.warm, arg.rounds);", arguments);
      System.out.println(
          "linear memory grown by " + ROUNDS + " × " + operation + ": " + grown + " bytes");
      assertThat(grown).as("%s keeps linear memory", operation).isEqualTo("0");
    }
  }
}
