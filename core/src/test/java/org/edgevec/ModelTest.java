package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations on a database and on a {@code TreeMap}; the two must never differ. */
class ModelTest {

  private static final int DIMENSION = 3;
  private static final int IDS = 60;

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final Map<String, Entry> model = new TreeMap<>();

  @ParameterizedTest
  @EnumSource(Metric.class)
  void theDatabaseAgreesWithTheModel(Metric metric) {
    long seed = Long.getLong("edgevec.seed", System.nanoTime());
    System.out.println("ModelTest " + metric + " seed: -Dedgevec.seed=" + seed);
    SplitMix64 random = new SplitMix64(seed);
    Options options =
        Options.of(DIMENSION, metric).checkpointPolicy(CheckpointPolicy.of(3000, 6000));
    VectorDatabase db = open(options, random);
    for (int step = 0; step < 3000; step++) {
      int choice = random.nextInt(100);
      if (choice < 55) {
        Entry entry = entry(random);
        db.put(entry.id(), entry.vector(), entry.metadata());
        model.put(entry.id(), entry);
      } else if (choice < 75) {
        String id = id(random);
        assertThat(db.delete(id)).isEqualTo(model.remove(id) != null);
      } else if (choice < 85) {
        db.write(batch(random));
      } else if (choice < 94) {
        compareSearch(db, metric, random);
      } else if (choice < 97) {
        db.checkpoint();
      } else {
        db.close();
        db = open(options, random);
        compareAll(db);
      }
    }
    compareAll(db);
    db.close();
  }

  private VectorDatabase open(Options options, SplitMix64 random) {
    return VectorDatabase.open(
        MemoryStorage.open(disk), options, TestPlatform.seeded(random.nextLong()));
  }

  private WriteBatch batch(SplitMix64 random) {
    WriteBatch batch = new WriteBatch();
    for (int i = random.nextInt(5); i >= 0; i--) {
      if (random.nextInt(3) == 0) {
        String id = id(random);
        batch.delete(id);
        model.remove(id);
      } else {
        Entry entry = entry(random);
        batch.put(entry.id(), entry.vector(), entry.metadata());
        model.put(entry.id(), entry);
      }
    }
    return batch;
  }

  private static String id(SplitMix64 random) {
    return "id-" + random.nextInt(IDS);
  }

  private static Entry entry(SplitMix64 random) {
    return Entry.of(id(random), vector(random), Metadata.of("n", random.nextLong()));
  }

  private static float[] vector(SplitMix64 random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }

  private void compareAll(VectorDatabase db) {
    assertThat(db.size()).isEqualTo(model.size());
    Map<String, Entry> found = new TreeMap<>();
    for (Entry entry : db.entries()) {
      found.put(entry.id(), entry);
    }
    assertThat(found.keySet()).isEqualTo(model.keySet());
    found.forEach((id, entry) -> compare(entry, model.get(id)));
    for (int i = 0; i < IDS; i++) {
      assertThat(db.contains("id-" + i)).isEqualTo(model.containsKey("id-" + i));
    }
  }

  private static void compare(Entry actual, Entry expected) {
    assertThat(actual.vector()).as(expected.id()).isEqualTo(expected.vector());
    assertThat(actual.metadata()).as(expected.id()).isEqualTo(expected.metadata());
  }

  private void compareSearch(VectorDatabase db, Metric metric, SplitMix64 random) {
    float[] query = vector(random);
    int k = 1 + random.nextInt(8);
    List<Double> expected = new ArrayList<>();
    model.values().forEach(entry -> expected.add(score(metric, query, entry.vector())));
    Comparator<Double> nearest = Comparator.naturalOrder();
    expected.sort(metric.higherIsNearer() ? nearest.reversed() : nearest);
    List<Hit> hits = db.search(SearchRequest.of(query, k));
    assertThat(hits).hasSize(Math.min(k, model.size()));
    for (int i = 0; i < hits.size(); i++) {
      Hit hit = hits.get(i);
      assertThat((double) hit.score())
          .isCloseTo(expected.get(i), org.assertj.core.api.Assertions.within(1e-5));
      Entry entry = model.get(hit.id());
      assertThat(score(metric, query, entry.vector()))
          .isCloseTo(hit.score(), org.assertj.core.api.Assertions.within(1e-5));
      assertThat(hit.metadata()).isEqualTo(entry.metadata());
    }
  }

  private static double score(Metric metric, float[] a, float[] b) {
    double dot = 0;
    double distance = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      distance += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return switch (metric) {
      case L2 -> distance;
      case DOT -> dot;
      case COSINE -> dot / Math.sqrt(aa * bb);
    };
  }
}
