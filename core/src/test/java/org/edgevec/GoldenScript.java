package org.edgevec;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.StorageBackend;

/**
 * Writes the golden stores, one without a search graph, one with it, one with copies in it and one
 * with values of all types, and checks them. Plain Java without test libraries, since it runs on
 * the JVM and, compiled to WebAssembly, in a browser: both must write the same bytes.
 */
public final class GoldenScript {

  private static final int DIMENSION = 8;
  private static final long SEED = 20_260_101;
  private static final int LINKED = 120;
  private static final int COPIED = 40;

  private GoldenScript() {}

  /** Writes the golden store to an empty storage, and closes it. */
  public static void write(StorageBackend storage) {
    Options options =
        Options.of(DIMENSION, Metric.COSINE).checkpointPolicy(CheckpointPolicy.MANUAL);
    try (VectorDatabase db = VectorDatabase.open(storage, options, TestPlatform.seeded(SEED))) {
      SplitMix64 random = new SplitMix64(SEED);
      putRange(db, random, 0, 60);
      db.checkpoint();
      for (int i = 0; i < 10; i++) {
        db.delete("entry-" + i);
      }
      putRange(db, random, 60, 70);
      db.put("entry-20", vector(random), Metadata.of("replaced", true));
      db.checkpoint();
      db.write(
          new WriteBatch()
              .put("batch-a", vector(random), Metadata.of("pi", Math.PI))
              .delete("entry-69")
              .put("batch-b", vector(random))
              .delete("never there"));
      db.put("ключ 鍵 🔑", vector(random), Metadata.of("text", "Grüße, 世界 🌍", "empty", ""));
    }
  }

  private static void putRange(VectorDatabase db, SplitMix64 random, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put("entry-" + i, vector(random), metadata(i));
    }
  }

  private static Metadata metadata(int i) {
    if (i % 5 == 0) {
      return Metadata.empty();
    }
    return Metadata.of(
        "title",
        "Entry number " + i,
        "number",
        (long) i * -1_000_000_007L,
        "half",
        i / 2.0,
        "even",
        i % 2 == 0,
        "tags",
        List.of("tag" + i % 3, "", "golden"));
  }

  private static float[] vector(SplitMix64 random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }

  /**
   * Checks that a database holds what the script wrote, to the last bit.
   *
   * @throws AssertionError saying what differs
   */
  public static void check(VectorDatabase db) {
    expect("dimension", DIMENSION, db.dimension());
    expect("metric", Metric.COSINE, db.metric());
    expect("size", 62, db.size());
    SplitMix64 random = new SplitMix64(SEED);
    for (int i = 0; i < 70; i++) {
      float[] vector = vector(random);
      if (i >= 10 && i != 20 && i != 69) {
        checkEntry(db, "entry-" + i, vector, metadata(i));
      }
    }
    checkEntry(db, "entry-20", vector(random), Metadata.of("replaced", true));
    checkEntry(db, "batch-a", vector(random), Metadata.of("pi", Math.PI));
    checkEntry(db, "batch-b", vector(random), Metadata.empty());
    float[] last = vector(random);
    checkEntry(db, "ключ 鍵 🔑", last, Metadata.of("text", "Grüße, 世界 🌍", "empty", ""));
    expect("a deleted entry", false, db.contains("entry-3"));
    expect("a deleted entry", false, db.contains("entry-69"));
    expect("the nearest", "ключ 鍵 🔑", db.search(SearchRequest.of(last, 1)).get(0).id());
  }

  /**
   * Writes the golden store with a graph to an empty storage, and closes it: upper levels, nodes
   * that are dead, some of which were taken out of it, and a log behind it.
   */
  public static void writeLinked(StorageBackend storage) {
    Options options =
        Options.of(DIMENSION, Metric.COSINE)
            .checkpointPolicy(CheckpointPolicy.MANUAL)
            .hnsw(HnswOptions.of(4, 20).minEntries(10));
    try (VectorDatabase db = VectorDatabase.open(storage, options, TestPlatform.seeded(SEED))) {
      SplitMix64 random = new SplitMix64(SEED);
      putRange(db, random, 0, LINKED);
      db.checkpoint();
      for (int i = 0; i < LINKED; i += 4) {
        db.delete("entry-" + i);
      }
      putRange(db, random, LINKED, LINKED + 10);
      db.checkpoint();
      putRange(db, random, LINKED + 10, LINKED + 12);
    }
  }

  /**
   * Checks that a database holds what {@link #writeLinked} wrote. With version 1 its graph does not
   * come along, which the report says.
   *
   * @throws AssertionError saying what differs
   */
  public static void checkLinked(VectorDatabase db) {
    expect("size", 102, db.size());
    List<String> notes = db.recoveryReport().notes();
    expect("notes", 1, notes.size());
    expect("a note of the graph", true, notes.get(0).contains("an earlier EdgeVec linked it"));
    SplitMix64 random = new SplitMix64(SEED);
    for (int i = 0; i < LINKED + 12; i++) {
      float[] vector = vector(random);
      if (i % 4 != 0 || i >= LINKED) {
        checkEntry(db, "entry-" + i, vector, metadata(i));
        SearchRequest walk = SearchRequest.of(vector, 1).efSearch(8);
        expect("the nearest", "entry-" + i, db.search(walk).get(0).id());
      }
    }
  }

  /**
   * Writes the golden store with copies to an empty storage, and closes it: vectors that several
   * entries have, of which the first, another or all are dead, and one that is put again.
   */
  public static void writeCopies(StorageBackend storage) {
    Options options =
        Options.of(DIMENSION, Metric.COSINE)
            .checkpointPolicy(CheckpointPolicy.MANUAL)
            .hnsw(HnswOptions.of(4, 20).minEntries(10));
    try (VectorDatabase db = VectorDatabase.open(storage, options, TestPlatform.seeded(SEED))) {
      float[][] vectors = vectors();
      for (int i = 0; i < COPIED; i++) {
        db.put("entry-" + i, vectors[i], metadata(i));
      }
      for (int i = 0; i < COPIED; i += 4) {
        db.put("copy-" + i, vectors[i]);
        db.put("other-" + i, vectors[i]);
      }
      db.checkpoint();
      for (int i = 0; i < COPIED; i += 8) {
        db.delete("entry-" + i);
      }
      for (int i = 4; i < COPIED; i += 8) {
        db.delete("copy-" + i);
      }
      db.delete("entry-12");
      db.delete("other-12");
      db.put("entry-20", vectors[20], metadata(20));
      db.checkpoint();
      db.put("late", vectors[4]);
      db.delete("entry-36");
    }
  }

  private static float[][] vectors() {
    SplitMix64 random = new SplitMix64(SEED);
    float[][] vectors = new float[COPIED][];
    for (int i = 0; i < COPIED; i++) {
      vectors[i] = vector(random);
    }
    return vectors;
  }

  /**
   * Checks that a database holds what {@link #writeCopies} wrote, and that its graph came along:
   * that of every vector all entries are found, in the order in which they were put.
   *
   * @throws AssertionError saying what differs
   */
  public static void checkCopies(VectorDatabase db) {
    expect("notes", List.of(), db.recoveryReport().notes());
    expect("size", 48, db.size());
    // The last of the log may be linked meanwhile.
    expect("linked", true, db.stats().indexedEntries() >= 48);
    float[][] vectors = vectors();
    for (int i = 0; i < COPIED; i++) {
      List<String> ids = idsOf(i);
      SearchRequest walk = SearchRequest.of(vectors[i], Math.max(1, ids.size())).efSearch(4);
      List<Hit> hits = db.search(walk);
      for (int j = 0; j < ids.size(); j++) {
        boolean isEntry = ids.get(j).startsWith("entry");
        checkEntry(db, ids.get(j), vectors[i], isEntry ? metadata(i) : Metadata.empty());
        expect("a hit of vector " + i, ids.get(j), hits.get(j).id());
      }
    }
  }

  /**
   * Writes the golden store with values of all types to an empty storage, and closes it: segments
   * and log files that need no newer version, and such that do.
   */
  public static void writeValues(StorageBackend storage) {
    Options options =
        Options.of(DIMENSION, Metric.COSINE).checkpointPolicy(CheckpointPolicy.MANUAL);
    try (VectorDatabase db = VectorDatabase.open(storage, options, TestPlatform.seeded(SEED))) {
      float[][] vectors = vectors();
      for (int i = 0; i < 10; i++) {
        db.put("entry-" + i, vectors[i], metadata(i));
      }
      db.checkpoint();
      for (int i = 10; i < 20; i++) {
        db.put("entry-" + i, vectors[i], values(i));
      }
      db.checkpoint();
      db.put("entry-20", vectors[20], metadata(20));
      db.put("entry-21", vectors[21], values(21));
      db.put("entry-22", vectors[22], metadata(22));
    }
  }

  private static Metadata values(int i) {
    return switch (i % 5) {
      case 0 -> Metadata.of("nothing", null, "i", i);
      case 1 -> Metadata.of("time", Instant.ofEpochSecond(i - 15L, 123_456_789));
      case 2 ->
          Metadata.of("list", Arrays.asList(i, 0.5, "é", null, true, List.of("x"), List.of()));
      case 3 -> Metadata.of("object", Map.of("a", Map.of("b", i, "__proto__", Map.of())));
      default -> metadata(i);
    };
  }

  /**
   * Checks that a database holds what {@link #writeValues} wrote.
   *
   * @throws AssertionError saying what differs
   */
  public static void checkValues(VectorDatabase db) {
    expect("notes", List.of(), db.recoveryReport().notes());
    expect("size", 23, db.size());
    float[][] vectors = vectors();
    for (int i = 0; i < 23; i++) {
      boolean isFirst = i < 10 || i == 20 || i == 22;
      checkEntry(db, "entry-" + i, vectors[i], isFirst ? metadata(i) : values(i));
    }
  }

  private static List<String> idsOf(int i) {
    return switch (i) {
      case 0, 8, 16, 24, 32 -> List.of("copy-" + i, "other-" + i);
      case 4 -> List.of("entry-4", "other-4", "late");
      case 12 -> List.of();
      case 20 -> List.of("other-20", "entry-20");
      case 28 -> List.of("entry-28", "other-28");
      case 36 -> List.of("other-36");
      default -> List.of("entry-" + i);
    };
  }

  private static void checkEntry(VectorDatabase db, String id, float[] vector, Metadata metadata) {
    Entry entry = db.get(id).orElse(null);
    if (entry == null) {
      throw new AssertionError(id + " is missing");
    }
    for (int i = 0; i < DIMENSION; i++) {
      expect(id + "[" + i + "]", bits(vector[i]), bits(entry.vector()[i]));
    }
    expect("metadata of " + id, metadata, entry.metadata());
  }

  private static int bits(float value) {
    return Float.floatToRawIntBits(value);
  }

  private static void expect(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError(what + " should be " + expected + ", and is " + actual);
    }
  }
}
