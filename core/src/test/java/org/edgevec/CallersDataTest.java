package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a caller hands in changes while it is used. He may get anything of it or a refusal, but what
 * is stored can be read again.
 */
@Timeout(120)
final class CallersDataTest {

  private static final int DIMENSION = 512;

  private Options options = Options.of(DIMENSION, Metric.COSINE);

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();

  /** So many times as many calls until one is taken. */
  private static final int PATIENCE = 500;

  /** Runs calls while another thread changes what they are given, and opens what comes of it. */
  private void race(int calls, Runnable change, Consumer<VectorDatabase> call) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Thread changer =
        new Thread(
            () -> {
              while (!stop.get()) {
                change.run();
              }
            });
    changer.start();
    int refused = 0;
    int made = 0;
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), options)) {
      // More where all are refused: the other thread may not have run since the first.
      for (; made < calls || (refused == made && made < PATIENCE * calls); made++) {
        try {
          call.accept(db);
        } catch (InvalidInputException e) {
          refused++;
        }
      }
    } finally {
      stop.set(true);
      changer.join();
    }
    System.out.println("refused while it changed: " + refused + " of " + made);
    assertThat(refused).isLessThan(made);
    VectorDatabase.open(MemoryStorage.open(disk), options).close();
  }

  @Test
  void aVector() throws Exception {
    float[] vector = new float[DIMENSION];
    vector[0] = 1;
    race(
        5_000,
        () -> vector[DIMENSION - 1] = vector[DIMENSION - 1] == 0 ? Float.NaN : 0,
        db -> db.put("id", vector));
  }

  @Test
  void aVectorWhoseLengthVanishes() throws Exception {
    float[] vector = new float[DIMENSION];
    race(
        5_000,
        () -> vector[DIMENSION - 1] = vector[DIMENSION - 1] == 0 ? 1 : 0,
        db -> db.put("id", vector));
  }

  /** Under L2 it is scored as it is, under cosine a normalized copy. */
  @ParameterizedTest
  @EnumSource
  void aQuery(Metric metric) throws Exception {
    options = Options.of(DIMENSION, metric);
    float[] query = new float[DIMENSION];
    query[0] = 1;
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), options)) {
      for (int i = 1; i <= 200; i++) {
        float[] vector = new float[DIMENSION];
        vector[0] = i;
        vector[i] = 1;
        db.put("id" + i, vector);
      }
    }
    race(
        5_000,
        () -> query[DIMENSION - 1] = query[DIMENSION - 1] == 0 ? Float.NaN : 0,
        db -> {
          for (Hit hit : db.search(SearchRequest.of(query, 10))) {
            assertThat(hit.score()).isFinite();
          }
        });
  }

  @Test
  void aBatchThatGrows() throws Exception {
    WriteBatch[] batch = {new WriteBatch()};
    float[] vector = new float[DIMENSION];
    vector[0] = 1;
    batch[0].put("first", vector);
    race(
        2_000,
        () -> {
          WriteBatch next = batch[0].size() > 64 ? new WriteBatch() : batch[0];
          next.put("id" + next.size(), vector);
          batch[0] = next;
        },
        db -> db.write(batch[0]));
  }
}
