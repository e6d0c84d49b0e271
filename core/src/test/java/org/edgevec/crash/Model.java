package org.edgevec.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.edgevec.Entry;
import org.edgevec.Metadata;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;

/**
 * What a database should hold: one version for each batch that was submitted, and which of them
 * were acknowledged. A version's number is its batch's sequence.
 */
final class Model {

  /** A change of a batch; without a vector it is a deletion. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Edit(String id, float[] vector, Metadata metadata) {}

  /** The entries after a batch, in the order in which they were last put. */
  private record Version(List<Entry> entries, long hash, int records, int puts) {}

  private final List<Version> versions = new ArrayList<>();
  private int acknowledged;
  private int durable;
  private boolean created;

  Model() {
    versions.add(new Version(List.of(), 0, 0, 0));
  }

  /** The model of a database that was recovered up to a sequence, all of it durable now. */
  Model recoveredAt(int sequence) {
    Model copy = new Model();
    copy.versions.clear();
    copy.versions.addAll(versions.subList(0, sequence + 1));
    copy.acknowledged = sequence;
    copy.durable = sequence;
    copy.created = created;
    return copy;
  }

  /** A copy that goes its own way. */
  Model copy() {
    Model copy = new Model();
    copy.versions.clear();
    copy.versions.addAll(versions);
    copy.acknowledged = acknowledged;
    copy.durable = durable;
    copy.created = created;
    return copy;
  }

  /** Notes a batch that is about to be written, and makes it. */
  WriteBatch submit(List<Edit> edits) {
    WriteBatch batch = new WriteBatch();
    Version last = versions.get(versions.size() - 1);
    List<Entry> entries = new ArrayList<>(last.entries());
    long hash = last.hash();
    int puts = 0;
    for (Edit edit : edits) {
      entries.removeIf(entry -> entry.id().equals(edit.id()));
      hash = Hash.of(hash, Hash.of(edit.id()));
      if (edit.vector() == null) {
        batch.delete(edit.id());
      } else {
        batch.put(edit.id(), edit.vector(), edit.metadata());
        entries.add(Entry.of(edit.id(), edit.vector(), edit.metadata()));
        hash = Hash.of(hash, Arrays.hashCode(edit.vector()) * 31L + edit.metadata().hashCode());
        puts++;
      }
    }
    versions.add(
        new Version(
            entries,
            Hash.of(hash, edits.size()),
            last.records() + edits.size(),
            last.puts() + puts));
    return batch;
  }

  /** Everything submitted so far was acknowledged. */
  void acknowledgeAll() {
    acknowledge(submitted());
  }

  void acknowledge(int sequence) {
    acknowledged = sequence;
  }

  /** Everything acknowledged so far was made durable, whatever the durability of writes. */
  void madeDurable() {
    durable = acknowledged;
  }

  boolean isCreated() {
    return created;
  }

  /** Takes back batches of which it is certain that they were never logged. */
  void neverLogged(int sequence) {
    versions.subList(sequence + 1, versions.size()).clear();
  }

  /**
   * An opening returned, which found batches up to a sequence.
   *
   * @param isDurable whether it made them durable, for which there may have been no room
   */
  void opened(int sequence, boolean isDurable) {
    neverLogged(sequence);
    acknowledged = sequence;
    durable = isDurable ? sequence : durable;
    created = true;
  }

  int submitted() {
    return versions.size() - 1;
  }

  int acknowledged() {
    return acknowledged;
  }

  int durable() {
    return durable;
  }

  /** The ids after the last submitted batch. */
  List<String> ids() {
    List<String> ids = new ArrayList<>();
    versions.get(submitted()).entries().forEach(entry -> ids.add(entry.id()));
    return ids;
  }

  /** What was acknowledged, as a hash of every batch up to there. */
  long acknowledgedHash() {
    return Hash.of(versions.get(acknowledged).hash(), acknowledged * 2L + (created ? 1 : 0));
  }

  /** The records of batches up to a sequence. */
  int records(int sequence) {
    return versions.get(sequence).records();
  }

  /** The puts of batches up to a sequence. */
  int puts(int sequence) {
    return versions.get(sequence).puts();
  }

  /** Insists that a database holds exactly what it should after a sequence, to the bit. */
  void compare(VectorDatabase db, int sequence, String when) {
    List<Entry> entries = versions.get(sequence).entries();
    List<String> ids = db.ids();
    if (ids.size() != entries.size() || db.size() != entries.size()) {
      throw new AssertionError(
          when + ": batch " + sequence + " leaves " + ids(entries) + ", not " + ids);
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry expected = entries.get(i);
      if (!expected.id().equals(ids.get(i))) {
        throw new AssertionError(
            when + ": batch " + sequence + " leaves " + ids(entries) + ", not " + ids);
      }
      Entry found = db.get(expected.id()).orElseThrow();
      if (!sameBits(expected.vector(), found.vector())
          || !expected.metadata().equals(found.metadata())) {
        throw new AssertionError(when + ": the entry " + expected.id() + " is not as it was put");
      }
    }
  }

  private static List<String> ids(List<Entry> entries) {
    return entries.stream().map(Entry::id).toList();
  }

  private static boolean sameBits(float[] first, float[] second) {
    if (first.length != second.length) {
      return false;
    }
    for (int i = 0; i < first.length; i++) {
      if (Float.floatToRawIntBits(first[i]) != Float.floatToRawIntBits(second[i])) {
        return false;
      }
    }
    return true;
  }
}
