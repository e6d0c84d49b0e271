package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random operations on a database whose entries have few different vectors, with a graph: what a
 * search finds is held to what scoring every entry finds.
 */
class CopiesModelTest {

  private static final int DIMENSION = 4;
  private static final int IDS = 400;
  private static final int VECTORS = 120;

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final Map<String, float[]> model = new TreeMap<>();
  private int searches;
  private int misses;

  @ParameterizedTest
  @EnumSource(Metric.class)
  void searchesAgreeWithScoringEveryEntry(Metric metric) {
    long seed = Long.getLong("edgevec.seed", System.nanoTime());
    System.out.println("CopiesModelTest " + metric + " seed: -Dedgevec.seed=" + seed);
    SplitMix64 random = new SplitMix64(seed);
    float[][] vectors = new float[VECTORS][];
    for (int i = 0; i < VECTORS; i++) {
      vectors[i] = vector(random);
    }
    Options options =
        Options.of(DIMENSION, metric)
            .checkpointPolicy(CheckpointPolicy.MANUAL)
            .hnsw(HnswOptions.of(4, 40).minEntries(10));
    VectorDatabase db = open(options, random);
    for (int step = 0; step < 6000; step++) {
      int choice = random.nextInt(1000);
      if (choice < 700) {
        put(db, "id-" + random.nextInt(IDS), vectors[random.nextInt(VECTORS)]);
      } else if (choice < 760 && !model.isEmpty()) {
        // The same vector again.
        String id = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
        put(db, id, model.get(id));
      } else if (choice < 900) {
        String id = "id-" + random.nextInt(IDS);
        assertThat(db.delete(id)).isEqualTo(model.remove(id) != null);
      } else if (choice < 985) {
        float[] query = choice < 940 ? vectors[random.nextInt(VECTORS)] : vector(random);
        compare(db, query, 1 + random.nextInt(20));
      } else if (choice < 993) {
        db.checkpoint();
        // What nothing leads to is left behind: nodes that are dead, a fifth at most, are not.
        assertThat(db.stats().deadEntries()).isLessThanOrEqualTo(model.size());
      } else {
        db.close();
        db = open(options, random);
        assertThat(db.recoveryReport().notes()).isEmpty();
        assertThat(db.size()).isEqualTo(model.size());
      }
    }
    // An opening leaves what it finds undone to the next write.
    put(db, "id-0", vectors[0]);
    assertThat(db.stats().tailEntries()).isZero();
    db.close();
    assertThat(VectorDatabase.verify(MemoryStorage.open(disk), ProgressListener.NONE).damage())
        .isEmpty();
    // Of 400 runs by other seeds none missed more than 0.6 % by L2 or cosine, and 3.2 % by dot.
    int share = metric == Metric.DOT ? 15 : 50;
    assertThat(misses).as("of %d", searches).isLessThanOrEqualTo(searches / share);
  }

  private VectorDatabase open(Options options, SplitMix64 random) {
    return VectorDatabase.open(
        MemoryStorage.open(disk), options, TestPlatform.seeded(random.nextLong()));
  }

  private void put(VectorDatabase db, String id, float[] vector) {
    db.put(id, vector);
    model.put(id, vector);
  }

  private static float[] vector(SplitMix64 random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }

  private void compare(VectorDatabase db, float[] query, int k) {
    List<Hit> exact = db.search(SearchRequest.of(query, k).exact());
    List<Hit> hits = db.search(SearchRequest.of(query, k).efSearch(25));
    assertThat(hits).hasSize(Math.min(k, model.size()));
    Set<String> ids = new HashSet<>();
    for (Hit hit : hits) {
      assertThat(ids.add(hit.id())).isTrue();
      assertThat(model).containsKey(hit.id());
    }
    searches++;
    misses += hits.equals(exact) ? 0 : 1;
  }
}
