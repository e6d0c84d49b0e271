package org.edgevec.fuzz;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.CheckpointPolicy;
import org.edgevec.HnswOptions;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;

/**
 * The files of a small database at one moment of its life, and what it held after each batch.
 *
 * @param name what happened to it
 * @param closed whether everything in it is attested by a seal
 * @param files its files
 * @param states what it held after each batch, by sequence; shared by all moments of one life
 * @param sequence the last batch in these files
 */
record BaseStore(
    String name, boolean closed, Map<String, byte[]> files, List<State> states, int sequence) {

  /** All of them; a script names one by its place. New ones go to the end. */
  static final List<BaseStore> ALL = all();

  private static List<BaseStore> all() {
    List<BaseStore> stores = new ArrayList<>();
    small(new Life(stores, 2, Metric.L2, 1));
    cosine(new Life(stores, 4, Metric.COSINE, 2));
    empty(new Life(stores, 3, Metric.DOT, 3));
    stores.add(new BaseStore("nothing", true, Map.of(), List.of(), 0));
    linked(new Life(stores, 2, Metric.L2, 4));
    return List.copyOf(stores);
  }

  private static void small(Life life) {
    life.image("made");
    life.put("a", 1).put("b", 2).delete("a");
    life.image("crashed");
    life.close("closed");
    life.put("c", 3).batch().checkpoint();
    life.image("crashed after a checkpoint");
    life.put("f", 6).put("a", 7).checkpoint();
    life.put("g", 8).put("h", 9);
    life.image("crashed after two checkpoints");
    life.torn("torn", 7);
    life.torn("torn in a frame's header", 50);
    life.unborn("crashed while a log file was made");
    life.recovered("recovered from a torn tail");
    life.close("closed after two checkpoints");
    life.put("b", 10);
    life.image("crashed in another session");
    life.close("closed again");
  }

  private static void cosine(Life life) {
    for (int i = 0; i < 6; i++) {
      life.put("id" + i, i + 1);
    }
    life.checkpoint();
    life.image("cosine, crashed");
    life.delete("id1").delete("id2").delete("id3").put("id4", 40).checkpoint();
    life.put("\u9375", 5);
    life.close("cosine, compacted");
  }

  private static void empty(Life life) {
    life.put("only", 1).delete("only").checkpoint();
    life.put("only", 2).delete("only").checkpoint();
    life.close("empty again");
  }

  /** With search graphs in two snapshots, the second with dead entries taken out. */
  private static void linked(Life life) {
    life.linkFrom(2);
    for (int i = 0; i < 9; i++) {
      life.put("id" + i, i + 1);
    }
    life.index().checkpoint();
    life.image("linked, crashed");
    life.delete("id1").delete("id2").delete("id5").put("id4", 40).put("more", 3);
    life.index().checkpoint();
    life.put("tail", 5);
    life.close("linked, closed");
  }

  /** A database that is being written to. */
  private static final class Life {
    private final List<BaseStore> stores;
    private final int dimension;
    private final Metric metric;
    private final List<State> states = new ArrayList<>();
    private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
    private long seed;
    private HnswOptions hnsw = HnswOptions.DEFAULT;
    private TestPlatform platform;
    private VectorDatabase db;

    Life(List<BaseStore> stores, int dimension, Metric metric, long seed) {
      this.stores = stores;
      this.dimension = dimension;
      this.metric = metric;
      this.seed = seed;
      this.db = open();
      states.add(State.of(db));
    }

    private VectorDatabase open() {
      Options options =
          Options.of(dimension, metric).checkpointPolicy(CheckpointPolicy.MANUAL).hnsw(hnsw);
      seed += 100;
      platform = TestPlatform.withBackground(seed);
      return VectorDatabase.open(MemoryStorage.open(disk), options, platform);
    }

    /** Opens it again, so that it has a graph from that many entries on. */
    void linkFrom(int entries) {
      db.close();
      hnsw = HnswOptions.of(2, 4).minEntries(entries);
      db = open();
    }

    /** Links what the graph lacks, and takes out what is dead. */
    Life index() {
      platform.runTasks();
      return this;
    }

    float[] vector(int number) {
      float[] vector = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        vector[i] = number + i / 4f;
      }
      return vector;
    }

    Life put(String id, int number) {
      Metadata metadata =
          number % 4 == 2
              ? Metadata.of("n", number, "d", 0.5, "t", "x", "l", List.of("", "y"), "b", true)
              : number % 8 == 5
                  ? Metadata.of("o", Map.of("t", Instant.EPOCH, "n", Arrays.asList(null, 1)))
                  : Metadata.empty();
      return write(new WriteBatch().put(id, vector(number), metadata));
    }

    Life delete(String id) {
      return write(new WriteBatch().delete(id));
    }

    Life batch() {
      return write(
          new WriteBatch().put("d", vector(4)).put("e", vector(5)).delete("b").put("d", vector(6)));
    }

    Life write(WriteBatch batch) {
      db.write(batch);
      states.add(State.of(db));
      return this;
    }

    void checkpoint() {
      db.checkpoint();
    }

    void image(String name) {
      add(name, false, new TreeMap<>(disk.files()), states.size() - 1);
    }

    void close(String name) {
      db.close();
      add(name, true, new TreeMap<>(disk.files()), states.size() - 1);
      db = open();
    }

    /** As after a crash that cut the last batch short. */
    void torn(String name, int missing) {
      Map<String, byte[]> files = new TreeMap<>(disk.files());
      String wal = StoreFiles.Kind.WAL.name(lastLog(files));
      files.put(wal, Arrays.copyOf(files.get(wal), files.get(wal).length - missing));
      add(name, false, files, states.size() - 2);
    }

    void unborn(String name) {
      Map<String, byte[]> files = new TreeMap<>(disk.files());
      files.put(StoreFiles.Kind.WAL.name(lastLog(files) + 1), new byte[20]);
      add(name, false, files, states.size() - 1);
    }

    void recovered(String name) {
      BaseStore torn = stores.get(stores.size() - 2);
      MemoryStorage.Disk copy = MemoryStorage.Disk.of(torn.files());
      VectorDatabase recovered =
          VectorDatabase.open(
              MemoryStorage.open(copy), Options.existing(), TestPlatform.withBackground(seed));
      add(name, false, copy.files(), states.size() - 2);
      recovered.close();
    }

    private static long lastLog(Map<String, byte[]> files) {
      return files.keySet().stream().mapToLong(StoreFiles.Kind.WAL::number).max().orElseThrow();
    }

    private void add(String name, boolean closed, Map<String, byte[]> files, int sequence) {
      stores.add(new BaseStore(name, closed, files, states, sequence));
    }
  }
}
