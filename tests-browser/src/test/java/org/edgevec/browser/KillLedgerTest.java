package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.browser.KillScript.Stored;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every way to break the promise is a violation; keeping it is none. */
class KillLedgerTest {

  private final KillLedger ledger = new KillLedger();

  @BeforeEach
  void beginWithTheFirstRoundChecked() {
    ledger.begin(1);
    acknowledge(1, 35);
    assertThat(ledger.check(state(1, 35)).violations()).isEmpty();
    ledger.begin(2);
    acknowledge(2, 20);
  }

  @Test
  void everyPrefixWithAllAcknowledgedWritesIsRight() {
    for (int writes = 20; writes < 30; writes++) {
      KillLedger fresh = new KillLedger();
      fresh.begin(2);
      for (int i = 0; i < 20; i++) {
        fresh.acknowledge("2 " + i);
      }
      KillLedger.Verdict verdict = fresh.check(state(2, writes));
      assertThat(verdict.violations()).isEmpty();
      assertThat(verdict.writes()).isEqualTo(writes);
      assertThat(verdict.lost() + verdict.halfBatches()).isZero();
    }
  }

  @Test
  void aLostAcknowledgedWriteIsFound() {
    KillLedger.Verdict verdict = ledger.check(overFirst(19));
    assertThat(verdict.lost()).isEqualTo(1);
    assertThat(verdict.violations()).anyMatch(text -> text.contains("from number 19"));
  }

  @Test
  void aHalfBatchIsFoundAlsoWhenItWasNotAcknowledged() {
    List<Stored> found = new ArrayList<>(overFirst(29));
    found.removeIf(entry -> entry.id().equals("batch-28-3"));
    KillLedger.Verdict verdict = ledger.check(found);
    assertThat(verdict.lost()).isZero();
    assertThat(verdict.halfBatches()).isEqualTo(1);
    assertThat(verdict.violations()).isNotEmpty();
  }

  @Test
  void aHoleInTheMiddleIsFound() {
    List<Stored> found = new ArrayList<>(overFirst(25));
    found.removeIf(entry -> entry.id().equals("single-3"));
    assertThat(ledger.check(found).violations()).anyMatch(text -> text.contains("single-3"));
  }

  @Test
  void aChangedBitIsFound() {
    List<Stored> found = new ArrayList<>(overFirst(25));
    Stored last = found.remove(found.size() - 1);
    String other = last.vector().replace(last.vector().charAt(5), '/');
    found.add(new Stored(last.id(), other, last.round(), last.number()));
    assertThat(ledger.check(found).violations()).anyMatch(text -> text.contains(last.id()));
  }

  @Test
  void aMissingEntryOfAnEarlierRoundIsFound() {
    List<Stored> found = new ArrayList<>(overFirst(20));
    found.removeIf(entry -> entry.id().equals("single-33"));
    assertThat(ledger.check(found).violations()).anyMatch(text -> text.contains("single-33"));
  }

  @Test
  void aDeletedEntryThatIsBackIsFound() {
    List<Stored> found = new ArrayList<>(overFirst(20));
    found.add(KillScript.puts(2, 0).get(0));
    assertThat(ledger.check(found).violations()).anyMatch(text -> text.contains("single-0"));
  }

  @Test
  void anEmptyDatabaseIsFound() {
    assertThat(ledger.expectsEntries()).isTrue();
    assertThat(ledger.check(List.of()).violations()).isNotEmpty();
  }

  private void acknowledge(int round, int writes) {
    for (int i = 0; i < writes; i++) {
      ledger.acknowledge(round + " " + i);
    }
  }

  private static List<Stored> overFirst(int writes) {
    Map<String, Stored> entries = new LinkedHashMap<>();
    apply(entries, 1, 35);
    apply(entries, 2, writes);
    return List.copyOf(entries.values());
  }

  private static List<Stored> state(int round, int writes) {
    Map<String, Stored> entries = new LinkedHashMap<>();
    apply(entries, round, writes);
    return List.copyOf(entries.values());
  }

  private static void apply(Map<String, Stored> entries, int round, int writes) {
    for (int number = 0; number < writes; number++) {
      KillScript.puts(round, number).forEach(put -> entries.put(put.id(), put));
      KillScript.deletes(number).forEach(entries::remove);
    }
  }
}
