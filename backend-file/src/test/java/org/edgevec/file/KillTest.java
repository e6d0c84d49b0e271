package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.edgevec.file.KillHarness.Result;
import org.edgevec.file.KillWriter.Defect;
import org.edgevec.file.KillWriter.Life;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short round of kills ({@code -Dedgevec.kills=N} for a longer one), and a look at whether the
 * harness would notice.
 */
@Timeout(1200)
class KillTest {

  /** Far more than it takes: nearly every kill shows either defect. */
  private static final int KILLS_TO_SEE_A_DEFECT = 100;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path parent;

  private final long seed = Long.getLong("edgevec.seed", System.nanoTime());

  @Test
  void noKillLosesAnAcknowledgedBatchOrLeavesHalfOfOne() throws Exception {
    int kills = Integer.getInteger("edgevec.kills", 10);
    Result result = harness(Defect.NONE).run(kills, System.out);
    System.out.println("KillTest " + result + ", seed: -Dedgevec.seed=" + seed);
    assertThat(result.kills()).isEqualTo(kills);
    assertThat(result.acknowledged()).isPositive();
  }

  @Test
  void aWriterThatAcknowledgesTooEarlyIsCaught() {
    assertThatThrownBy(
            () -> harness(Defect.ACKNOWLEDGES_TOO_EARLY).run(KILLS_TO_SEE_A_DEFECT, System.out))
        .isInstanceOf(ViolationError.class)
        .hasMessageContaining("was told that batch")
        .hasMessageContaining("seed " + seed)
        .hasMessageContaining(parent.toString());
  }

  @Test
  void aWriterThatSplitsBatchesIsCaught() {
    assertThatThrownBy(() -> harness(Defect.SPLITS_BATCHES).run(KILLS_TO_SEE_A_DEFECT, System.out))
        .isInstanceOf(ViolationError.class)
        .hasMessageContaining("half of batch");
  }

  private KillHarness harness(Defect defect) {
    Life life = new Life(defect, TestDiskCalls.Defect.NONE, false, false);
    return new KillHarness(parent.resolve("db"), seed, life);
  }
}
