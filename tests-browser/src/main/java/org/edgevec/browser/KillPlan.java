package org.edgevec.browser;

import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.browser.KillRounds.Victim;

/**
 * What a run of {@link BrowserKills} is to do.
 *
 * @param kills how often to kill
 * @param mostWritesBeforeKill a kill comes after 1 to so many acknowledged writes
 * @param seed of the choice of that number
 * @param query is added to the writing page's address
 * @param afterKill is done between each kill and the reading
 */
record KillPlan(
    KillTarget target,
    int kills,
    int mostWritesBeforeKill,
    long seed,
    String query,
    AfterKill afterKill) {

  private static final int MOST_WRITES_BEFORE_KILL = 2_000;

  /** What is done to the profile of a browser that was killed. */
  interface AfterKill {
    AfterKill NOTHING = (victim, profile) -> {};

    void accept(Victim victim, Path profile) throws IOException;
  }

  static KillPlan of(KillTarget target, int kills, long seed) {
    return new KillPlan(target, kills, MOST_WRITES_BEFORE_KILL, seed, "", AfterKill.NOTHING);
  }
}
