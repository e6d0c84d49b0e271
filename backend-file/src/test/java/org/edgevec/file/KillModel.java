package org.edgevec.file;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.edgevec.Entry;
import org.edgevec.table.Change;
import org.jspecify.annotations.Nullable;

/** The entries of one writer of the kill test after some number of its batches. */
final class KillModel {

  private final KillScript script;
  private final int writer;
  private final Map<String, Change.Put> entries;
  private long batches;

  /** The state before the first batch. */
  KillModel(KillScript script, int writer) {
    this(script, writer, new TreeMap<>(), 0);
  }

  /** The state after {@code batches} batches, as it was found. */
  static KillModel found(KillScript script, int writer, long batches, Map<String, Entry> found) {
    Map<String, Change.Put> entries = new TreeMap<>();
    found.forEach((id, entry) -> entries.put(id, putOf(entry)));
    return new KillModel(script, writer, entries, batches);
  }

  private static Change.Put putOf(Entry entry) {
    return new Change.Put(entry.id(), entry.vector(), entry.metadata());
  }

  private KillModel(KillScript script, int writer, Map<String, Change.Put> entries, long batches) {
    this.script = script;
    this.writer = writer;
    this.entries = entries;
    this.batches = batches;
  }

  /** The state after {@code count} further batches; this one stays. */
  KillModel after(long count) {
    KillModel later = new KillModel(script, writer, new TreeMap<>(entries), batches);
    for (long i = 0; i < count; i++) {
      later.applyNext();
    }
    return later;
  }

  private void applyNext() {
    batches++;
    for (Change change : script.batch(writer, batches)) {
      if (change instanceof Change.Put put) {
        entries.put(put.id(), put);
      } else {
        entries.remove(change.id());
      }
    }
  }

  /** How many batches it has taken; the next one has this number plus one. */
  long batches() {
    return batches;
  }

  /** Whether these are exactly its entries, with metadata, to the bit. */
  boolean matches(Map<String, Entry> found) {
    return firstDifference(found) == null;
  }

  /** An id whose entry is another than here, or null if there is none. */
  @Nullable String firstDifference(Map<String, Entry> found) {
    for (String id : union(found)) {
      if (!agrees(id, found.get(id))) {
        return id;
      }
    }
    return null;
  }

  private Set<String> union(Map<String, Entry> found) {
    Set<String> ids = new TreeSet<>(entries.keySet());
    ids.addAll(found.keySet());
    return ids;
  }

  /** Whether {@code found}, null for none, is what is expected under an id. */
  private boolean agrees(String id, @Nullable Entry found) {
    Change.Put expected = entries.get(id);
    if (expected == null || found == null) {
      return expected == null && found == null;
    }
    return Arrays.equals(expected.vector(), found.vector())
        && expected.metadata().equals(found.metadata());
  }

  /** Whether every entry is either as here or as in {@code other}: a mixture of two states. */
  boolean mixesWith(KillModel other, Map<String, Entry> found) {
    for (String id : union(found)) {
      if (!agrees(id, found.get(id)) && !other.agrees(id, found.get(id))) {
        return false;
      }
    }
    return true;
  }
}
