package org.edgevec.js;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.Metadata;
import org.edgevec.RecoveryReport;
import org.edgevec.SalvageReport;
import org.edgevec.Stats;
import org.edgevec.VerifyReport;
import org.edgevec.linear.Bytes;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Uint8Array;

/** JavaScript's values as Java's, and back. */
final class Values {

  private static final String SET = "object[key] = value;";

  private Values() {}

  // From JavaScript

  /** The strings of an array. */
  static List<String> strings(JSArray<JSString> array) {
    int length = array.getLength();
    List<String> strings = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      strings.add(array.get(i).stringValue());
    }
    return strings;
  }

  /** Metadata from its bytes; null is none. */
  static Metadata metadata(@Nullable Uint8Array bytes) {
    return bytes == null ? Metadata.empty() : Metadata.fromBytes(Bytes.copyOf(bytes));
  }

  // To JavaScript

  /** Hits as an array of {@code {id, score, metadata}}, the last as bytes or null. */
  static JSObject hits(List<Hit> hits) {
    JSArray<JSObject> array = newArray();
    for (Hit hit : hits) {
      push(array, hit.id(), hit.score(), bytes(hit.metadata()));
    }
    return array;
  }

  /** An entry as {@code {id, vector, metadata}}, the last as bytes or null. */
  static JSObject entry(Entry entry) {
    return entry(
        entry.id(), Float32Array.copyFromJavaArray(entry.vector()), bytes(entry.metadata()));
  }

  /** Strings as an array. */
  static JSObject array(List<String> strings) {
    JSArray<JSObject> array = newArray();
    for (String string : strings) {
      array.push(JSString.valueOf(string));
    }
    return array;
  }

  private static @Nullable Uint8Array bytes(Metadata metadata) {
    return metadata.isEmpty() ? null : Bytes.toJs(metadata.toBytes());
  }

  /** Statistics as the object that {@code index.d.ts} describes. */
  static JSObject stats(Stats stats) {
    JSObject object = newObject();
    setNumber(object, "size", stats.size());
    setNumber(object, "dimension", stats.dimension());
    setString(object, "metric", Names.of(stats.metric()));
    setString(object, "durability", Names.of(stats.durability()));
    setNumber(object, "logBytes", stats.logBytes());
    setNumber(object, "retainedLogBytes", stats.retainedLogBytes());
    setNumber(object, "segmentBytes", stats.segmentBytes());
    setNumber(object, "segmentCount", stats.segmentCount());
    setNumber(object, "deadEntries", stats.deadEntries());
    setNumber(object, "indexedEntries", stats.indexedEntries());
    setNumber(object, "tailEntries", stats.tailEntries());
    setNumber(object, "graphSearches", stats.graphSearches());
    setNumber(object, "undecidedSearches", stats.undecidedSearches());
    setNumber(object, "lastSequence", stats.lastSequence());
    setNumber(object, "generation", stats.generation());
    setNumber(object, "lastCheckpointMillis", stats.lastCheckpointMillis());
    setNumber(object, "batches", stats.batches());
    setNumber(object, "syncs", stats.syncs());
    setBoolean(object, "readOnly", stats.readOnly());
    setString(object, "maintenanceError", stats.maintenanceError());
    return object;
  }

  /** A recovery report as the object that {@code index.d.ts} describes. */
  static JSObject report(RecoveryReport report, boolean vanished) {
    JSObject object = newObject();
    setBoolean(object, "created", report.created());
    setBoolean(object, "vanished", vanished);
    setNumber(object, "generation", report.generation());
    setBoolean(object, "usedPreviousSnapshot", report.usedPreviousSnapshot());
    setNumber(object, "snapshotEntries", report.snapshotEntries());
    setNumber(object, "replayedBatches", report.replayedBatches());
    setNumber(object, "replayedRecords", report.replayedRecords());
    setNumber(object, "lastSequence", report.lastSequence());
    setNumber(object, "tornBytes", report.tornBytes());
    setObject(object, "notes", array(report.notes()));
    setNumber(object, "durationMillis", report.durationMillis());
    return object;
  }

  /** A verify report as the object that {@code index.d.ts} describes. */
  static JSObject report(VerifyReport report) {
    JSArray<JSObject> damage = newArray();
    for (VerifyReport.Damage found : report.damage()) {
      damage.push(damage(found.file(), found.offset(), found.what()));
    }
    JSObject object = newObject();
    setBoolean(object, "intact", report.isIntact());
    setNumber(object, "files", report.files());
    setNumber(object, "bytes", report.bytes());
    setNumber(object, "entries", report.entries());
    setNumber(object, "batches", report.batches());
    setObject(object, "damage", damage);
    setObject(object, "leftovers", array(report.leftovers()));
    setObject(object, "notes", array(report.notes()));
    return object;
  }

  /** A salvage report as the object that {@code index.d.ts} describes. */
  static JSObject report(SalvageReport report) {
    JSObject object = newObject();
    setNumber(object, "entries", report.entries());
    setNumber(object, "lastSequence", report.lastSequence());
    setNumber(object, "attestedSequence", report.attestedSequence());
    setNumber(object, "lostBatches", report.lostBatches());
    setBoolean(object, "usedPreviousSnapshot", report.usedPreviousSnapshot());
    setObject(object, "notes", array(report.notes()));
    return object;
  }

  @JSBody(
      params = {"file", "offset", "what"},
      script = "return {file: file, offset: offset, what: what};")
  private static native JSObject damage(String file, double offset, String what);

  @JSBody(script = "return {};")
  static native JSObject newObject();

  /** Quicker than a constructor, which TeaVM calls by its name. */
  @JSBody(script = "return [];")
  static native JSArray<JSObject> newArray();

  @JSBody(
      params = {"hits", "id", "score", "metadata"},
      script = "hits.push({id: id, score: score, metadata: metadata});")
  private static native void push(
      JSArray<JSObject> hits, String id, float score, @Nullable Uint8Array metadata);

  @JSBody(
      params = {"id", "vector", "metadata"},
      script = "return {id: id, vector: vector, metadata: metadata};")
  private static native JSObject entry(
      String id, Float32Array vector, @Nullable Uint8Array metadata);

  @JSBody(
      params = {"object", "key", "value"},
      script = SET)
  static native void setObject(JSObject object, String key, JSObject value);

  @JSBody(
      params = {"object", "key", "value"},
      script = SET)
  static native void setString(JSObject object, String key, @Nullable String value);

  @JSBody(
      params = {"object", "key", "value"},
      script = SET)
  static native void setNumber(JSObject object, String key, double value);

  @JSBody(
      params = {"object", "key", "value"},
      script = SET)
  private static native void setBoolean(JSObject object, String key, boolean value);
}
