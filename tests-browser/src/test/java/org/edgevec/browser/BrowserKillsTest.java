package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short round of the kills, and the proof that they would notice. */
@Timeout(180)
class BrowserKillsTest {

  private final StringWriter output = new StringWriter();
  private final PrintWriter out = new PrintWriter(output, true);

  @Test
  void killsOfPageRendererAndBrowserLoseNothing() throws IOException, InterruptedException {
    BrowserKills.Summary summary = BrowserKills.run(6, System.nanoTime(), "", out);
    assertThat(summary.violations).as(output.toString()).isEmpty();
    assertThat(summary.kills).hasSize(3).allSatisfy((victim, n) -> assertThat(n).isEqualTo(2));
    assertThat(summary.acknowledged).isGreaterThanOrEqualTo(6);
    assertThat(summary.lost + summary.halfBatches).isZero();
  }

  @Test
  void aPageThatAcknowledgesTooEarlyIsCaught() throws IOException, InterruptedException {
    BrowserKills.Summary summary = BrowserKills.run(3, 1, "lying", out);
    assertThat(summary.lost).as(output.toString()).isPositive();
    assertThat(summary.violations).anyMatch(violation -> violation.contains("are gone"));
  }
}
