package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.edgevec.VectorDatabase;
import org.edgevec.crash.DamageTrial.Opener;
import org.edgevec.crash.DamageTrial.Outcome;
import org.edgevec.crash.DamageTrial.Verdict;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageFullException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The judge is judged: databases that open badly, each in its own way. */
class DamageTrialTest {

  private static final String SEAL = "seal.evec";

  private static ReferenceStore plain;

  @BeforeAll
  static void makeStores() {
    plain = ReferenceStore.all().get(0);
  }

  private static Verdict judge(Opener opener) {
    return new DamageTrial(plain, opener).judge(SEAL, null, 0);
  }

  @Test
  void everythingServedIsRight() {
    assertThat(judge(DamageTrial::open)).isEqualTo(new Verdict(Outcome.SERVED, ""));
  }

  @Test
  void aRefusalIsRight() {
    Verdict verdict =
        judge(
            storage -> {
              throw new CorruptDataException(SEAL, 0, "it is damaged");
            });
    assertThat(verdict).isEqualTo(new Verdict(Outcome.REFUSED, "CORRUPT"));
  }

  @Test
  void aRefusalAfterAChangeIsWrong() {
    Verdict verdict =
        judge(
            storage -> {
              storage.delete(SEAL);
              throw new CorruptDataException(SEAL, 0, "it is damaged");
            });
    assertThat(verdict.outcome()).isEqualTo(Outcome.WRONG);
  }

  @Test
  void anEntryTooFewIsWrong() {
    assertThat(judge(changed(db -> db.delete("note-1"))).what()).contains("entries are served");
  }

  @Test
  void anotherOrderIsWrong() {
    Opener opener =
        changed(
            db -> {
              var entry = db.get("note-1").orElseThrow();
              db.put(entry.id(), entry.vector(), entry.metadata());
            });
    assertThat(judge(opener).what()).contains("stands where");
  }

  @Test
  void anotherVectorIsWrong() {
    String last = plain.entries().get(plain.entries().size() - 1).id();
    Opener opener =
        changed(
            db -> {
              var entry = db.get(last).orElseThrow();
              entry.vector()[127] = -entry.vector()[127];
              db.put(last, entry.vector(), entry.metadata());
            });
    assertThat(judge(opener)).isEqualTo(new Verdict(Outcome.WRONG, "the vector of " + last));
  }

  @Test
  void otherMetadataIsWrong() {
    String last = plain.entries().get(plain.entries().size() - 1).id();
    Opener opener =
        changed(
            db ->
                db.put(last, db.get(last).orElseThrow().vector(), org.edgevec.Metadata.of("n", 1)));
    assertThat(judge(opener)).isEqualTo(new Verdict(Outcome.WRONG, "metadata of " + last));
  }

  private static Opener changed(java.util.function.Consumer<VectorDatabase> change) {
    return storage -> {
      VectorDatabase db = DamageTrial.open(storage);
      change.accept(db);
      return db;
    };
  }

  @Test
  void anyOtherExceptionIsUntyped() {
    List<Throwable> others =
        List.of(
            new IllegalStateException("a"),
            new ArrayIndexOutOfBoundsException("b"),
            new StorageFullException("c"),
            new OutOfMemoryError("d"),
            new StackOverflowError("e"));
    for (Throwable other : others) {
      Verdict verdict =
          judge(
              storage -> {
                throw DamageTrialTest.<RuntimeException>unchecked(other);
              });
      assertThat(verdict).isEqualTo(new Verdict(Outcome.UNTYPED, other.toString()));
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchecked(Throwable any) throws T {
    throw (T) any;
  }

  @Test
  void memoryThatADamagedLengthAsksForIsWrong() {
    Verdict verdict =
        judge(
            storage -> {
              byte[] claimed = new byte[64 << 20];
              throw new CorruptDataException(SEAL, Arrays.hashCode(claimed), "it is damaged");
            });
    assertThat(verdict.outcome()).isEqualTo(Outcome.WRONG);
    assertThat(verdict.what()).contains("allocated");
  }

  @Test
  void anOpeningThatDoesNotReturnIsTold() {
    CountDownLatch never = new CountDownLatch(1);
    Opener opener =
        storage -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return DamageTrial.open(storage);
        };
    DamageSimulation simulation =
        new DamageSimulation(List.of(plain), opener, new double[] {0.01}, 1, 1);
    String result = simulation.run(1);
    never.countDown();
    assertThat(simulation.violations()).singleElement().asString().startsWith("HANGS plain:");
    assertThat(result).contains("VIOLATION HANGS plain:");
  }

  @Test
  void theReferenceStoresDifferInEveryFileFromTheSecondOnes() {
    for (ReferenceStore store : ReferenceStore.all()) {
      assertThat(store.second().keySet()).isEqualTo(store.files().keySet());
      store
          .files()
          .forEach((file, bytes) -> assertThat(store.second().get(file)).isNotEqualTo(bytes));
    }
  }
}
