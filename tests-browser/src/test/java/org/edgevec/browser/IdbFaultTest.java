package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call of IndexedDB in every operation throws, fails, aborts, never answers, or finds its
 * connection closed: all promises settle, with a typed error or rightly; the database opens
 * afterwards, with everything that was acknowledged, and nothing else by halves.
 *
 * <p>A sample of the cases, another in each run; all of them with {@code -Dedgevec.idb.faults=all},
 * or every third of them, beginning with the second, with {@code 2/3}.
 */
@Timeout(7200)
class IdbFaultTest {

  @RegisterExtension static final BrowserSession CHROMIUM = BrowserSession.in(Engine.CHROMIUM);

  /** One case of so many is in the sample. */
  static final int SAMPLED = 60;

  /** Which of how many, from 0, and of how many; none for a sample. */
  private static final int[] PART = part(System.getProperty("edgevec.idb.faults", ""));

  private static final long SEED = System.nanoTime();
  private static final Random RANDOM = new Random(SEED);

  private static int cases;

  private static int[] part(String asked) {
    if (asked.isEmpty()) {
      return new int[0];
    }
    String[] parts = asked.equals("all") ? new String[] {"1", "1"} : asked.split("/");
    return new int[] {Integer.parseInt(parts[0]) - 1, Integer.parseInt(parts[1])};
  }

  /** One case of so many is run, where a sample would have one of so many. */
  static int step(int sampled) {
    return PART.length > 0 ? PART[1] : sampled;
  }

  private record Round(List<String> wrong, int cases, int next) {}

  @ParameterizedTest
  @EnumSource
  void everyCallMayFailInEveryWay(Host host) {
    assertThat(run(CHROMIUM, host, null, "", step(SAMPLED))).isEmpty();
  }

  /** The transaction that deletes 31 records to put them as one: once it was half of that. */
  @ParameterizedTest
  @EnumSource
  void aThrowWhereRecordsAreMergedLosesNothing(Host host) {
    assertThat(run(CHROMIUM, host, "put that takes 31 in", "throws", 1)).isEmpty();
  }

  /**
   * A database that does not abort keeps the half of an import in which something threw, and the
   * cases tell. No other operation needs the abort: what it puts comes before what it deletes.
   */
  @Test
  void anAbortThatIsLeftOutIsNoticed() {
    assertThat(throwsInAnImport("UNABORTED", "left"))
        .isNotEmpty()
        .allMatch(wrong -> wrong.contains("cannot be opened: CORRUPT"));
    // Not because the package comes from elsewhere.
    assertThat(throwsInAnImport("CACHED", "kept")).isEmpty();
  }

  private static List<String> throwsInAnImport(String how, String key) {
    TestPage page = CHROMIUM.page();
    page.run(
        "await fetch('/mend/kept');"
            + "window.edgevec = await import(`/changed/${arg.key}/engine.js/${arg.how}/index.js`);"
            + "window.cases = await import('/idb-fault-cases.js');",
        Map.of("how", how, "key", key));
    return run(page, "import", false, "throws", 1);
  }

  /**
   * @param only the operation, or null for all
   * @param ways how the kinds of failure begin
   * @param step one case of so many
   * @return what is wrong
   */
  static List<String> run(BrowserSession session, Host host, String only, String ways, int step) {
    TestPage page = session.page();
    page.run("window.cases = await import('/idb-fault-cases.js');");
    boolean isWorker = host == Host.WORKER;
    List<String> wrong = new ArrayList<>();
    for (Object operation : page.list("return cases.operations(" + isWorker + ");")) {
      if (only == null || only.equals(operation)) {
        wrong.addAll(run(page, (String) operation, isWorker, ways, step));
      }
    }
    return wrong;
  }

  private static List<String> run(
      TestPage page, String operation, boolean isWorker, String ways, int step) {
    List<String> wrong = new ArrayList<>();
    int before = cases;
    int next = step == 1 ? 0 : PART.length > 0 ? PART[0] : RANDOM.nextInt(step);
    while (next >= 0) {
      Map<String, Object> arguments =
          Map.of(
              "operation",
              operation,
              "ways",
              ways,
              "isWorker",
              isWorker,
              "from",
              next,
              "step",
              step);
      Round round =
          new Gson().fromJson(page.run("return cases.round(arg);", arguments), Round.class);
      round.wrong().forEach(System.out::println); // All of them take long.
      wrong.addAll(round.wrong());
      cases += round.cases();
      next = round.next();
    }
    System.out.println(
        (isWorker ? "worker, " : "page, ") + operation + ": " + (cases - before) + " faults");
    return wrong;
  }

  @AfterAll
  static void printCases() {
    System.out.println("IndexedDB faults injected: " + cases + ", seed " + SEED);
  }
}
