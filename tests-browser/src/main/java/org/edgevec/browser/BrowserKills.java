package org.edgevec.browser;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.edgevec.browser.KillScript.Stored;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Kills a page, its process, or the whole browser in the middle of writes, opens the database again
 * and looks for acknowledged writes that are gone and for batches that are there in part.
 *
 * <p>The page tells of a write over a web socket, after its promise resolved. All rounds share a
 * profile and a database. When the browser itself has lost the database, EdgeVec must say {@code
 * LOST}; that is counted apart and is no violation, an empty database would be one.
 */
@CommandLine.Command(
    name = "browser-kills",
    mixinStandardHelpOptions = true,
    description = "Kills Chromium in the middle of writes and looks for lost or half batches.")
public final class BrowserKills implements Callable<Integer> {

  private static final int MOST_WRITES_BEFORE_KILL = 2_000;
  private static final long ROUND_SECONDS = 60;

  @CommandLine.Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "N",
      description = "how often to kill; default: ${DEFAULT-VALUE}")
  private int kills = 50;

  @CommandLine.Option(
      names = "--seed",
      description = "repeats the choices of a run; default: a new one")
  private long seed = System.nanoTime();

  /** Who is killed. */
  enum Victim {
    /** The tab is closed. */
    PAGE,
    /** The process that renders it gets SIGKILL. */
    RENDERER,
    /** All processes of the browser get SIGKILL. */
    BROWSER
  }

  /** What a run found. */
  static final class Summary {
    final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
    final List<String> violations = new ArrayList<>();
    long acknowledged;
    long recovered;
    int lost;
    int halfBatches;
    int storesLost;
  }

  /** Runs it; the exit status is 0 if the promise was kept. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new BrowserKills()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    out.println("Killing Chromium " + kills + " times, seed " + seed);
    Summary summary = run(kills, seed, "", out);
    print(summary, out);
    return summary.violations.isEmpty() ? 0 : 1;
  }

  private static void print(Summary summary, PrintWriter out) {
    out.println();
    summary.kills.forEach((victim, count) -> out.printf("kills of %-20s %8d%n", victim, count));
    out.printf("writes acknowledged           %8d%n", summary.acknowledged);
    out.printf("writes recovered              %8d%n", summary.recovered);
    out.printf("acknowledged writes lost      %8d%n", summary.lost);
    out.printf("half batches                  %8d%n", summary.halfBatches);
    out.printf("stores lost by the browser    %8d (each told as LOST)%n", summary.storesLost);
    out.printf("violations                    %8d%n", summary.violations.size());
  }

  /**
   * Kills so many times.
   *
   * @param query is added to the writing page's address
   */
  static Summary run(int kills, long seed, String query, PrintWriter out)
      throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("edgevec-kills");
    KillLedger ledger = new KillLedger();
    try (PackageServer server = PackageServer.start(ledger::acknowledge, 0);
        Playwright playwright = Browsers.playwright();
        Rounds rounds = new Rounds(playwright, profile, server, ledger, query, out)) {
      Random random = new Random(seed);
      for (int round = 1; round <= kills; round++) {
        // In turn, so that a short run has all of them, too.
        Victim victim = Victim.values()[round % Victim.values().length];
        rounds.run(round, victim, 1 + random.nextInt(MOST_WRITES_BEFORE_KILL));
      }
      rounds.summary.acknowledged = ledger.acknowledgedInAll();
      return rounds.summary;
    } finally {
      delete(profile);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** The rounds of a run: they share the profile, and the browser until it is killed. */
  private static final class Rounds implements AutoCloseable {

    private final Playwright playwright;
    private final Path profile;
    private final PackageServer server;
    private final KillLedger ledger;
    private final String query;
    private final PrintWriter out;
    private final Summary summary = new Summary();
    private @Nullable ChromiumProcess chromium;

    Rounds(
        Playwright playwright,
        Path profile,
        PackageServer server,
        KillLedger ledger,
        String query,
        PrintWriter out) {
      this.playwright = playwright;
      this.profile = profile;
      this.server = server;
      this.ledger = ledger;
      this.query = query;
      this.out = out;
    }

    void run(int round, Victim victim, int writesBeforeKill)
        throws IOException, InterruptedException {
      ledger.begin(round);
      Page writer = open("/kills.html?" + (round % 2 == 0 ? "worker&" : "") + query);
      writer.evaluate("round => { startWriting(round); }", round);
      awaitAcknowledged(writer, writesBeforeKill);
      kill(victim, writer);
      summary.kills.merge(victim, 1, Integer::sum);
      int before = summary.violations.size();
      String result = check(round);
      summary
          .violations
          .subList(before, summary.violations.size())
          .forEach(violation -> out.println("VIOLATION " + violation));
      out.printf(
          "%4d  %-8s  acknowledged %5d  %s%n", round, victim, ledger.acknowledgedCount(), result);
    }

    private Page open(String path) throws IOException, InterruptedException {
      Page page = browser().contexts().get(0).newPage();
      page.navigate(server.url(path));
      page.waitForFunction("window.ready");
      return page;
    }

    private Browser browser() throws IOException, InterruptedException {
      if (chromium == null) {
        chromium = ChromiumProcess.start(playwright, profile);
      }
      return chromium.browser();
    }

    private void awaitAcknowledged(Page writer, int count) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROUND_SECONDS);
      while (ledger.acknowledgedCount() < count) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "The page wrote too little in "
                  + ROUND_SECONDS
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
          Renderers.kill(browser());
          writer.close();
        }
        case BROWSER -> {
          if (chromium != null) {
            chromium.kill();
            chromium = null;
          }
        }
      }
    }

    private String check(int round) throws IOException, InterruptedException {
      Page reader = open("/kills.html");
      try {
        String json = (String) reader.evaluate("readAll()");
        return judge(round, JsonParser.parseString(json).getAsJsonObject());
      } catch (PlaywrightException e) {
        summary.violations.add("round " + round + ": reading failed: " + e.getMessage());
        return "not readable";
      } finally {
        reader.close();
      }
    }

    private String judge(int round, JsonObject answer) {
      boolean browserHasFiles = answer.get("browserHasFiles").getAsBoolean();
      if (answer.has("error")) {
        String error = answer.get("error").getAsString();
        ledger.lostAll();
        if (error.startsWith("LOST") && !browserHasFiles) {
          summary.storesLost++;
          return "the browser lost the store: " + error;
        }
        summary.violations.add("round " + round + ": " + error);
        return error;
      }
      List<Stored> found = entries(answer.getAsJsonArray("entries"));
      if (found.isEmpty() && ledger.expectsEntries()) {
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

    private static List<Stored> entries(JsonArray array) {
      Gson gson = new Gson();
      List<Stored> entries = new ArrayList<>();
      for (JsonElement element : array) {
        entries.add(gson.fromJson(element, Stored.class));
      }
      return entries;
    }

    @Override
    public void close() {
      if (chromium != null) {
        chromium.close();
      }
    }
  }
}
