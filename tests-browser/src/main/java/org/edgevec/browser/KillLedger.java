package org.edgevec.browser;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.edgevec.browser.KillScript.Stored;
import org.jspecify.annotations.Nullable;

/**
 * Knows what must be in the database after a kill: what was there before the round, and a prefix of
 * the round's writes that has every acknowledged one in it.
 *
 * <p>Acknowledgements come in on a thread of the server; the rest is called by one thread.
 */
final class KillLedger {

  private static final int SHOWN = 5;

  private final BitSet acknowledged = new BitSet();
  private Map<String, Stored> before = new HashMap<>();
  private int round;
  private long acknowledgedInAll;

  /**
   * What a check found.
   *
   * @param writes how many of the round's writes were recovered
   * @param lost acknowledged writes that were not
   * @param halfBatches batches of which a part was there
   * @param violations every difference, in words; empty if the promise was kept
   */
  record Verdict(int writes, int lost, int halfBatches, List<String> violations) {}

  /** Begins a round: forgets the acknowledgements of the one before. */
  synchronized void begin(int newRound) {
    round = newRound;
    acknowledged.clear();
  }

  /** Takes the message {@code "round number"}: that write's promise resolved. */
  synchronized void acknowledge(String message) {
    int space = message.indexOf(' ');
    if (Integer.parseInt(message.substring(0, space)) == round) {
      int number = Integer.parseInt(message.substring(space + 1));
      if (!acknowledged.get(number)) {
        acknowledged.set(number);
        acknowledgedInAll++;
      }
    }
  }

  /** How many writes of this round are acknowledged. */
  synchronized int acknowledgedCount() {
    return acknowledged.cardinality();
  }

  /** How many writes are acknowledged in all rounds. */
  synchronized long acknowledgedInAll() {
    return acknowledgedInAll;
  }

  /** Whether anything acknowledged must be there. */
  synchronized boolean expectsEntries() {
    return !before.isEmpty() || !acknowledged.isEmpty();
  }

  /** The browser lost all, and EdgeVec said so: the next round begins with nothing. */
  synchronized void lostAll() {
    before = new HashMap<>();
    acknowledged.clear();
  }

  /** Compares what was read back, and takes it as the state that the next round begins with. */
  synchronized Verdict check(List<Stored> found) {
    Map<String, Stored> actual = new HashMap<>();
    List<String> violations = new ArrayList<>();
    for (Stored entry : found) {
      if (actual.put(entry.id(), entry) != null) {
        violations.add("round " + round + ": " + entry.id() + " is there twice");
      }
    }
    int writes = recoveredWrites(actual);
    int lost = acknowledged.get(writes, Math.max(writes, acknowledged.length())).cardinality();
    if (lost > 0) {
      violations.add(
          "round "
              + round
              + ": "
              + lost
              + " acknowledged writes are gone, from number "
              + acknowledged.nextSetBit(writes)
              + " on; recovered: "
              + writes);
    }
    int halves = halfBatches(actual, writes);
    if (halves > 0) {
      violations.add("round " + round + ": " + halves + " batches are there in part");
    }
    compare(expected(writes), actual, violations);
    before = actual;
    return new Verdict(writes, lost, halves, violations);
  }

  /** One more than the highest number of this round of which anything is there. */
  private int recoveredWrites(Map<String, Stored> actual) {
    return actual.values().stream()
        .filter(entry -> entry.round() == round)
        .mapToInt(entry -> entry.number() + 1)
        .max()
        .orElse(0);
  }

  private int halfBatches(Map<String, Stored> actual, int writes) {
    int halves = 0;
    for (int number = 8; number < writes; number += 10) {
      int there = 0;
      for (Stored put : KillScript.puts(round, number)) {
        Stored stored = actual.get(put.id());
        there += stored != null && stored.round() == round ? 1 : 0;
      }
      halves += there > 0 && there < KillScript.BATCH ? 1 : 0;
    }
    return halves;
  }

  private Map<String, Stored> expected(int writes) {
    Map<String, Stored> state = new HashMap<>(before);
    for (int number = 0; number < writes; number++) {
      KillScript.puts(round, number).forEach(put -> state.put(put.id(), put));
      KillScript.deletes(number).forEach(state::remove);
    }
    return state;
  }

  private void compare(
      Map<String, Stored> expected, Map<String, Stored> actual, List<String> violations) {
    Set<String> ids = new HashSet<>(expected.keySet());
    ids.addAll(actual.keySet());
    int differences = 0;
    for (String id : ids) {
      if (!Objects.equals(expected.get(id), actual.get(id)) && ++differences <= SHOWN) {
        violations.add(
            "round "
                + round
                + ": "
                + id
                + " should be "
                + describe(expected.get(id))
                + " and is "
                + describe(actual.get(id)));
      }
    }
    if (differences > SHOWN) {
      violations.add("round " + round + ": " + differences + " entries differ in all");
    }
  }

  private static String describe(@Nullable Stored entry) {
    return entry == null ? "missing" : entry.toString();
  }
}
