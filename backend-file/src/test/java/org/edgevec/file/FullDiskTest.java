package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.edgevec.file.FullDiskHarness.Moment;
import org.edgevec.file.FullDiskHarness.Result;
import org.edgevec.file.TestDiskCalls.Defect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A short round of kills on full disks ({@code -Dedgevec.full=N} for a longer one), and a look at
 * whether the harness would notice. Needs root and Linux.
 */
@Timeout(1800)
class FullDiskTest {

  /** Far more than it takes. */
  private static final int KILLS_TO_SEE_A_DEFECT = 60;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path parent;

  private static final Integer LONGER = Integer.getInteger("edgevec.full");

  private final long seed = Long.getLong("edgevec.seed", System.nanoTime());

  @ParameterizedTest
  @MethodSource("kinds")
  void noKillOnAFullDiskLosesAnAcknowledgedBatchOrLeavesHalfOfOne(TestDisk.Kind kind)
      throws Exception {
    TestDisk.assumePossible(kind);
    int kills = LONGER != null ? LONGER : Moment.values().length;
    Result result = harness(kind, Defect.NONE).run(kills, System.out);
    System.out.println("FullDiskTest, " + kind + ": " + result + ", -Dedgevec.seed=" + seed);
    assertThat(result.kills()).isEqualTo(kills);
    assertThat(result.fullLives()).isPositive();
    assertThat(result.wroteOnWhenFreed()).isPositive();
  }

  @Test
  void aStorageThatIgnoresFailedWritesIsCaught() throws Exception {
    TestDisk.assumePossible(TestDisk.Kind.TMPFS);
    assertThatThrownBy(
            () ->
                harness(TestDisk.Kind.TMPFS, Defect.IGNORES_FAILED_WRITES)
                    .run(KILLS_TO_SEE_A_DEFECT, System.out))
        .isInstanceOf(ViolationError.class)
        .hasMessageContaining("seed " + seed)
        .hasMessageContaining(parent.toString());
  }

  /** Both kinds in a longer round. */
  static Stream<TestDisk.Kind> kinds() {
    return Stream.of(TestDisk.Kind.values()).limit(LONGER != null ? 2 : 1);
  }

  private FullDiskHarness harness(TestDisk.Kind kind, Defect defect) {
    return new FullDiskHarness(parent, kind, seed, defect);
  }
}
