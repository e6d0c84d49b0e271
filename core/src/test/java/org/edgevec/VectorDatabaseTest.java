package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.ReadOnlyException;
import org.edgevec.storage.StorageLockedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorDatabaseTest {

  private static final Options L2 = Options.of(2, Metric.L2);

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();

  private VectorDatabase open(Options options) {
    return VectorDatabase.open(MemoryStorage.open(disk), options, TestPlatform.seeded(1));
  }

  private static float[] v(float... components) {
    return components;
  }

  @Test
  void whatWasPutIsThereAfterReopening() {
    Metadata metadata =
        Metadata.of("s", "é😀", "l", 7, "d", 2.5, "b", true, "list", List.of("x", "", "y"));
    try (VectorDatabase db = open(L2)) {
      db.put("a", v(1, 2), metadata);
      db.put("b", v(3, 4));
    }
    try (VectorDatabase db = open(Options.existing())) {
      Entry a = db.get("a").orElseThrow();
      assertThat(a.vector()).containsExactly(1, 2);
      assertThat(a.metadata()).isEqualTo(metadata);
      assertThat(a.metadata().getLong("l")).isEqualTo(7);
      assertThat(db.get("b").orElseThrow().metadata().isEmpty()).isTrue();
      assertThat(db.size()).isEqualTo(2);
      assertThat(db.dimension()).isEqualTo(2);
      assertThat(db.metric()).isEqualTo(Metric.L2);
      assertThat(db.recoveryReport().created()).isFalse();
      assertThat(db.recoveryReport().replayedBatches()).isEqualTo(2);
      assertThat(db.recoveryReport().notes()).isEmpty();
    }
  }

  @Test
  void aPutReplacesAndADeleteTellsWhetherThereWasSomething() {
    try (VectorDatabase db = open(L2)) {
      db.put("a", v(1, 1), Metadata.of("n", 1));
      db.put("a", v(2, 2), Metadata.of("n", 2));
      assertThat(db.size()).isEqualTo(1);
      assertThat(db.get("a").orElseThrow().vector()).containsExactly(2, 2);
      assertThat(db.delete("a")).isTrue();
      assertThat(db.delete("a")).isFalse();
      assertThat(db.contains("a")).isFalse();
      assertThat(db.get("a")).isEmpty();
      assertThat(db.search(SearchRequest.of(v(2, 2), 5))).isEmpty();
    }
  }

  @Test
  void aBatchAppliesInOrderAndAllOrNothing() {
    try (VectorDatabase db = open(L2)) {
      db.write(
          new WriteBatch()
              .put("a", v(1, 1))
              .delete("a")
              .put("b", v(1, 1))
              .put("b", v(2, 2))
              .delete("never"));
      assertThat(db.ids()).containsExactly("b");
      WriteBatch bad = new WriteBatch().put("c", v(1, 1)).put("d", v(Float.NaN, 1));
      assertThatThrownBy(() -> db.write(bad)).isInstanceOf(InvalidInputException.class);
      assertThat(db.ids()).containsExactly("b");
      assertThat(db.stats().lastSequence()).isEqualTo(1);
    }
  }

  @Test
  void theCallersArraysAreCopied() {
    try (VectorDatabase db = open(L2)) {
      float[] mine = v(1, 2);
      WriteBatch batch = new WriteBatch().put("a", mine);
      mine[0] = 99;
      db.write(batch);
      db.get("a").orElseThrow().vector()[1] = 99;
      assertThat(db.get("a").orElseThrow().vector()).containsExactly(1, 2);
    }
  }

  @Test
  void searchReturnsTheNearestFirstUnderEachMetric() {
    Map<Metric, List<String>> expected =
        Map.of(
            Metric.L2, List.of("near", "opposite", "long"),
            Metric.DOT, List.of("long", "near", "opposite"),
            Metric.COSINE, List.of("long", "near", "opposite"));
    for (Metric metric : Metric.values()) {
      MemoryStorage storage = MemoryStorage.open();
      try (VectorDatabase db = VectorDatabase.open(storage, Options.of(2, metric))) {
        db.put("opposite", v(-1, -1));
        db.put("long", v(10, 10));
        db.put("near", v(1, 0.5f));
        List<Hit> hits = db.search(SearchRequest.of(v(1, 1), 3));
        assertThat(hits).extracting(Hit::id).isEqualTo(expected.get(metric));
      }
    }
  }

  @Test
  void scoresAreWhatTheMetricSays() {
    MemoryStorage storage = MemoryStorage.open();
    try (VectorDatabase db = VectorDatabase.open(storage, Options.of(2, Metric.COSINE))) {
      db.put("same", v(3, 4));
      db.put("across", v(-4, 3));
      List<Hit> hits = db.search(SearchRequest.of(v(6, 8), 2));
      assertThat(hits.get(0).score()).isCloseTo(1, within(1e-6f));
      assertThat(hits.get(1).score()).isCloseTo(0, within(1e-6f));
    }
    try (VectorDatabase db = open(L2)) {
      db.put("a", v(3, 4));
      assertThat(db.search(SearchRequest.of(v(0, 0), 1)).get(0).score()).isEqualTo(25);
      assertThat(db.search(SearchRequest.of(v(3, 4), 1)).get(0).score()).isEqualTo(0);
    }
  }

  @Test
  void equallyNearEntriesComeInTheOrderOfInsertion() {
    try (VectorDatabase db = open(L2)) {
      for (int i = 0; i < 20; i++) {
        db.put("id" + i, v(1, 1));
      }
      assertThat(db.search(SearchRequest.of(v(0, 0), 3)))
          .extracting(Hit::id)
          .containsExactly("id0", "id1", "id2");
    }
  }

  @Test
  void asManyHitsAsThereAreWhenKIsLarger() {
    try (VectorDatabase db = open(L2)) {
      assertThat(db.search(SearchRequest.of(v(0, 0), 10))).isEmpty();
      db.put("a", v(1, 1));
      assertThat(db.search(SearchRequest.of(v(0, 0), 10_000))).hasSize(1);
    }
  }

  @Test
  void longVectorsHaveFiniteScoresInOrder() {
    try (VectorDatabase db = open(L2)) {
      db.put("far", v(-9e18f, 0));
      db.put("near", v(8.5e18f, 0));
      db.put("middle", v(0, 1e18f));
      assertHits(db, v(9e18f, 0), "near", 2.5e35, "middle", 8.2e37, "far", 3.24e38);
    }
    clear();
    try (VectorDatabase db = open(Options.of(2, Metric.DOT))) {
      db.put("far", v(-1.2e19f, -1.2e19f));
      db.put("none", v(1.2e19f, -1.2e19f));
      db.put("near", v(1.2e19f, 1.2e19f));
      assertHits(db, v(1.2e19f, 1.2e19f), "near", 2.88e38, "none", 0, "far", -2.88e38);
    }
  }

  @Test
  void shortVectorsHaveScoresInOrder() {
    try (VectorDatabase db = open(L2)) {
      db.put("farther", v(3e-22f, 3e-22f));
      db.put("nearer", v(1e-22f, -1e-22f));
      db.put("nearest", v(2e-23f, 2e-23f));
      db.put("zero", v(0, -0f));
      assertHits(db, v(0, 0), "zero", 0, "nearest", 1.4e-45, "nearer", 2e-44, "farther", 1.8e-43);
    }
    clear();
    try (VectorDatabase db = open(Options.of(2, Metric.DOT))) {
      db.put("far", v(-3e-23f, -3e-23f));
      db.put("zero", v(-0f, 0));
      db.put("middle", v(1e-22f, 1e-22f));
      db.put("near", v(3e-22f, 3e-22f));
      assertHits(db, v(1e-22f, 1e-22f), "near", 6e-44, "middle", 2e-44, "zero", 0, "far", -5.6e-45);
    }
  }

  private void clear() {
    try (MemoryStorage storage = MemoryStorage.open(disk)) {
      storage.list().forEach(storage::delete);
    }
  }

  /** Ids and scores in turns, as near to these as floats and two digits are. */
  private static void assertHits(VectorDatabase db, float[] query, Object... expected) {
    List<Hit> hits = db.search(SearchRequest.of(query, expected.length / 2));
    for (int i = 0; i < hits.size(); i++) {
      double score = ((Number) expected[2 * i + 1]).doubleValue();
      assertThat(hits.get(i).id()).isEqualTo(expected[2 * i]);
      assertThat((double) hits.get(i).score())
          .isCloseTo(score, within(0.01 * Math.abs(score) + 0.6 * Float.MIN_VALUE));
    }
  }

  @Test
  void queriesAndVectorsThatCannotBeScoredInFloatsAreRefused() {
    try (VectorDatabase db = open(L2)) {
      assertRefused(Code.INVALID_VECTOR, () -> db.put("a", v(1e20f, 0)));
      assertRefused(Code.INVALID_VECTOR, () -> db.search(SearchRequest.of(v(7e18f, -7e18f), 1)));
      assertThat(db.size()).isZero();
    }
    clear();
    try (VectorDatabase db = open(Options.of(2, Metric.DOT))) {
      assertRefused(Code.INVALID_VECTOR, () -> db.put("a", v(1e20f, 0)));
      assertRefused(Code.INVALID_VECTOR, () -> db.search(SearchRequest.of(v(0, -2e19f), 1)));
      assertThat(db.size()).isZero();
    }
  }

  @Test
  void checkpointEmptiesTheLogAndKeepsEverything() {
    try (VectorDatabase db = open(L2)) {
      for (int i = 0; i < 1000; i++) {
        db.put("id" + i, v(i, -i), Metadata.of("i", i));
      }
      long before = db.stats().logBytes();
      db.checkpoint();
      assertThat(db.stats().logBytes() * 100).isLessThan(before);
      assertThat(db.stats().generation()).isEqualTo(2);
      assertThat(db.stats().segmentCount()).isEqualTo(1);
      db.put("after", v(5, 5));
    }
    try (VectorDatabase db = open(L2)) {
      assertThat(db.recoveryReport().snapshotEntries()).isEqualTo(1000);
      assertThat(db.recoveryReport().replayedBatches()).isEqualTo(1);
      assertThat(db.size()).isEqualTo(1001);
      assertThat(db.get("id999").orElseThrow().metadata().getLong("i")).isEqualTo(999);
    }
  }

  @Test
  void aCheckpointWithNothingNewDoesNothing() {
    try (VectorDatabase db = open(L2)) {
      db.put("a", v(1, 1));
      db.checkpoint();
      Map<String, byte[]> files = disk.files();
      db.checkpoint();
      assertThat(disk.files().keySet()).isEqualTo(files.keySet());
      assertThat(db.stats().generation()).isEqualTo(2);
    }
  }

  @Test
  void checkpointsHappenByThemselves() {
    Options options = L2.checkpointPolicy(CheckpointPolicy.of(2000, 2000));
    try (VectorDatabase db = open(options)) {
      for (int i = 0; i < 100; i++) {
        db.put("id" + i, v(i, i));
      }
      assertThat(db.stats().generation()).isGreaterThan(2);
      assertThat(db.stats().logBytes()).isLessThan(3000);
      assertThat(db.stats().maintenanceError()).isNull();
    }
    try (VectorDatabase db = open(options)) {
      assertThat(db.size()).isEqualTo(100);
    }
  }

  @Test
  void maintenanceSealsTheLogWhenIdle() {
    TestPlatform platform = TestPlatform.withBackground(1);
    VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), L2, platform);
    db.put("a", v(1, 1));
    assertThat(platform.runTasks()).isEqualTo(1);
    assertThat(disk.files()).as("busy: not yet").doesNotContainKey("seal.evec");
    assertThat(platform.runTasks()).isEqualTo(1);
    assertThat(disk.files()).containsKey("seal.evec");
    assertThat(platform.runTasks()).as("idle: nothing is scheduled").isZero();
    db.close();
  }

  @Test
  void manyCheckpointsLeaveFewSegmentsAndFiles() {
    try (VectorDatabase db = open(L2)) {
      for (int i = 0; i < 200; i++) {
        db.put("id" + i, v(i, i));
        db.checkpoint();
      }
      assertThat(db.stats().segmentCount()).isLessThanOrEqualTo(9);
      assertThat(disk.files()).hasSizeLessThanOrEqualTo(24);
      assertThat(db.stats().generation()).isEqualTo(201);
    }
    try (VectorDatabase db = open(L2)) {
      assertThat(db.size()).isEqualTo(200);
    }
  }

  @Test
  void checkpointsReclaimWhatWasDeleted() {
    try (VectorDatabase db = open(L2.hnsw(HnswOptions.of(16, 200).minEntries(1_000_000)))) {
      for (int i = 0; i < 1000; i++) {
        db.put("id" + i, v(i, i));
      }
      db.checkpoint();
      long full = db.stats().segmentBytes();
      for (int i = 0; i < 200; i++) {
        db.delete("id" + i);
      }
      db.checkpoint();
      assertThat(db.stats().deadEntries()).as("20 % dead is left").isEqualTo(200);
      for (int i = 200; i < 400; i++) {
        db.delete("id" + i);
      }
      db.checkpoint();
      assertThat(db.stats().deadEntries()).as("40 % dead is rewritten").isZero();
      assertThat(db.stats().segmentBytes()).isLessThan(full * 65 / 100);
      assertThat(db.get("id400").orElseThrow().vector()).containsExactly(400, 400);
      assertThat(db.search(SearchRequest.of(v(0, 0), 1)).get(0).id()).isEqualTo("id400");
    }
    try (VectorDatabase db = open(L2)) {
      assertThat(db.size()).isEqualTo(600);
      assertThat(db.ids().get(0)).isEqualTo("id400");
    }
  }

  @Test
  void checkpointsReclaimWhatWasDeletedAndTheGraphLetGo() {
    Options options = L2.hnsw(HnswOptions.of(4, 20).minEntries(1));
    try (VectorDatabase db = open(options)) {
      for (int i = 0; i < 1000; i++) {
        db.put("id" + i, v(i, i));
      }
      db.checkpoint();
      assertThat(db.stats().indexedEntries()).isEqualTo(1000);
      for (int i = 0; i < 400; i++) {
        db.delete("id" + i);
      }
      db.checkpoint();
      assertThat(db.stats().deadEntries()).as("at most 20 % are linked").isLessThanOrEqualTo(120);
      assertThat(db.stats().indexedEntries()).isEqualTo(600 + db.stats().deadEntries());
      assertThat(db.search(SearchRequest.of(v(0, 0), 1)).get(0).id()).isEqualTo("id400");
    }
    try (VectorDatabase db = open(options)) {
      assertThat(db.size()).isEqualTo(600);
      assertThat(db.stats().tailEntries()).as("the graph is loaded").isZero();
      assertThat(db.search(SearchRequest.of(v(0, 0), 1)).get(0).id()).isEqualTo("id400");
    }
  }

  @Test
  void everythingDeletedLeavesAnEmptySnapshot() {
    try (VectorDatabase db = open(L2)) {
      db.put("a", v(1, 1));
      db.checkpoint();
      db.delete("a");
      db.checkpoint();
      assertThat(db.stats().segmentCount()).isZero();
    }
    try (VectorDatabase db = open(L2)) {
      assertThat(db.size()).isZero();
    }
  }

  @Test
  void entriesGoOnWhileTheDatabaseChanges() {
    try (VectorDatabase db = open(L2)) {
      for (int i = 0; i < 10; i++) {
        db.put("id" + i, v(i, i));
      }
      int seen = 0;
      for (Entry entry : db.entries()) {
        assertThat(entry.id()).isEqualTo("id" + seen);
        seen++;
        db.delete("id" + (9 - entry.id().charAt(2) + '0'));
        db.checkpoint();
      }
      assertThat(seen).isEqualTo(5);
    }
  }

  @Test
  void relaxedWritesSurviveClosing() {
    try (VectorDatabase db = open(L2.durability(Durability.RELAXED))) {
      db.put("a", v(1, 1));
      assertThat(db.stats().durability()).isEqualTo(Durability.RELAXED);
    }
    try (VectorDatabase db = open(L2)) {
      assertThat(db.contains("a")).isTrue();
    }
  }

  @Test
  void openedTwiceIsRefusedAndTheFirstGoesOn() {
    try (VectorDatabase db = open(L2)) {
      assertThatThrownBy(() -> open(L2)).isInstanceOf(StorageLockedException.class);
      db.put("a", v(1, 1));
    }
    open(L2).close();
  }

  @Test
  void afterCloseEveryCallSaysSo() {
    VectorDatabase db = open(L2);
    db.close();
    db.close();
    assertThatThrownBy(() -> db.put("a", v(1, 1))).isInstanceOf(DatabaseClosedException.class);
    assertThatThrownBy(() -> db.get("a")).isInstanceOf(DatabaseClosedException.class);
    assertThatThrownBy(() -> db.search(SearchRequest.of(v(1, 1), 1)))
        .isInstanceOf(DatabaseClosedException.class);
    assertThatThrownBy(db::checkpoint).isInstanceOf(DatabaseClosedException.class);
    assertThatThrownBy(db::stats).isInstanceOf(DatabaseClosedException.class);
    assertThatThrownBy(db::size).isInstanceOf(DatabaseClosedException.class);
  }

  @Test
  void salvageReadsAndRefusesWrites() {
    try (VectorDatabase db = open(L2)) {
      db.put("a", v(1, 1));
    }
    Map<String, byte[]> before = disk.files();
    try (VectorDatabase db = open(Options.existing().salvage(true))) {
      assertThat(db.size()).isEqualTo(1);
      assertThat(db.stats().readOnly()).isTrue();
      assertThatThrownBy(() -> db.delete("a")).isInstanceOf(ReadOnlyException.class);
      assertThatThrownBy(db::checkpoint).isInstanceOf(ReadOnlyException.class);
    }
    assertSameFiles(before, disk.files());
  }

  // Bad input: each refused with a code, nothing written

  private void assertRefused(Code code, Runnable action) {
    Map<String, byte[]> before = disk.files();
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            InvalidInputException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).hasSizeGreaterThan(20);
            });
    assertSameFiles(before, disk.files());
  }

  private static void assertSameFiles(Map<String, byte[]> before, Map<String, byte[]> after) {
    assertThat(after.keySet()).isEqualTo(before.keySet());
    after.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(before.get(name)));
  }

  @Test
  void badVectorsAreRefused() {
    try (VectorDatabase db = open(Options.of(2, Metric.COSINE))) {
      assertRefused(Code.INVALID_DIMENSION, () -> db.put("a", v(1)));
      assertRefused(Code.INVALID_DIMENSION, () -> db.put("a", v(1, 2, 3)));
      assertRefused(Code.INVALID_VECTOR, () -> db.put("a", v(1, Float.NaN)));
      assertRefused(Code.INVALID_VECTOR, () -> db.put("a", v(1, Float.NEGATIVE_INFINITY)));
      assertRefused(Code.INVALID_VECTOR, () -> db.put("a", v(0, -0f)));
      assertRefused(Code.INVALID_VECTOR, () -> db.put("a", v(Float.MIN_VALUE, 0)));
      assertRefused(Code.INVALID_VECTOR, () -> db.search(SearchRequest.of(v(0, 0), 1)));
      assertRefused(Code.INVALID_DIMENSION, () -> db.search(SearchRequest.of(v(1), 1)));
      assertThat(db.size()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\ud800", "x\udc00"})
  void badIdsAreRefused(String id) {
    try (VectorDatabase db = open(L2)) {
      assertRefused(Code.INVALID_ID, () -> db.put(id, v(1, 1)));
      assertRefused(Code.INVALID_ID, () -> db.delete(id));
    }
  }

  @Test
  void anIdMayTake512BytesAndNoMore() {
    try (VectorDatabase db = open(L2)) {
      db.put("é".repeat(256), v(1, 1));
      assertRefused(Code.INVALID_ID, () -> db.put("é".repeat(256) + "x", v(1, 1)));
    }
  }

  @Test
  void badMetadataIsRefused() {
    assertRefused(Code.INVALID_METADATA, () -> Metadata.of("k", new int[0]));
    assertRefused(Code.INVALID_METADATA, () -> Metadata.of("k", List.of(1, new int[0])));
    assertRefused(Code.INVALID_METADATA, () -> Metadata.of("", 1));
    assertRefused(Code.INVALID_METADATA, () -> Metadata.of("k", 1, "k", 2));
    assertRefused(Code.INVALID_METADATA, () -> Metadata.of("k", 1, "j"));
    assertRefused(Code.INVALID_METADATA, () -> Metadata.of("k", "x".repeat(1 << 20)));
    assertRefused(Code.INVALID_METADATA, () -> Metadata.of("k".repeat(256), 1));
    assertRefused(Code.INVALID_METADATA, () -> Metadata.of("k", "\ud800"));
  }

  /** As of a list that happens to have none, in whatever state the database is. */
  @Test
  void anEmptyBatchChangesNothing() {
    VectorDatabase db = open(Options.of(2, Metric.L2));
    long bytes = db.stats().logBytes();
    db.write(new WriteBatch());
    db.check(new WriteBatch());
    assertThat(db.stats().logBytes()).isEqualTo(bytes);
    assertThat(db.size()).isZero();
    db.close();
    assertThatThrownBy(() -> db.write(new WriteBatch()))
        .isInstanceOf(DatabaseClosedException.class);
    assertThatThrownBy(() -> db.check(new WriteBatch()))
        .isInstanceOf(DatabaseClosedException.class);
    try (VectorDatabase salvaged = open(Options.existing().salvage(true))) {
      salvaged.write(new WriteBatch());
      salvaged.check(new WriteBatch());
    }
  }

  @Test
  void badBatchesAreRefused() {
    try (VectorDatabase db = open(Options.of(4096, Metric.L2))) {
      WriteBatch huge = new WriteBatch();
      float[] vector = new float[4096];
      for (int i = 0; i < 4096; i++) {
        huge.put("id" + i, vector);
      }
      assertRefused(Code.INVALID_BATCH, () -> db.write(huge));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 10_001})
  void kOutsideItsRangeIsRefused(int k) {
    assertRefused(Code.INVALID_ARGUMENT, () -> SearchRequest.of(v(1, 1), k));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 4097})
  void dimensionsOutsideTheirRangeAreRefused(int dimension) {
    assertRefused(Code.INVALID_DIMENSION, () -> Options.of(dimension, Metric.L2));
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void optionsThatContradictTheStoredOnesAreRefused(Metric metric) {
    open(Options.of(2, metric)).close();
    for (Metric other : Metric.values()) {
      if (other != metric) {
        assertRefused(Code.OPTIONS_MISMATCH, () -> open(Options.of(2, other)));
      }
    }
    assertRefused(Code.OPTIONS_MISMATCH, () -> open(Options.of(3, metric)));
    open(Options.of(2, metric)).close();
  }

  @Test
  void noDatabaseAndNoLeaveToMakeOneIsRefused() {
    assertRefused(Code.NOT_FOUND, () -> open(Options.existing()));
    assertRefused(Code.NOT_FOUND, () -> open(L2.createIfMissing(false)));
    assertRefused(Code.NOT_FOUND, () -> open(L2.salvage(true)));
    assertThat(disk.files()).isEmpty();
  }

  @Test
  void aPlaceWithSomethingElseIsRefused() {
    MemoryStorage storage = MemoryStorage.open(disk);
    storage.append("letters.txt", new byte[] {1}, 0, 1);
    storage.close();
    assertRefused(Code.NOT_A_DATABASE, () -> open(L2));
  }

  @Test
  void vectorsAtTheEdgesOfFloatsAreKept() {
    try (VectorDatabase db = open(L2)) {
      float[] edge = {Float.MIN_VALUE, -9.1e18f};
      db.put("a", edge);
      assertThat(Arrays.equals(db.get("a").orElseThrow().vector(), edge)).isTrue();
    }
  }
}
