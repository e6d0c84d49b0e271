package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Map;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.crash.CrashStorage.Failure;
import org.edgevec.crash.CrashStorage.Step;
import org.edgevec.storage.Durability;
import org.edgevec.storage.ReadOnlyException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.junit.jupiter.api.Test;

/** What the simulation found, each as a story of its own. */
class CrashRegressionTest {

  private static final float[] VECTOR = {1, 2};
  private static final String WAL_1 = StoreFiles.Kind.WAL.name(1);

  private static VectorDatabase open(CrashStorage storage, long seed) {
    return VectorDatabase.open(
        storage, Session.options(Durability.STRICT), TestPlatform.withBackground(seed));
  }

  /** Ends the process after a step. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** A disk with a torn tail behind two acknowledged batches that a seal attests. */
  private static DiskImage tornTail() {
    SimulatedDisk disk = SimulatedDisk.empty();
    VectorDatabase db = open(CrashStorage.open(disk), 1);
    db.put("a", VECTOR);
    db.put("b", VECTOR);
    Map<String, byte[]> files = disk.liveImage().files();
    db.close();
    files.put(StoreFiles.SEAL, disk.liveImage().files().get(StoreFiles.SEAL));
    byte[] log = files.get(WAL_1);
    files.put(WAL_1, java.util.Arrays.copyOf(log, log.length + 9));
    return DiskImage.of(files);
  }

  /**
   * Recovery cuts the tail and is killed at any step; the next one finds nothing to cut, a batch is
   * acknowledged, and the power fails. The tail must not come back before that batch.
   */
  @Test
  void aTailThatWasCutByARecoveryThatWasKilledDoesNotComeBack() {
    int kills = 0;
    for (int step = 0; step < 20; step++) {
      SimulatedDisk disk = SimulatedDisk.of(tornTail());
      kills += recoverAndDie(disk, step) ? 1 : 0;
      SimulatedDisk killed = disk.afterKill();
      open(CrashStorage.open(killed), 3).put("c", VECTOR);
      SimulatedDisk cut = SimulatedDisk.of(killed.durableImage());
      VectorDatabase db = open(CrashStorage.open(cut), 4);
      assertThat(db.ids()).as("killed after step %d", step).containsExactly("a", "b", "c");
    }
    assertThat(kills).isGreaterThan(3);
  }

  private static boolean recoverAndDie(SimulatedDisk disk, int afterStep) {
    CrashStorage.Watch watch =
        new CrashStorage.Watch() {
          @Override
          public void after(CrashStorage storage, Step step, String name) {
            if (storage.steps() > afterStep) {
              throw new Killed();
            }
          }
        };
    try {
      open(
          CrashStorage.open(
              disk, watch, ProtocolCheck.NONE, EnumSet.noneOf(CrashStorage.Flaw.class)),
          2);
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  /**
   * Linux drops the pages that it could not write, says so once, and goes on showing them. A
   * recovery that reads them must not build upon them, and a sync does not make them durable.
   */
  @Test
  void pagesThatAFailedSyncDroppedAreWrittenAnew() {
    SimulatedDisk disk = SimulatedDisk.empty();
    CrashStorage storage = CrashStorage.open(disk);
    VectorDatabase db = open(storage, 1);
    db.put("a", VECTOR);
    storage.setFaults((step, name) -> step == Step.SYNC ? Failure.SYNC_LOST_BUT_READ : null);
    assertThatThrownBy(() -> db.put("b", VECTOR)).isInstanceOf(StorageIOException.class);
    db.close();
    VectorDatabase next = open(CrashStorage.open(disk), 2);
    boolean found = next.contains("b");
    next.put("c", VECTOR);
    VectorDatabase last = open(CrashStorage.open(SimulatedDisk.of(disk.durableImage())), 3);
    assertThat(last.contains("b")).isEqualTo(found);
    assertThat(last.ids()).contains("a", "c");
  }

  /** A relaxed log is synced when it is idle. If that fails, it must not be written to any more. */
  @Test
  void aFailedSyncOfAnIdleLogIsNeverRepeated() {
    CrashStorage storage = CrashStorage.open(SimulatedDisk.empty());
    TestPlatform platform = TestPlatform.withBackground(1);
    VectorDatabase db = VectorDatabase.open(storage, Session.options(Durability.RELAXED), platform);
    db.put("a", VECTOR);
    storage.setFaults((step, name) -> step == Step.SYNC ? Failure.SYNC_LOST : null);
    platform.runTasks();
    platform.runTasks();
    storage.setFaults(CrashStorage.Faults.NONE);
    assertThat(db.stats().maintenanceError()).startsWith("IO");
    assertThat(db.stats().readOnly()).isTrue();
    assertThatThrownBy(() -> db.put("b", VECTOR)).isInstanceOf(ReadOnlyException.class);
    db.close();
  }
}
