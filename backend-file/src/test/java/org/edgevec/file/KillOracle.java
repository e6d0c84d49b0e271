package org.edgevec.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.Entry;
import org.edgevec.RecoveryReport;
import org.edgevec.VectorDatabase;

/**
 * Knows what the writers of one database were told, and judges what recovery gives back.
 *
 * <p>Each writer submits one batch after the other and owns its ids. So the entries under its ids
 * must be exactly those after some number of its batches, since the folder was new: all that were
 * acknowledged, and what was submitted after them whole or not at all; vectors to the bit. A second
 * recovery must give the same and have nothing to cut. A database that was opened once is not made
 * anew, and a checkpoint that was reported is there. In which order the batches of different
 * writers were submitted cannot be seen from outside, so the rule holds for each writer.
 */
final class KillOracle {

  private final List<Account> accounts = new ArrayList<>();
  private boolean wasOpened;
  private long generation;
  private long acknowledged;
  private int tornTails;

  /** What one writer was told. */
  private static final class Account {
    /** What it found when it was checked last. */
    KillModel checked;

    /** Batches acknowledged since. */
    long acknowledged;

    /** Batches submitted after those, any number of which may be there. */
    long unsure;

    Account(KillModel checked) {
      this.checked = checked;
    }

    void add(long more, long unsureNow) {
      acknowledged += more;
      // The last one is submitted again by the next process, unless that does not come so far.
      unsure = more == 0 ? Math.max(unsure, unsureNow) : unsureNow;
    }

    void found(KillModel now) {
      checked = now;
      acknowledged = 0;
      unsure = 0;
    }
  }

  KillOracle(KillScript script) {
    for (int writer = 0; writer < KillScript.WRITERS; writer++) {
      accounts.add(new Account(new KillModel(script, writer)));
    }
  }

  /** The number of the first batch that a writer shall write next. */
  long next(int writer) {
    Account account = accounts.get(writer);
    return account.checked.batches() + account.acknowledged + 1;
  }

  /** Batches that were acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  /** How often recovery had to cut the log. */
  int tornTails() {
    return tornTails;
  }

  /** Takes in what a process said that has ended. */
  void add(KillTranscript said) {
    wasOpened |= said.wasOpened();
    generation = Math.max(generation, said.generation());
    for (int writer = 0; writer < KillScript.WRITERS; writer++) {
      long unsure = said.acknowledgedLate(writer) + (said.isInFlight(writer) ? 1 : 0);
      accounts.get(writer).add(said.acknowledged(writer), unsure);
      acknowledged += said.acknowledged(writer);
    }
  }

  /**
   * Recovers what is in {@code place}, and from then on expects what was found.
   *
   * @throws ViolationError if it is not what it must be
   */
  void check(Path place) {
    Recovery first = new Recovery(place);
    Recovery second = new Recovery(place);
    if (!first.sameAs(second)) {
      throw new ViolationError("a second recovery gave another state than the first");
    }
    checkReport(first.report);
    if (second.report.tornBytes() > 0) {
      throw new ViolationError(
          "a second recovery found another torn tail: %s".formatted(second.report.notes()));
    }
    if (!first.entries.keySet().stream().allMatch(KillScript::isId)) {
      throw new ViolationError("there are entries that no writer wrote: " + first.entries.keySet());
    }
    tornTails += first.report.tornBytes() > 0 ? 1 : 0;
    for (int writer = 0; writer < KillScript.WRITERS; writer++) {
      Account account = accounts.get(writer);
      account.found(judge(writer, account, first.entriesOf(writer)));
    }
  }

  private void checkReport(RecoveryReport report) {
    if (report.usedPreviousSnapshot()) {
      throw new ViolationError("the newest snapshot was damaged: %s".formatted(report.notes()));
    }
    if (wasOpened && report.created()) {
      throw new ViolationError("the database had been opened before, and is gone");
    }
    if (report.generation() < generation) {
      throw new ViolationError(
          "checkpoint %d was reported as done, and what is there is checkpoint %d"
              .formatted(generation, report.generation()));
    }
  }

  private static KillModel judge(int writer, Account account, Map<String, Entry> found) {
    KillModel atLeast = account.checked.after(account.acknowledged);
    // If a batch changed nothing that can be seen, more than one holds, and any may go on.
    for (long more = account.unsure; more >= 0; more--) {
      KillModel expected = atLeast.after(more);
      if (expected.matches(found)) {
        return expected;
      }
    }
    for (long more = account.unsure; more > 0; more--) {
      KillModel with = atLeast.after(more);
      if (with.mixesWith(atLeast.after(more - 1), found)) {
        throw new ViolationError(
            "half of batch %d of writer %d is there, the rest is not: %s"
                .formatted(with.batches(), writer, describe(with, found)));
      }
    }
    for (long count = account.acknowledged - 1; count >= 0; count--) {
      KillModel earlier = account.checked.after(count);
      if (earlier.matches(found)) {
        throw new ViolationError(
            "writer %d was told that batch %d is durable, and what is there ends with batch %d"
                .formatted(writer, atLeast.batches(), earlier.batches()));
      }
    }
    throw new ViolationError(
        "the entries of writer %d are those after no number of its batches (acknowledged: %d): %s"
            .formatted(writer, atLeast.batches(), describe(atLeast, found)));
  }

  private static String describe(KillModel expected, Map<String, Entry> found) {
    String id = expected.firstDifference(found);
    Entry entry = found.get(id);
    return id + " is " + (entry == null ? "missing" : "there with " + entry.metadata());
  }

  /** What one opening gave. */
  private static final class Recovery {
    final RecoveryReport report;
    final Map<String, Entry> entries = new TreeMap<>();

    Recovery(Path place) {
      try (VectorDatabase db = EdgeVec.open(place, KillWriter.options())) {
        report = db.recoveryReport();
        for (Entry entry : db.entries()) {
          entries.put(entry.id(), entry);
        }
      }
    }

    Map<String, Entry> entriesOf(int writer) {
      Map<String, Entry> own = new TreeMap<>();
      entries.forEach(
          (id, entry) -> {
            if (id.startsWith(KillScript.idPrefix(writer))) {
              own.put(id, entry);
            }
          });
      return own;
    }

    boolean sameAs(Recovery other) {
      return report.lastSequence() == other.report.lastSequence()
          && entries.keySet().equals(other.entries.keySet())
          && entries.keySet().stream().allMatch(id -> same(entries.get(id), other.entries.get(id)));
    }

    private static boolean same(Entry one, Entry other) {
      return Arrays.equals(one.vector(), other.vector()) && one.metadata().equals(other.metadata());
    }
  }
}
