package org.edgevec.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.Metric;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;

/**
 * All that a database holds, comparable to the bit.
 *
 * @param dimension components of every vector
 * @param metric how nearness is measured
 * @param entries the live entries in the order in which they were last put
 */
record State(int dimension, Metric metric, List<Item> entries) {

  /** An entry whose vector is its bits. */
  record Item(String id, List<Integer> bits, Object metadata) {}

  State {
    entries = List.copyOf(entries);
  }

  /** A state without entries. */
  static State empty(int dimension, Metric metric) {
    return new State(dimension, metric, List.of());
  }

  /** Reads everything. */
  static State of(VectorDatabase db) {
    List<Item> items = new ArrayList<>(db.size());
    db.entries().forEach(entry -> items.add(item(entry)));
    return new State(db.dimension(), db.metric(), items);
  }

  /** Insists that the ways of reading a database agree with this, its state. */
  void checkReads(VectorDatabase db) {
    List<String> ids = db.ids();
    expect(db.size() == entries.size() && ids.size() == entries.size(), "a wrong size");
    expect(db.stats().size() == entries.size(), "a wrong size in the statistics");
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      Entry entry = db.get(id).orElseThrow(() -> new AssertionError(id + " is listed, not there"));
      expect(item(entry).equals(entries.get(i)), "an entry that is read in two ways");
      expect(entry.id().equals(id) && db.contains(id), "an entry under another id");
    }
    checkSearch(db, entries.size());
  }

  private static Item item(Entry entry) {
    List<Integer> bits = new ArrayList<>(entry.vector().length);
    for (float value : entry.vector()) {
      expect(Float.isFinite(value), "a vector that is not finite");
      bits.add(Float.floatToRawIntBits(value));
    }
    return new Item(entry.id(), bits, entry.metadata());
  }

  private static void checkSearch(VectorDatabase db, int size) {
    List<Hit> hits = db.search(SearchRequest.of(ones(db.dimension()), Math.min(size + 1, 10_000)));
    Set<String> found = new HashSet<>();
    for (Hit hit : hits) {
      expect(found.add(hit.id()) && db.contains(hit.id()), "a hit that is no entry of its own");
    }
    expect(hits.size() == Math.min(size, 10_000), "a search that misses entries");
  }

  static float[] ones(int dimension) {
    float[] ones = new float[dimension];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The state after a put. */
  State put(String id, float[] vector) {
    List<Item> items = new ArrayList<>(delete(id).entries);
    items.add(item(Entry.of(id, vector, org.edgevec.Metadata.empty())));
    return new State(dimension, metric, items);
  }

  /** The state after a deletion. */
  State delete(String id) {
    return new State(
        dimension, metric, entries.stream().filter(item -> !item.id().equals(id)).toList());
  }

  private static void expect(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
