package org.edgevec.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SalvageReport;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.VerifyReport;
import org.edgevec.WriteBatch;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.UnsupportedVersionException;

/**
 * What must hold of any files, whoever wrote them: opening gives a database that agrees with itself
 * or a typed refusal that changes nothing; {@code verify} agrees; opening again gives the same;
 * what is then written is there after a reopening; salvage changes nothing. Throws an {@link
 * AssertionError} otherwise.
 */
final class RecoveryCheck {

  private final Map<String, byte[]> files;
  private final long bytes;
  private final int variant;
  private boolean intact;
  private boolean newer;

  /**
   * @param files what is to be opened
   */
  RecoveryCheck(Map<String, byte[]> files) {
    this.files = new TreeMap<>(files);
    this.bytes = files.values().stream().mapToLong(file -> file.length).sum();
    this.variant = files.values().stream().mapToInt(Arrays::hashCode).sum();
  }

  /**
   * What opening gave.
   *
   * @param state what the database held, or null if it was refused
   * @param sequence the last batch in it
   * @param salvaged what opening for salvage showed, or null if that was refused, too
   * @param salvagedSequence the last batch in that
   */
  record Outcome(State state, long sequence, State salvaged, long salvagedSequence) {}

  /** Checks everything. */
  Outcome run() {
    Allowance.check(bytes, this::verify);
    Opened salvaged = salvage();
    Opened opened = open(files, Options.existing());
    if (opened == null) {
      expect(!intact, "verify tells of no damage, and opening refuses");
      return outcome(null, salvaged);
    }
    expect(salvaged != null, "it opens, and not for salvage");
    expect(salvaged.state.equals(opened.state), "salvage shows another state");
    if (intact) {
      expect(!opened.fallback, "verify tells of no damage, and the newest snapshot cannot serve");
    }
    opened.state.checkReads(opened.db);
    openAgain(opened);
    goOn(opened);
    return outcome(opened, salvaged);
  }

  private static Outcome outcome(Opened opened, Opened salvaged) {
    return new Outcome(
        opened == null ? null : opened.state,
        opened == null ? -1 : opened.sequence,
        salvaged == null ? null : salvaged.state,
        salvaged == null ? -1 : salvaged.sequence);
  }

  // Verify

  private void verify() {
    VerifyReport report = verify(files);
    intact = report != null && report.isIntact();
  }

  private VerifyReport verify(Map<String, byte[]> store) {
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(store);
    try {
      VerifyReport report = VectorDatabase.verify(MemoryStorage.open(disk), ProgressListener.NONE);
      report.damage().forEach(damage -> expect(!damage.what().isBlank(), "damage without words"));
      return report;
    } catch (UnsupportedVersionException e) {
      newer = true;
      return null;
    } catch (InvalidInputException e) {
      expect(isNoDatabase(e), e.toString());
      return null;
    } finally {
      expectSame(disk.files(), store, "verify");
    }
  }

  private static boolean isNoDatabase(InvalidInputException e) {
    return e.code() == Code.NOT_FOUND || e.code() == Code.NOT_A_DATABASE;
  }

  // Opening

  /** A database that opened. */
  private record Opened(
      MemoryStorage.Disk disk, VectorDatabase db, State state, long sequence, boolean fallback) {}

  private Opened open(Map<String, byte[]> store, Options options) {
    List<Opened> opened = new ArrayList<>();
    Allowance.check(bytes, () -> opened.add(openUnmetered(store, options)));
    return opened.get(opened.size() - 1);
  }

  private Opened openUnmetered(Map<String, byte[]> store, Options options) {
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(store);
    try {
      VectorDatabase db =
          VectorDatabase.open(
              MemoryStorage.open(disk), options, TestPlatform.withBackground(variant));
      return new Opened(
          disk,
          db,
          State.of(db),
          db.recoveryReport().lastSequence(),
          db.recoveryReport().usedPreviousSnapshot());
    } catch (CorruptDataException e) {
      expect(!e.what().isBlank(), "damage without words");
      expectSame(disk.files(), store, "a refused opening");
    } catch (UnsupportedVersionException e) {
      expectSame(disk.files(), store, "a refused opening");
      expect(newer || !intact, "opening finds a newer version, and verify does not");
    } catch (InvalidInputException e) {
      expect(isNoDatabase(e), e.toString());
      expectSame(disk.files(), store, "a refused opening");
    }
    return null;
  }

  private void openAgain(Opened first) {
    Opened second = open(first.disk.files(), Options.existing());
    expect(second != null, "what recovery left does not open");
    expect(second.state.equals(first.state), "opening again gives another state");
    expect(second.sequence == first.sequence, "opening again gives another sequence");
  }

  /**
   * Writes and opens again: some with a checkpoint in between, some closed, some as after a crash.
   */
  private void goOn(Opened opened) {
    float[] vector = State.ones(opened.db.dimension());
    WriteBatch batch = new WriteBatch().put("written after", vector);
    State expected = opened.state;
    if (!expected.entries().isEmpty()) {
      String id = expected.entries().get(0).id();
      batch.delete(id);
      expected = expected.put("written after", vector).delete(id);
    } else {
      expected = expected.put("written after", vector);
    }
    opened.db.write(batch);
    if ((variant & 1) == 0) {
      opened.db.checkpoint();
    }
    expect(State.of(opened.db).equals(expected), "a write does something else");
    if ((variant & 2) == 0) {
      opened.db.close();
    }
    Opened reopened = open(opened.disk.files(), Options.existing());
    expect(reopened != null && reopened.state.equals(expected), "what was written is lost");
    VerifyReport after = verify(opened.disk.files());
    expect(!intact || (after != null && after.isIntact()), "what was written is damaged");
  }

  // Salvage

  private Opened salvage() {
    Opened salvaged = open(files, Options.existing().salvage(true));
    if (salvaged != null) {
      expectSame(salvaged.disk.files(), files, "opening for salvage");
      if ((variant & 12) == 0) {
        copy(salvaged);
      }
    }
    return salvaged;
  }

  private void copy(Opened salvaged) {
    MemoryStorage.Disk target = new MemoryStorage.Disk();
    SalvageReport report =
        VectorDatabase.salvage(
            MemoryStorage.open(MemoryStorage.Disk.of(files)),
            () -> MemoryStorage.open(target),
            TestPlatform.seeded(1),
            ProgressListener.NONE);
    expect(report.entries() == salvaged.state.entries().size(), "salvage miscounts");
    Opened copied = open(target.files(), Options.existing());
    expect(copied != null && copied.state.equals(salvaged.state), "the copy differs");
  }

  private static void expectSame(
      Map<String, byte[]> found, Map<String, byte[]> expected, String who) {
    boolean same = found.keySet().equals(expected.keySet());
    for (Map.Entry<String, byte[]> file : found.entrySet()) {
      same = same && Arrays.equals(file.getValue(), expected.get(file.getKey()));
    }
    expect(same, who + " changed files");
  }

  private static void expect(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
