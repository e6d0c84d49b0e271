package org.edgevec.browser;

import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
    description = "Kills browsers in the middle of writes and looks for lost or half batches.")
public final class BrowserKills implements Callable<Integer> {

  @CommandLine.Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "N",
      description = "how often to kill each browser; default: ${DEFAULT-VALUE}")
  private int kills = 50;

  @CommandLine.Option(
      names = "--browser",
      paramLabel = "BROWSER",
      converter = Targets.class,
      description = "chromium, chromium-sqlite, firefox or all; default: all")
  private Targets.Chosen targets = Targets.ALL;

  @CommandLine.Option(
      names = "--seed",
      description = "repeats the choices of a run; default: a new one")
  private long seed = System.nanoTime();

  /** Runs it; the exit status is 0 if the promise was kept. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new BrowserKills()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    boolean kept = true;
    try (Playwright playwright = Browsers.playwright()) {
      for (KillTarget target : targets.list()) {
        out.println("Killing " + Targets.nameOf(target) + " " + kills + " times, seed " + seed);
        KillSummary summary = run(KillPlan.of(target, kills, seed), playwright, out);
        summary.print(out);
        kept &= summary.violations.isEmpty();
      }
    }
    return kept ? 0 : 1;
  }

  /** Does all of the rounds of a plan, unless one shows that there is no use in going on. */
  static KillSummary run(KillPlan plan, Playwright playwright, PrintWriter out)
      throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("edgevec-kills");
    KillLedger ledger = new KillLedger();
    try (PackageServer server = PackageServer.start(ledger::acknowledge, 0);
        KillRounds rounds = new KillRounds(plan, playwright, profile, server, ledger, out)) {
      Random random = new Random(plan.seed());
      for (int round = 1; round <= plan.kills() && !rounds.isStopped(); round++) {
        rounds.run(
            round, KillRounds.Victim.of(round), 1 + random.nextInt(plan.mostWritesBeforeKill()));
      }
      return rounds.summary();
    } finally {
      delete(profile);
    }
  }

  /** Deletes a folder with everything in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Reads the value of {@code --browser}. */
  static final class Targets implements CommandLine.ITypeConverter<Targets.Chosen> {

    /** The browsers to kill, one after the other. */
    record Chosen(List<KillTarget> list) {}

    static final Chosen ALL = new Chosen(List.of(KillTarget.values()));

    @Override
    public Chosen convert(String value) {
      if (value.equals("all")) {
        return ALL;
      }
      for (KillTarget target : KillTarget.values()) {
        if (value.equals(nameOf(target))) {
          return new Chosen(List.of(target));
        }
      }
      throw new CommandLine.TypeConversionException(
          "\"" + value + "\" is none of chromium, chromium-sqlite, firefox, all");
    }

    static String nameOf(KillTarget target) {
      return target.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
