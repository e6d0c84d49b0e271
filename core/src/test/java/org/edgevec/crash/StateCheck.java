package org.edgevec.crash;

import java.util.List;
import java.util.Set;
import org.edgevec.Metadata;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.crash.CrashStorage.Flaw;
import org.edgevec.storage.Durability;

/**
 * The oracle: recovers from what a crash left and insists that the database holds the state after
 * some prefix of the submitted batches with every acknowledged one in it, that recovering again
 * gives the same, and that writing goes on. Throws an {@link AssertionError} otherwise.
 */
final class StateCheck {

  private final Durability durability;
  private final Set<Flaw> flaws;

  /**
   * @param durability of writes
   * @param flaws of the storage
   */
  StateCheck(Durability durability, Set<Flaw> flaws) {
    this.durability = durability;
    this.flaws = flaws;
  }

  /** A database that was recovered and compared. */
  private record Checked(
      SimulatedDisk disk, CrashStorage storage, VectorDatabase db, int sequence) {}

  /**
   * Checks what a power cut left.
   *
   * @param thorough whether to write, lose power and recover once more
   * @return the sequence that was recovered
   */
  int afterPowerCut(DiskImage image, Model model, boolean thorough) {
    SimulatedDisk disk = SimulatedDisk.of(image);
    long seed = image.hash();
    Checked first = recover(disk, model, seed, model.durable(), "recovery");
    int sequence = first.sequence();
    if (first.storage().steps() > 0) {
      recoverAgain(disk, model, seed, sequence);
    }
    if (thorough) {
      goOn(first, model, seed);
    }
    return sequence;
  }

  /** Checks what the death of the process left: nothing is lost, and what was pending still is. */
  int afterKill(SimulatedDisk killed, Model model, int floor) {
    long seed = model.acknowledgedHash() + killed.live.size();
    Checked first = recover(killed, model, seed, floor, "recovery after a kill");
    recoverAgain(killed, model, seed, first.sequence());
    goOn(first, model, seed);
    return first.sequence();
  }

  private void recoverAgain(SimulatedDisk disk, Model model, long seed, int sequence) {
    Model exactly = model.recoveredAt(sequence);
    exactly.opened(sequence, true);
    SimulatedDisk again = SimulatedDisk.of(disk.durableImage());
    recover(again, exactly, seed + 1, sequence, "recovery after a recovery");
    SimulatedDisk live = SimulatedDisk.of(disk.liveImage());
    recover(live, exactly, seed + 1, sequence, "recovery after a recovery");
  }

  /** Writes, checks, and loses everything that is pending. */
  private void goOn(Checked recovered, Model model, long seed) {
    Model after = model.recoveredAt(recovered.sequence());
    after.opened(recovered.sequence(), true);
    WriteBatch batch =
        after.submit(
            List.of(
                new Model.Edit("after", new float[] {3, 4}, Metadata.of("n", 1L)),
                new Model.Edit("id0", null, null)));
    recovered.db().write(batch);
    after.acknowledgeAll();
    after.compare(recovered.db(), after.submitted(), "writing after recovery");
    if (durability == Durability.RELAXED) {
      recovered.db().close();
    }
    after.madeDurable();
    SimulatedDisk cut = SimulatedDisk.of(recovered.disk().durableImage());
    recover(cut, after, seed + 2, after.durable(), "recovery of what was written then");
  }

  /** Opens what is on a disk and compares it with the model. */
  private Checked recover(SimulatedDisk disk, Model model, long seed, int floor, String when) {
    disk.unlock();
    CrashStorage storage =
        CrashStorage.open(disk, CrashStorage.Watch.NONE, ProtocolCheck.NONE, flaws);
    VectorDatabase db;
    try {
      db =
          VectorDatabase.open(
              storage, Session.options(durability), TestPlatform.withBackground(seed));
    } catch (RuntimeException e) {
      throw new AssertionError(when + " was refused: " + e.getMessage(), e);
    }
    int sequence = compare(db, model, floor, when);
    return new Checked(disk, storage, db, sequence);
  }

  /** Insists on a prefix that holds at least {@code floor} batches, and returns its length. */
  static int compare(VectorDatabase db, Model model, int floor, String when) {
    long sequence = db.recoveryReport().lastSequence();
    if (sequence < floor || sequence > model.submitted()) {
      throw new AssertionError(
          when
              + " gave batches up to "
              + sequence
              + "; submitted were "
              + model.submitted()
              + ", and it must hold "
              + floor);
    }
    if (db.recoveryReport().created() && model.isCreated()) {
      throw new AssertionError(when + " found nothing and made a new database");
    }
    if (db.recoveryReport().usedPreviousSnapshot()) {
      throw new AssertionError(when + " found a damaged snapshot; a crash damages none");
    }
    for (String note : db.recoveryReport().notes()) {
      // What a checkpoint had written of one that a crash cut off is no damage.
      if (note.contains("graph") && !note.contains("is part of no snapshot")) {
        throw new AssertionError(when + ": a crash damages no graph: " + note);
      }
    }
    model.compare(db, (int) sequence, when);
    checkCounts(db, model, (int) sequence, when);
    return (int) sequence;
  }

  /** Each batch must have been replayed once. */
  private static void checkCounts(VectorDatabase db, Model model, int sequence, String when) {
    long batches = db.recoveryReport().replayedBatches();
    int snapshot = (int) (sequence - batches);
    if (snapshot < 0) {
      throw new AssertionError(when + " replayed " + batches + " batches of " + sequence);
    }
    int records = model.records(sequence) - model.records(snapshot);
    if (db.recoveryReport().replayedRecords() != records) {
      throw new AssertionError(
          when
              + " replayed "
              + db.recoveryReport().replayedRecords()
              + " records, and the batches held "
              + records);
    }
    if (snapshot == 0) {
      int ordinals = db.stats().size() + db.stats().deadEntries();
      int puts = model.puts(sequence);
      if (ordinals != puts) {
        throw new AssertionError(when + " applied " + ordinals + " puts of " + puts);
      }
    }
  }
}
