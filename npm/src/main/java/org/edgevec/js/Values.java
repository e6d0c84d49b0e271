package org.edgevec.js;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.Metadata;
import org.edgevec.RecoveryReport;
import org.edgevec.SalvageReport;
import org.edgevec.Stats;
import org.edgevec.VerifyReport;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Float32Array;

/** JavaScript's values as Java's, and back. */
final class Values {

  private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  /** Assigning is ten times as fast as defining, and does something else for one key. */
  private static final String DEFINE =
      "if (key !== '__proto__') { object[key] = value; } else {"
          + "Object.defineProperty(object, key,"
          + " {value: value, enumerable: true, configurable: true, writable: true}); }";

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

  /** Metadata from an object, whose types were checked; null is none. */
  static Metadata metadata(@Nullable JSObject object) {
    if (object == null) {
      return Metadata.empty();
    }
    JSArray<JSString> keys = keys(object);
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < keys.getLength(); i++) {
      String key = keys.get(i).stringValue();
      values.put(key, value(property(object, key)));
    }
    return Metadata.copyOf(values);
  }

  private static Object value(JSObject value) {
    return switch (kind(value)) {
      case "string" -> asString(value);
      case "boolean" -> asBoolean(value);
      case "number" -> asDouble(value);
      case "bigint" -> (long) highInt(value) << 32 | lowInt(value) & 0xffffffffL;
      default -> strings(asArray(value));
    };
  }

  @JSBody(params = "object", script = "return Object.keys(object);")
  private static native JSArray<JSString> keys(JSObject object);

  @JSBody(
      params = {"object", "key"},
      script = "return object[key];")
  private static native JSObject property(JSObject object, String key);

  /** The type of a value; of a number that is whole and exact, that of a bigint. */
  @JSBody(
      params = "value",
      script =
          "return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'bigint' : typeof value;")
  private static native String kind(JSObject value);

  @JSBody(params = "value", script = "return value;")
  private static native String asString(JSObject value);

  // In two halves: Java's own parsing of numbers would be a hundredth of the download.

  @JSBody(params = "value", script = "return Number(BigInt.asIntN(32, BigInt(value) >> 32n));")
  private static native int highInt(JSObject value);

  @JSBody(params = "value", script = "return Number(BigInt.asIntN(32, BigInt(value)));")
  private static native int lowInt(JSObject value);

  @JSBody(params = "value", script = "return value;")
  private static native boolean asBoolean(JSObject value);

  @JSBody(params = "value", script = "return value;")
  private static native double asDouble(JSObject value);

  @JSBody(params = "value", script = "return value;")
  private static native JSArray<JSString> asArray(JSObject value);

  // To JavaScript

  /** Hits as an array of {@code {id, score, metadata}}. */
  static JSObject hits(List<Hit> hits) {
    JSArray<JSObject> array = newArray();
    for (Hit hit : hits) {
      push(array, hit.id(), hit.score(), object(hit.metadata()));
    }
    return array;
  }

  /** An entry as {@code {id, vector, metadata}}. */
  static JSObject entry(Entry entry) {
    return entry(
        entry.id(), Float32Array.copyFromJavaArray(entry.vector()), object(entry.metadata()));
  }

  /** Strings as an array. */
  static JSObject array(List<String> strings) {
    JSArray<JSObject> array = newArray();
    for (String string : strings) {
      array.push(JSString.valueOf(string));
    }
    return array;
  }

  private static JSObject object(Metadata metadata) {
    JSObject object = newObject();
    if (metadata.isEmpty()) {
      return object;
    }
    for (Map.Entry<String, Object> entry : metadata.asMap().entrySet()) {
      set(object, entry.getKey(), entry.getValue());
    }
    return object;
  }

  private static void set(JSObject object, String key, Object value) {
    if (value instanceof String string) {
      setString(object, key, string);
    } else if (value instanceof Boolean truth) {
      setBoolean(object, key, truth);
    } else if (value instanceof Double number) {
      setNumber(object, key, number);
    } else if (value instanceof Long number) {
      setLong(object, key, number);
    } else {
      setObject(object, key, array(stringList(value)));
    }
  }

  @SuppressWarnings("unchecked") // Metadata's only lists are of strings
  private static List<String> stringList(Object value) {
    return (List<String>) value;
  }

  private static void setLong(JSObject object, String key, long value) {
    if (value >= -MAX_SAFE_INTEGER && value <= MAX_SAFE_INTEGER) {
      setNumber(object, key, value);
    } else {
      setBigInt(object, key, Long.toString(value));
    }
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
      JSArray<JSObject> hits, String id, float score, JSObject metadata);

  @JSBody(
      params = {"id", "vector", "metadata"},
      script = "return {id: id, vector: vector, metadata: metadata};")
  private static native JSObject entry(String id, Float32Array vector, JSObject metadata);

  @JSBody(
      params = {"object", "key", "value"},
      script = DEFINE)
  static native void setObject(JSObject object, String key, JSObject value);

  @JSBody(
      params = {"object", "key", "value"},
      script = DEFINE)
  static native void setString(JSObject object, String key, @Nullable String value);

  @JSBody(
      params = {"object", "key", "value"},
      script = DEFINE)
  static native void setNumber(JSObject object, String key, double value);

  @JSBody(
      params = {"object", "key", "value"},
      script = DEFINE)
  private static native void setBoolean(JSObject object, String key, boolean value);

  @JSBody(
      params = {"object", "key", "digits"},
      script = "var value = BigInt(digits);" + DEFINE)
  private static native void setBigInt(JSObject object, String key, String digits);
}
