package org.edgevec.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Entry;
import org.edgevec.HnswOptions;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.contents.Contents;
import org.edgevec.recovery.Recovery;
import org.edgevec.snapshot.WideSnapshot;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreId;
import org.edgevec.table.Change;
import org.edgevec.table.RecordCodec;
import org.edgevec.vector.HeapArena;

/**
 * A closed store to damage, and what it holds.
 *
 * <p>There are two, since no one store has all large and is quick to open. The <em>plain</em> one
 * is as the database writes it: a segment of several blocks, two search graphs and a log of many
 * frames. The <em>wide</em> one has two manifests of over 64 KiB, which name a segment for every
 * entry; a database's own manifests get that large by the bits of half a million deleted entries,
 * whose loading would take a hundred times as long.
 *
 * @param name which of the two
 * @param files its files
 * @param entries what it holds, in the order in which it was last put
 * @param second the files of another store: the same options and steps, other data, another id
 */
record ReferenceStore(
    String name, Map<String, byte[]> files, List<Entry> entries, Map<String, byte[]> second) {

  /** How large a file must be to count as large. */
  static final int LARGE_BYTES = 64 << 10;

  /**
   * By the kind of file, that is its name up to the number: how many large ones the two stores have
   * to have together. A kind that is not named here is an error.
   */
  static final Map<String, Integer> LARGE_FILES =
      Map.of("wal", 1, "segment", 1, "graph", 2, "manifest", 2, "seal.evec", 0);

  private static final int PLAIN_DIMENSION = 128;
  private static final int PLAIN_ENTRIES = 270;

  /** So many neighbours that a graph of 64 KiB needs few entries. */
  private static final HnswOptions DENSE_GRAPH = HnswOptions.of(48, 100).minEntries(1);

  private static final int WIDE_DIMENSION = 2;
  private static final int WIDE_ENTRIES = 2360;

  /** Both stores. */
  static List<ReferenceStore> all() {
    List<ReferenceStore> stores = List.of(plain(), wide());
    checkSizes(stores);
    return stores;
  }

  private static ReferenceStore plain() {
    Script first = new Script(1, PLAIN_DIMENSION);
    Map<String, byte[]> files = first.plain();
    return new ReferenceStore(
        "plain", files, first.entries(), new Script(2, PLAIN_DIMENSION).plain());
  }

  private static ReferenceStore wide() {
    Script first = new Script(3, WIDE_DIMENSION);
    Map<String, byte[]> files = first.wide();
    return new ReferenceStore("wide", files, first.entries(), new Script(4, WIDE_DIMENSION).wide());
  }

  /** The kind of a file: its name up to the number. */
  static String kind(String file) {
    int dash = file.indexOf('-');
    return dash < 0 ? file : file.substring(0, dash);
  }

  private static void checkSizes(List<ReferenceStore> stores) {
    Map<String, Integer> large = new TreeMap<>();
    for (ReferenceStore store : stores) {
      store.files.forEach(
          (file, bytes) ->
              large.merge(kind(file), bytes.length >= LARGE_BYTES ? 1 : 0, Integer::sum));
    }
    LARGE_FILES.forEach(
        (kind, count) -> {
          if (large.getOrDefault(kind, 0) < count) {
            throw new AssertionError(
                "of " + count + " files \"" + kind + "\" over 64 KiB there are " + large.get(kind));
          }
        });
    large.keySet().removeAll(LARGE_FILES.keySet());
    if (!large.isEmpty()) {
      throw new AssertionError("say how many large files there must be of " + large.keySet());
    }
  }

  /** Writes a store, and notes what it holds. */
  private static final class Script {
    private final int dimension;
    private final SplitMix64 random;
    private final TestPlatform platform;
    private final StoreId id;
    private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
    private final LinkedHashMap<String, Entry> model = new LinkedHashMap<>();

    Script(long seed, int dimension) {
      this.dimension = dimension;
      this.random = new SplitMix64(seed);
      this.platform = TestPlatform.withBackground(seed);
      this.id = new StoreId(Hash.of(seed, 1), Hash.of(seed, 2));
    }

    List<Entry> entries() {
      return Collections.unmodifiableList(new ArrayList<>(model.values()));
    }

    private Metric metric() {
      return dimension == PLAIN_DIMENSION ? Metric.COSINE : Metric.L2;
    }

    private VectorDatabase open() {
      Options options =
          Options.of(dimension, metric())
              .checkpointPolicy(CheckpointPolicy.MANUAL)
              .hnsw(dimension == PLAIN_DIMENSION ? DENSE_GRAPH : HnswOptions.DEFAULT);
      return VectorDatabase.open(MemoryStorage.open(disk), options, platform);
    }

    /** Two checkpoints and a session behind them. */
    Map<String, byte[]> plain() {
      try (VectorDatabase db = open()) {
        for (int i = 0; i < PLAIN_ENTRIES; i += 9) {
          db.write(puts("note-", i, i + 9));
        }
        platform.runTasks(); // Links them.
        db.checkpoint();
        db.write(delete("note-7", "note-100", "note-101", "never there"));
        db.write(puts("note-", 20, 30));
        db.write(puts("later/", 0, 20));
        platform.runTasks();
        db.checkpoint();
        db.write(puts("note-", 60, 64));
        db.write(delete("later/3", "note-269"));
      }
      try (VectorDatabase db = open()) {
        for (int i = 0; i < 120; i += 1 + i % 3) {
          db.write(puts("last-", i, i + 1 + i % 3));
          if (i % 10 == 0) {
            db.write(delete("last-" + i, "note-" + (i + 110)));
          }
        }
      }
      return disk.files();
    }

    /** Two snapshots, written by hand, with a session behind each. */
    Map<String, byte[]> wide() {
      Contents contents = new Contents(dimension, metric(), HeapArena.SCALAR);
      for (Change change : changes(WIDE_ENTRIES)) {
        contents.apply(RecordCodec.encode(List.of(change), dimension, metric()));
      }
      StorageBackend storage = MemoryStorage.open(disk);
      WideSnapshot.write(storage, id, 1, TestPlatform.NOW_MILLIS, 1, 1, contents);
      storage.close();
      try (VectorDatabase db = open()) {
        db.write(puts("w", 50, 54));
        db.write(delete("w9", "w2000"));
        db.write(puts("x", 0, 3));
      }
      storage = MemoryStorage.open(disk);
      contents = new Recovery(storage, Options.existing(), platform).recover().contents();
      WideSnapshot.write(storage, id, 2, TestPlatform.NOW_MILLIS, 2, 4, contents);
      storage.close();
      try (VectorDatabase db = open()) {
        db.write(puts("y", 0, 6));
        db.write(delete("x1", "w77"));
        db.write(puts("w", 1000, 1002));
      }
      return disk.files();
    }

    /** Puts of that many ids and, between them, some of ids that were put before. */
    private List<Change> changes(int count) {
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        // Every hundredth replaces an entry, so that the manifest has dead ones to tell of.
        Entry entry = entry("w", i % 100 == 99 ? i - 50 : i);
        changes.add(new Change.Put(entry.id(), entry.vector(), entry.metadata()));
      }
      return changes;
    }

    private WriteBatch puts(String prefix, int from, int to) {
      WriteBatch batch = new WriteBatch();
      for (int i = from; i < to; i++) {
        Entry entry = entry(prefix, i);
        batch.put(entry.id(), entry.vector(), entry.metadata());
      }
      return batch;
    }

    private WriteBatch delete(String... ids) {
      WriteBatch batch = new WriteBatch();
      for (String gone : ids) {
        model.remove(gone);
        batch.delete(gone);
      }
      return batch;
    }

    /** An entry with new content, which is in the model from now on. */
    private Entry entry(String prefix, int number) {
      float[] vector = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        vector[i] = random.nextFloat() * 2 - 1;
      }
      Entry entry = Entry.of(prefix + number, vector, metadata(number));
      model.remove(entry.id());
      model.put(entry.id(), entry);
      return entry;
    }

    private Metadata metadata(int number) {
      if (number % 4 != 0) {
        return Metadata.empty();
      }
      if (dimension == WIDE_DIMENSION) {
        return number % 64 == 0 ? Metadata.of("n", random.nextInt(1000)) : Metadata.empty();
      }
      return Metadata.of(
          "title",
          "Entry " + random.nextInt(1 << 20) + " \u00e4\u20ac",
          "year",
          2000 + random.nextInt(30),
          "score",
          random.nextFloat(),
          "read",
          number % 8 == 0,
          "tags",
          List.of("t" + random.nextInt(9), "t" + number));
    }
  }
}
