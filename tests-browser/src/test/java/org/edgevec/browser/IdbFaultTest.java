package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every call of IndexedDB in every operation throws, fails, aborts, never answers, or finds its
 * connection closed: all promises settle, with a typed error or rightly; the database opens
 * afterwards, with everything that was acknowledged, and nothing else by halves.
 *
 * <p>A sample of the cases, another in each run; all of them with {@code -Dedgevec.idb.faults=all}.
 */
@Timeout(7200)
class IdbFaultTest {

  @RegisterExtension static final BrowserSession CHROMIUM = BrowserSession.in(Engine.CHROMIUM);

  private static final boolean ALL = "all".equals(System.getProperty("edgevec.idb.faults"));

  /** One case of so many is in the sample. */
  private static final int SAMPLED = 60;

  private static int cases;

  private record Round(List<String> wrong, int cases, int next) {}

  private static Stream<Arguments> hosts() {
    return Stream.of(Host.values()).map(host -> Arguments.of(CHROMIUM, host));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("hosts")
  void everyCallMayFailInEveryWay(BrowserSession session, Host host) {
    List<String> wrong = new ArrayList<>(run(session, host));
    assertThat(wrong).isEmpty();
  }

  static List<String> run(BrowserSession session, Host host) {
    TestPage page = session.page();
    page.run("window.cases = await import('/idb-fault-cases.js');");
    boolean isWorker = host == Host.WORKER;
    List<String> wrong = new ArrayList<>();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (Object operation : page.list("return cases.operations(" + isWorker + ");")) {
      int step = ALL ? 1 : SAMPLED;
      int from = ALL ? 0 : random.nextInt(step);
      int before = cases;
      while (from >= 0) {
        Map<String, Object> arguments =
            Map.of("operation", operation, "isWorker", isWorker, "from", from, "step", step);
        Round round = new Gson().fromJson(page.run("return cases.round(arg);", arguments), Round.class);
        wrong.addAll(round.wrong());
        cases += round.cases();
        from = round.next();
      }
      System.out.println(host + ", " + operation + ": " + (cases - before) + " faults");
    }
    return wrong;
  }

  @AfterAll
  static void printCases() {
    System.out.println("IndexedDB faults injected: " + cases);
  }
}
