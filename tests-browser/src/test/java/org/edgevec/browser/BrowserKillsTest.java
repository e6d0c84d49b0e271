package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import org.edgevec.browser.KillPlan.AfterKill;
import org.edgevec.browser.KillRounds.Victim;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** A short round of the kills, and the proof that they would notice. */
@Timeout(180)
class BrowserKillsTest {

  /** Enough to have a checkpoint now and then. */
  private static final int MOST_WRITES_BEFORE_KILL = 900;

  private static Playwright playwright;

  private final StringWriter output = new StringWriter();
  private final PrintWriter out = new PrintWriter(output, true);

  @BeforeAll
  static void startPlaywright() {
    playwright = Browsers.playwright();
  }

  @AfterAll
  static void endPlaywright() {
    playwright.close();
  }

  @ParameterizedTest
  @EnumSource(KillTarget.class)
  void killsOfPageRendererAndBrowserLoseNothing(KillTarget target)
      throws IOException, InterruptedException {
    KillSummary summary = run(target, 3, "", AfterKill.NOTHING);
    assertThat(summary.violations).as(output.toString()).isEmpty();
    assertThat(summary.kills).hasSize(3).allSatisfy((victim, n) -> assertThat(n).isEqualTo(1));
    assertThat(summary.acknowledged).isGreaterThanOrEqualTo(3);
    assertThat(summary.lost + summary.halfBatches).isZero();
    assertThat(summary.storesLost).isEqualTo(summary.storesToldLost);
    assertThat(summary.storage).isNotEmpty();
    if (target != KillTarget.CHROMIUM) {
      assertThat(summary.storage).containsOnly(IndexedDbFiles.Kind.SQLITE);
    }
  }

  @ParameterizedTest
  @CsvSource({"CHROMIUM", "FIREFOX"})
  void aPageThatAcknowledgesTooEarlyIsCaught(KillTarget target)
      throws IOException, InterruptedException {
    KillSummary summary = run(target, 1, "lying", AfterKill.NOTHING);
    assertThat(summary.lost).as(output.toString()).isPositive();
    assertThat(summary.violations).anyMatch(violation -> violation.contains("are gone"));
  }

  @Test
  void aPageThatSplitsItsBatchesIsCaught() throws IOException, InterruptedException {
    KillSummary summary = run(KillTarget.CHROMIUM_SQLITE, 1, "splitting", AfterKill.NOTHING);
    assertThat(summary.halfBatches).as(output.toString()).isPositive();
    assertThat(summary.violations).anyMatch(violation -> violation.contains("in part"));
  }

  @Test
  void aStoreThatTheBrowserLosesIsCountedAndTold() throws IOException, InterruptedException {
    KillSummary summary = run(KillTarget.CHROMIUM_SQLITE, 2, "", afterBrowser("IndexedDB"));
    assertThat(summary.violations).as(output.toString()).isEmpty();
    assertThat(summary.storesLost).isEqualTo(1);
    assertThat(summary.storesToldLost).isEqualTo(1);
  }

  @Test
  void aStoreThatIsSilentlyEmptyIsAViolation() throws IOException, InterruptedException {
    KillSummary summary =
        run(KillTarget.CHROMIUM, 2, "", afterBrowser("IndexedDB", "Service Worker"));
    assertThat(summary.storesLost).as(output.toString()).isEqualTo(1);
    assertThat(summary.storesToldLost).isZero();
    assertThat(summary.violations).anyMatch(violation -> violation.contains("silently empty"));
  }

  @Test
  void aBrowserThatDoesNotStartAgainIsAViolationAndEndsTheRun()
      throws IOException, InterruptedException {
    KillSummary summary =
        run(
            KillTarget.CHROMIUM,
            3,
            "",
            (victim, profile) -> {
              if (victim == Victim.BROWSER) {
                BrowserKills.delete(profile);
                Files.createFile(profile);
              }
            });
    assertThat(summary.failedStarts).as(output.toString()).isEqualTo(1);
    assertThat(summary.violations).singleElement().asString().contains("round 2", "does not start");
    assertThat(summary.kills).containsOnlyKeys(Victim.RENDERER, Victim.BROWSER);
  }

  /** Deletes folders of Chromium's profile once it was killed. */
  private static AfterKill afterBrowser(String... folders) {
    return (victim, profile) -> {
      if (victim == Victim.BROWSER) {
        for (String folder : folders) {
          BrowserKills.delete(profile.resolve("Default").resolve(folder));
        }
      }
    };
  }

  @Test
  void aWrongBrowserIsWrongUsage() {
    StringWriter errors = new StringWriter();
    CommandLine command = new CommandLine(new BrowserKills()).setErr(new PrintWriter(errors, true));
    assertThat(command.execute("1", "--browser", "netscape")).isEqualTo(2);
    assertThat(errors.toString()).contains("netscape", "chromium-sqlite");
  }

  private KillSummary run(KillTarget target, int kills, String query, AfterKill afterKill)
      throws IOException, InterruptedException {
    assumeTrue(
        target != KillTarget.FIREFOX || Browsers.firefox().isPresent(),
        "no Firefox on the PATH, and EDGEVEC_FIREFOX is not set");
    return BrowserKills.run(
        new KillPlan(target, kills, MOST_WRITES_BEFORE_KILL, System.nanoTime(), query, afterKill),
        playwright,
        out);
  }
}
