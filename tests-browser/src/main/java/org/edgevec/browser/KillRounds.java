package org.edgevec.browser;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.edgevec.browser.KillScript.Stored;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of one run of {@link BrowserKills}: a page writes, something is killed, another page
 * reads. They share the profile, and the browser until it is killed.
 *
 * <p>Whatever fails or hangs is a violation: a browser that takes too long over a step is ended by
 * a watchdog, and then what waits for it fails. Only a browser that does not start is given a
 * second attempt.
 */
final class KillRounds implements AutoCloseable {

  private static final long WRITE_SECONDS = 60;
  private static final long HANG_SECONDS = 120;

  private final KillPlan plan;
  private final Playwright playwright;
  private final Path profile;
  private final PackageServer server;
  private final KillLedger ledger;
  private final PrintWriter out;
  private final KillSummary summary = new KillSummary();
  private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor();
  private volatile @Nullable KillableBrowser browser;
  private boolean stopped;

  /** Who is killed. */
  enum Victim {
    /** The tab is closed. */
    PAGE,
    /** The process that renders it gets SIGKILL. */
    RENDERER,
    /** All processes of the browser get SIGKILL. */
    BROWSER;

    /** In turn, so that a short run has all of them, too. */
    static Victim of(int round) {
      return values()[round % values().length];
    }
  }

  /** A step that a browser may fail in, or hang in. */
  private interface Step<T> {
    T run() throws IOException, InterruptedException;
  }

  KillRounds(
      KillPlan plan,
      Playwright playwright,
      Path profile,
      PackageServer server,
      KillLedger ledger,
      PrintWriter out) {
    this.plan = plan;
    this.playwright = playwright;
    this.profile = profile;
    this.server = server;
    this.ledger = ledger;
    this.out = out;
  }

  /** What was found so far. */
  KillSummary summary() {
    summary.acknowledged = ledger.acknowledgedInAll();
    return summary;
  }

  /** Whether there is no use in a further round, because of a violation. */
  boolean isStopped() {
    return stopped;
  }

  /** Writes, kills once so many writes are acknowledged, and reads. */
  void run(int round, Victim victim, int writesBeforeKill)
      throws IOException, InterruptedException {
    ledger.begin(round);
    int before = summary.violations.size();
    write(round, victim, writesBeforeKill);
    plan.afterKill().accept(victim, profile);
    String result = stopped ? "not read" : check(round);
    summary
        .violations
        .subList(before, summary.violations.size())
        .forEach(violation -> out.println("VIOLATION " + violation));
    out.printf(
        "%4d  %-8s  acknowledged %5d  %s%n", round, victim, ledger.acknowledgedCount(), result);
  }

  private void write(int round, Victim victim, int writesBeforeKill)
      throws IOException, InterruptedException {
    try {
      watched(
          () -> {
            Page writer = open("/kills.html?" + (round % 2 == 0 ? "worker&" : "") + plan.query());
            writer.evaluate("round => { startWriting(round); }", round);
            awaitAcknowledged(writer, writesBeforeKill);
            kill(victim, writer);
            return writer;
          });
      summary.kills.merge(victim, 1, Integer::sum);
    } catch (NotStarted e) {
      stop(round, brief(e));
    } catch (PlaywrightException | IllegalStateException e) {
      summary.violations.add("round " + round + ": the page did not get to write: " + brief(e));
      endBrowser();
    }
  }

  private String check(int round) throws IOException, InterruptedException {
    JsonObject answer;
    try {
      answer = watched(this::read);
    } catch (NotStarted | PlaywrightException | IllegalStateException e) {
      stop(round, "reading failed: " + brief(e));
      return "not readable";
    }
    summary.storage.addAll(IndexedDbFiles.kinds(profile));
    checkTarget();
    return judge(round, answer);
  }

  private JsonObject read() throws IOException, InterruptedException {
    Page reader = open("/kills.html");
    try {
      return JsonParser.parseString((String) reader.evaluate("readAll()")).getAsJsonObject();
    } finally {
      reader.close();
    }
  }

  private void checkTarget() {
    for (IndexedDbFiles.Kind kind : summary.storage) {
      if (!plan.target().accepts(kind)) {
        throw new IllegalStateException(
            summary.version
                + " keeps IndexedDB in "
                + kind
                + " and so cannot be "
                + plan.target()
                + ".");
      }
    }
  }

  private void stop(int round, String why) throws InterruptedException {
    summary.violations.add("round " + round + ": " + why + "; no use in going on");
    stopped = true;
    endBrowser();
  }

  /** The message without the driver's stack. */
  private static String brief(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().limit(2).collect(Collectors.joining(" "));
  }

  private Page open(String path) throws IOException, InterruptedException {
    Page page = browser().newPage();
    page.navigate(server.url(path));
    page.waitForFunction("window.ready");
    return page;
  }

  private KillableBrowser browser() throws InterruptedException {
    KillableBrowser running = browser;
    if (running == null) {
      running = start();
      browser = running;
      summary.version = running.version();
    }
    return running;
  }

  private KillableBrowser start() throws InterruptedException {
    try {
      return plan.target().start(playwright, profile);
    } catch (IOException e) {
      summary.failedStarts++;
      out.println("The browser did not start, once more: " + e.getMessage());
    }
    try {
      return plan.target().start(playwright, profile);
    } catch (IOException e) {
      throw new NotStarted("the browser does not start on this profile: " + e.getMessage(), e);
    }
  }

  private void endBrowser() throws InterruptedException {
    KillableBrowser running = browser;
    browser = null;
    if (running != null) {
      running.kill();
    }
  }

  private void awaitAcknowledged(Page writer, int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WRITE_SECONDS);
    while (ledger.acknowledgedCount() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The page wrote too little in "
                + WRITE_SECONDS
                + " seconds: "
                + ledger.acknowledgedCount()
                + " of "
                + count
                + " writes; it says: "
                + writer.evaluate("window.failed"));
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private void kill(Victim victim, Page writer) throws IOException, InterruptedException {
    switch (victim) {
      case PAGE -> writer.close();
      case RENDERER -> {
        browser().killPages();
        writer.close();
      }
      case BROWSER -> endBrowser();
    }
  }

  private String judge(int round, JsonObject answer) throws InterruptedException {
    boolean expected = ledger.expectsEntries();
    boolean lostByBrowser = expected && !answer.get("browserHasFiles").getAsBoolean();
    if (lostByBrowser) {
      summary.storesLost++;
    }
    if (answer.has("error")) {
      return judgeError(round, answer.get("error").getAsString(), lostByBrowser);
    }
    List<Stored> found = entries(answer.getAsJsonArray("entries"));
    if (found.isEmpty() && expected) {
      summary.violations.add("round " + round + ": the database is silently empty");
    }
    KillLedger.Verdict verdict = ledger.check(found);
    summary.recovered += verdict.writes();
    summary.lost += verdict.lost();
    summary.halfBatches += verdict.halfBatches();
    summary.violations.addAll(verdict.violations());
    return String.format(
        "recovered %5d  entries %5d  torn bytes %d",
        verdict.writes(), found.size(), answer.get("tornBytes").getAsLong());
  }

  private String judgeError(int round, String error, boolean lostByBrowser)
      throws InterruptedException {
    if (lostByBrowser && error.startsWith("LOST")) {
      summary.storesToldLost++;
      ledger.lostAll();
      return "the browser lost the store: " + error;
    }
    stop(round, error);
    return error;
  }

  private static List<Stored> entries(JsonArray array) {
    Gson gson = new Gson();
    List<Stored> entries = new ArrayList<>();
    for (JsonElement element : array) {
      entries.add(gson.fromJson(element, Stored.class));
    }
    return entries;
  }

  /** Runs a step; if it takes too long, ends the browser, so that it fails. */
  private <T> T watched(Step<T> step) throws IOException, InterruptedException {
    Future<?> alarm = watchdog.schedule(this::endHanging, HANG_SECONDS, TimeUnit.SECONDS);
    try {
      return step.run();
    } finally {
      alarm.cancel(false);
    }
  }

  /** On the watchdog's thread. */
  private void endHanging() {
    KillableBrowser running = browser;
    out.println("The browser hangs, for " + HANG_SECONDS + " seconds; it is ended.");
    if (running != null) {
      running.close();
    }
  }

  @Override
  public void close() {
    watchdog.shutdownNow();
    KillableBrowser running = browser;
    if (running != null) {
      running.close();
    }
  }

  /** The browser did not start, twice. */
  private static final class NotStarted extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotStarted(String message, IOException cause) {
      super(message, cause);
    }
  }
}
