package org.edgevec.file;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import org.edgevec.Entry;
import org.edgevec.HnswOptions;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.storage.Durability;

/**
 * Changes most entries of the database in the folder given, again and again, in a heap that holds
 * what lives and not as much again, with checkpoints and reopenings between; prints {@code whole}
 * in the end, or {@code full} where the heap does not hold it and the database goes on all the
 * same.
 */
final class TightHeap {

  private static final int BATCH = 200;

  private final Path folder;
  private final String change;
  private final Options options;
  private final int dimension;
  private final int count;
  private final String text;
  private final Random random = new Random(1);

  /** By id, what tells its vector and its metadata. */
  private final Map<Integer, Integer> model = new HashMap<>();

  private int nextId;

  private TightHeap(Path folder, String change, boolean isLinked, boolean isLarge) {
    this.folder = folder;
    this.change = change;
    this.dimension = isLarge ? 16 : 512;
    this.count = isLarge ? 12_000 : 7_500;
    this.text = isLarge ? "x".repeat(1000) : "";
    HnswOptions hnsw = HnswOptions.of(4, 8).minEntries(isLinked ? 1000 : Integer.MAX_VALUE);
    this.options = Options.of(dimension, Metric.L2).durability(Durability.RELAXED).hnsw(hnsw);
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    TightHeap heap =
        new TightHeap(
            folder, arguments[1], arguments[2].equals("linked"), arguments[3].equals("large"));
    System.out.println(heap.outcome());
  }

  private String outcome() {
    try {
      run();
      return "whole";
    } catch (OutOfMemoryError e) {
      e.printStackTrace();
      return "full";
    }
  }

  private void run() {
    try (VectorDatabase db = EdgeVec.open(folder, options)) {
      while (nextId < count) {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < BATCH; i++) {
          put(batch, nextId++);
        }
        write(db, batch);
      }
      db.awaitIndexed(ProgressListener.NONE);
    }
    for (int session = 0; session < 3; session++) {
      try (VectorDatabase db = EdgeVec.open(folder, options)) {
        check(db);
        change(db);
        if (session == 1) {
          db.checkpoint();
        }
        check(db);
      }
    }
    if (!EdgeVec.verify(folder).damage().isEmpty()) {
      throw new IllegalStateException("it is damaged");
    }
  }

  private void put(WriteBatch batch, int id) {
    int value = random.nextInt(1 << 20);
    float[] vector = new float[dimension];
    vector[value % dimension] = value;
    batch.put("id" + id, vector, Metadata.of("value", value, "text", text + value));
    model.put(id, value);
  }

  private void change(VectorDatabase db) {
    if (change.equals("delete")) {
      int left = 5 * count / 8;
      Iterator<Integer> ids = model.keySet().iterator();
      WriteBatch deletes = new WriteBatch();
      for (; left > 0; left--) {
        deletes.delete("id" + ids.next());
        ids.remove();
      }
      write(db, deletes);
    }
    for (int done = 0; done < count; done += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < BATCH; i++) {
        change(batch, done + i);
      }
      write(db, batch);
    }
  }

  /** Where there is no memory for it, nothing is logged, and the database is not read-only. */
  private static void write(VectorDatabase db, WriteBatch batch) {
    try {
      db.write(batch);
    } catch (OutOfMemoryError e) {
      db.delete("none");
      throw e;
    }
  }

  private void change(WriteBatch batch, int number) {
    switch (change) {
      case "delete" -> {
        if (model.size() < count) {
          put(batch, nextId++);
        } else {
          batch.delete("none");
        }
      }
      case "replace" -> put(batch, number);
      default -> {
        put(batch, random.nextInt(count));
        int id = random.nextInt(count);
        model.remove(id);
        batch.delete("id" + id);
      }
    }
  }

  private void check(VectorDatabase db) {
    if (db.size() != model.size()) {
      throw new IllegalStateException(db.size() + " entries, not " + model.size());
    }
    model.forEach(
        (id, value) -> {
          Entry entry = db.get("id" + id).orElseThrow();
          if (entry.vector()[value % dimension] != value
              || !entry.metadata().getString("text").equals(text + value)) {
            throw new IllegalStateException("another entry " + id);
          }
        });
    for (int id : model.keySet().stream().limit(20).toList()) {
      float[] vector = db.get("id" + id).orElseThrow().vector();
      if (db.search(SearchRequest.of(vector, 1).exact()).get(0).score() != 0) {
        throw new IllegalStateException("entry " + id + " is not found");
      }
    }
  }
}
