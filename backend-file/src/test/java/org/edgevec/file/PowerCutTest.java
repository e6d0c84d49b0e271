package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.edgevec.file.PowerCutHarness.Result;
import org.edgevec.file.TestDiskCalls.Defect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short round of power cuts ({@code -Dedgevec.cuts=N} for a longer one), and a look at whether
 * the harness would notice a missing or misplaced sync. Needs root and Linux.
 */
@Timeout(1800)
class PowerCutTest {

  /** Far more than it takes: 1 to 4 cuts. */
  private static final int CUTS_TO_SEE_A_MISSING_SYNC = 100;

  /** It took 5 to 99. */
  private static final int CUTS_TO_SEE_A_LATE_SYNC = 400;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path parent;

  private final long seed = Long.getLong("edgevec.seed", System.nanoTime());

  @BeforeEach
  void needDisk() throws Exception {
    TestDisk.assumePossible(TestDisk.Kind.EXT4);
  }

  @Test
  void noPowerCutLosesAnAcknowledgedBatchOrLeavesHalfOfOne() throws Exception {
    int cuts = Integer.getInteger("edgevec.cuts", 4);
    Result result = harness(Defect.NONE).run(cuts, System.out);
    System.out.println("PowerCutTest " + result + ", seed: -Dedgevec.seed=" + seed);
    assertThat(result.cuts()).isEqualTo(cuts);
  }

  @Test
  void aStorageThatNeverSyncsIsCaught() {
    assertCaught(Defect.NEVER_SYNCS, CUTS_TO_SEE_A_MISSING_SYNC);
  }

  @Test
  void aStorageThatNeverSyncsItsFolderIsCaught() {
    assertCaught(Defect.NEVER_SYNCS_FOLDERS, CUTS_TO_SEE_A_MISSING_SYNC);
  }

  @Test
  @EnabledIfSystemProperty(
      named = "edgevec.cuts",
      matches = ".+",
      disabledReason = "takes half a minute: only in a longer round (-Dedgevec.cuts=N)")
  void aStorageThatRenamesBeforeItSyncsIsCaught() {
    assertCaught(Defect.RENAMES_BEFORE_SYNC, CUTS_TO_SEE_A_LATE_SYNC);
  }

  private void assertCaught(Defect defect, int cuts) {
    assertThatThrownBy(() -> harness(defect).run(cuts, System.out))
        .isInstanceOf(ViolationError.class)
        .hasMessageStartingWith("After power cut")
        .hasMessageContaining("seed " + seed)
        .hasMessageContaining(parent.toString());
  }

  private PowerCutHarness harness(Defect defect) {
    return new PowerCutHarness(parent, seed, defect);
  }
}
