package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntPredicate;
import org.edgevec.shape.Cell;
import org.edgevec.shape.Shapes;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A stored vector finds itself, in data through which walks do not find the way. */
final class StoredVectorTest {

  private static final int COUNT = 3000;
  private static final int DIMENSION = 128;

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();

  private static Options options(Metric metric) {
    return Options.of(DIMENSION, metric)
        .checkpointPolicy(CheckpointPolicy.MANUAL)
        .hnsw(HnswOptions.of(4, 8).minEntries(10));
  }

  private VectorDatabase open(Metric metric, Platform platform) {
    return VectorDatabase.open(MemoryStorage.open(disk), options(metric), platform);
  }

  private static float[][] vectors(Metric metric) {
    return new Cell(Shapes.named("log-normal lengths"), metric, DIMENSION, COUNT, Cell.SEED)
        .data(1)
        .base();
  }

  /** With all of them stored and linked. */
  private VectorDatabase filled(Metric metric, float[][] vectors) {
    VectorDatabase db = open(metric, TestPlatform.seeded(1));
    put(db, vectors, 0, COUNT);
    return db;
  }

  private static void put(VectorDatabase db, float[][] vectors, int from, int to) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < to; i++) {
      batch.put("id" + i, vectors[i]);
    }
    db.write(batch);
  }

  /** How many of the entries find themselves first. */
  private static int found(VectorDatabase db, float[][] vectors, IntPredicate isStored) {
    int found = 0;
    for (int i = 0; i < vectors.length; i++) {
      if (isStored.test(i)) {
        Hit hit = db.search(SearchRequest.of(vectors[i], 1).efSearch(1)).get(0);
        found += hit.id().equals("id" + i) ? 1 : 0;
      }
    }
    return found;
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DOT")
  void findsItselfWhateverWasDone(Metric metric) {
    float[][] vectors = vectors(metric);
    try (VectorDatabase db = filled(metric, vectors)) {
      assertThat(db.stats().tailEntries()).isZero();
      assertThat(found(db, vectors, i -> true)).isEqualTo(COUNT);
      for (int i = 0; i < COUNT; i += 2) {
        db.delete("id" + i);
      }
      assertThat(found(db, vectors, i -> i % 2 == 1)).isEqualTo(COUNT / 2);
      db.checkpoint();
      assertThat(db.stats().deadEntries()).isLessThan(COUNT / 3);
      assertThat(found(db, vectors, i -> i % 2 == 1)).isEqualTo(COUNT / 2);
      put(db, vectors, 0, 100);
      assertThat(found(db, vectors, i -> i < 100 || i % 2 == 1)).isEqualTo(COUNT / 2 + 50);
      db.checkpoint();
    }
    try (VectorDatabase db = open(metric, TestPlatform.seeded(2))) {
      assertThat(db.stats().tailEntries()).isZero();
      assertThat(found(db, vectors, i -> i < 100 || i % 2 == 1)).isEqualTo(COUNT / 2 + 50);
    }
  }

  /** As on a platform with a background, which an opening does not wait for. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DOT")
  void findsItselfSoonAfterAnOpening(Metric metric) {
    float[][] vectors = vectors(metric);
    try (VectorDatabase db = filled(metric, vectors)) {
      db.checkpoint();
    }
    TestPlatform platform = TestPlatform.withBackground(2);
    try (VectorDatabase db = open(metric, platform)) {
      assertThat(found(db, vectors, i -> true)).as("by walks alone").isLessThan(COUNT * 9 / 10);
      while (platform.runTasks() > 0) {
        // Until all is done that was due.
      }
      assertThat(found(db, vectors, i -> true)).isEqualTo(COUNT);
      // And of that there is nothing to store.
      long generation = db.stats().generation();
      db.checkpoint();
      assertThat(db.stats().generation()).isEqualTo(generation);
    }
  }

  /** The node is dead, and the entries that have its vector are found. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DOT")
  void copiesAreFoundWhereverTheirNodeIs(Metric metric) {
    float[][] vectors = vectors(metric);
    try (VectorDatabase db = filled(metric, vectors)) {
      WriteBatch again = new WriteBatch();
      for (int i = 0; i < COUNT; i++) {
        again.put("again" + i, vectors[i]);
      }
      db.write(again);
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < COUNT; i++) {
          var hits = db.search(SearchRequest.of(vectors[i], 2).efSearch(2));
          assertThat(hits.stream().map(Hit::id)).containsExactlyInAnyOrder("id" + i, "again" + i);
        }
        db.checkpoint();
      }
      for (int i = 0; i < COUNT; i++) {
        db.delete("id" + i);
        assertThat(db.search(SearchRequest.of(vectors[i], 1)).get(0).id()).isEqualTo("again" + i);
      }
      for (int i = 0; i < COUNT; i++) {
        assertThat(db.search(SearchRequest.of(vectors[i], 1)).get(0).id()).isEqualTo("again" + i);
      }
    }
  }
}
