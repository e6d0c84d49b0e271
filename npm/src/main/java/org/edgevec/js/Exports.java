package org.edgevec.js;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.HnswOptions;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.idb.IndexedDbStorage;
import org.edgevec.idb.IndexedDbStorage.WhenMissing;
import org.edgevec.linear.Floats;
import org.edgevec.storage.StoreFiles;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSNumber;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * The functions that {@code engine.js} calls. The types of all arguments were checked, and all are
 * copies that nobody changes (see {@code input.js}); what they mean is checked here and below.
 *
 * <p>A database is named by the number that {@link #open} gives. {@link Calls} says what a function
 * returns: those that may wait for storage a promise, the others an object with the outcome.
 */
public final class Exports {

  /** Ids that become strings of JavaScript in one task; it takes about 2 ms. */
  private static final int SLICE_IDS = 4096;

  private Exports() {}

  public static void main(String[] args) {}

  // Opening and whole databases

  /**
   * Resolves to a handle.
   *
   * @param dimension 0 if not given
   * @param metric empty if not given
   * @param lockWaitMillis how long one that has it open is waited for, here and below
   * @param m 0 for what {@link HnswOptions#DEFAULT} says, as with the two that follow
   */
  @JSExport
  public static JSObject open(
      String name,
      int dimension,
      String metric,
      String durability,
      boolean create,
      boolean acceptLoss,
      boolean salvage,
      int lockWaitMillis,
      int m,
      int efConstruction,
      int minEntries) {
    return Calls.waiting(
        () -> {
          Asked asked = Asked.of(dimension, metric);
          Options options =
              asked
                  .options()
                  .durability(Names.durability(durability))
                  .createIfMissing(create)
                  .salvage(salvage)
                  .hnsw(Asked.hnsw(m, efConstruction, minEntries));
          IndexedDbStorage storage =
              IndexedDbStorage.open(name, Asked.whenMissing(options, acceptLoss), lockWaitMillis);
          return JSNumber.valueOf(asked.open(storage, options));
        });
  }

  /** Resolves to whether there was one. */
  @JSExport
  public static JSObject destroy(String name, int lockWaitMillis) {
    return Calls.waiting(() -> bool(IndexedDbStorage.destroy(name, lockWaitMillis)));
  }

  /** Resolves to an object: file name to bytes. */
  @JSExport
  public static JSObject exportFiles(String name, int lockWaitMillis) {
    return Calls.waiting(
        () -> {
          try (IndexedDbStorage storage = existing(name, lockWaitMillis)) {
            return exportAll(storage);
          }
        });
  }

  private static IndexedDbStorage existing(String name, int lockWaitMillis) {
    return IndexedDbStorage.open(name, WhenMissing.REFUSE, lockWaitMillis);
  }

  private static JSObject exportAll(IndexedDbStorage storage) {
    JSObject files = Values.newObject();
    for (String file : storage.list()) {
      Values.setObject(files, file, storage.readWhole(file));
    }
    return files;
  }

  /** Makes a database of files; {@code contents} has the bytes of {@code names} in order. */
  @JSExport
  public static JSObject importFiles(
      String name, JSArray<JSString> names, JSArray<Uint8Array> contents, int lockWaitMillis) {
    return Calls.waiting(
        () -> {
          Map<String, Uint8Array> files = files(Values.strings(names), contents);
          try (IndexedDbStorage storage =
              IndexedDbStorage.open(name, WhenMissing.CREATE_EVEN_IF_LOST, lockWaitMillis)) {
            storage.writeAll(files);
          }
          return null;
        });
  }

  private static Map<String, Uint8Array> files(List<String> names, JSArray<Uint8Array> contents) {
    Map<String, Uint8Array> files = new TreeMap<>();
    boolean hasManifest = false;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (!StoreFiles.isStoreFile(name)) {
        throw new InvalidInputException(
            Code.NOT_A_DATABASE,
            "\""
                + name
                + "\" is not a file of a database; give the files that exportFiles returned, or"
                + " those ending in .evec of a folder.");
      }
      hasManifest |= StoreFiles.Kind.MANIFEST.number(name) >= 0;
      files.put(name, contents.get(i));
    }
    if (!hasManifest) {
      throw new InvalidInputException(
          Code.NOT_A_DATABASE,
          "There is no manifest among these files; give all files of the database.");
    }
    return files;
  }

  // Writing

  @JSExport
  public static JSObject put(
      int handle, String id, Float32Array vector, @Nullable Uint8Array metadata) {
    return Calls.waiting(
        () -> {
          database(handle).put(id, Floats.copyOf(vector), Values.metadata(metadata));
          return null;
        });
  }

  /**
   * Stores a part of many entries as one batch.
   *
   * @param vectors one after another
   * @param metadatas null, or as many as ids, each bytes or null
   */
  @JSExport
  public static JSObject putPart(
      int handle,
      JSArray<JSString> ids,
      Float32Array vectors,
      @Nullable JSArray<Uint8Array> metadatas) {
    return Calls.waiting(
        () -> {
          database(handle).write(Batches.of(database(handle).dimension(), ids, vectors, metadatas));
          return null;
        });
  }

  /** Refuses a part that {@link #putPart} would refuse. */
  @JSExport
  public static JSObject checkPart(
      int handle,
      JSArray<JSString> ids,
      Float32Array vectors,
      @Nullable JSArray<Uint8Array> metadatas) {
    return Calls.immediate(
        () -> {
          database(handle).check(Batches.of(database(handle).dimension(), ids, vectors, metadatas));
          return null;
        });
  }

  /** Writes changes, each {@code {put, vector, metadata}} or {@code {delete}}, as one batch. */
  @JSExport
  public static JSObject write(int handle, JSArray<JSObject> changes) {
    return Calls.waiting(
        () -> {
          WriteBatch batch = new WriteBatch();
          boolean onlyDeletes = true;
          for (int i = 0; i < changes.getLength(); i++) {
            onlyDeletes &= !Batches.add(batch, changes.get(i));
          }
          write(Handles.get(handle), batch, onlyDeletes);
          return null;
        });
  }

  private static void write(Handles.Open open, WriteBatch batch, boolean isUrgent) {
    if (!isUrgent) {
      open.database().write(batch);
      return;
    }
    open.storage().urgent(true);
    try {
      open.database().write(batch);
    } finally {
      open.storage().urgent(false);
    }
  }

  /** Resolves to whether there was one. */
  @JSExport
  public static JSObject delete(int handle, String id) {
    return Calls.waiting(
        () -> {
          Handles.Open open = Handles.get(handle);
          open.storage().urgent(true);
          try {
            return bool(open.database().delete(id));
          } finally {
            open.storage().urgent(false);
          }
        });
  }

  // Reading

  /** The entries with these ids, in order, without those that are not there. */
  @JSExport
  public static JSObject getMany(int handle, JSArray<JSString> ids) {
    return Calls.immediate(
        () -> {
          JSArray<JSObject> entries = Values.newArray();
          for (String id : Values.strings(ids)) {
            database(handle).get(id).ifPresent(entry -> entries.push(Values.entry(entry)));
          }
          return entries;
        });
  }

  @JSExport
  public static JSObject has(int handle, String id) {
    return Calls.immediate(() -> bool(database(handle).contains(id)));
  }

  @JSExport
  public static JSObject size(int handle) {
    return Calls.immediate(() -> JSNumber.valueOf(database(handle).size()));
  }

  /** Resolves to the ids of one moment. Lets other tasks run between some thousands of them. */
  @JSExport
  public static JSObject ids(int handle) {
    return Calls.waiting(() -> array(database(handle).ids()));
  }

  private static JSObject array(List<String> strings) {
    JSArray<JSObject> array = Values.newArray();
    for (int i = 0; i < strings.size(); i++) {
      array.push(JSString.valueOf(strings.get(i)));
      if (i % SLICE_IDS == SLICE_IDS - 1) {
        Thread.yield();
      }
    }
    return array;
  }

  @JSExport
  public static JSObject search(
      int handle, Float32Array query, int k, int efSearch, boolean exact) {
    return Calls.immediate(
        () -> {
          SearchRequest request = SearchRequest.of(Floats.copyOf(query), k).efSearch(efSearch);
          return Values.hits(database(handle).search(exact ? request.exact() : request));
        });
  }

  /** Resolves to null when the search graph links all that is there now. */
  @JSExport
  public static JSObject awaitIndexed(int handle, Progress progress) {
    return Calls.waiting(
        () -> {
          database(handle).awaitIndexed(Progress.listener(progress));
          return null;
        });
  }

  /** The dimension and metric, as {@code {dimension, metric}}. */
  @JSExport
  public static JSObject shape(int handle) {
    return Calls.immediate(
        () -> {
          JSObject shape = Values.newObject();
          Values.setNumber(shape, "dimension", database(handle).dimension());
          Values.setString(shape, "metric", Names.of(database(handle).metric()));
          return shape;
        });
  }

  @JSExport
  public static JSObject recoveryReport(int handle) {
    Handles.Open open = Handles.get(handle);
    return Calls.immediate(
        () -> Values.report(open.database().recoveryReport(), open.storage().vanished()));
  }

  @JSExport
  public static JSObject stats(int handle) {
    return Calls.waiting(() -> Values.stats(database(handle).stats()));
  }

  // Checking and rescuing

  /**
   * Resolves to a report about a database.
   *
   * @param handle of an open one, or 0
   * @param name of one that is not open
   */
  @JSExport
  public static JSObject verify(int handle, String name, int lockWaitMillis, Progress progress) {
    return Calls.waiting(
        () -> {
          ProgressListener listener = Progress.listener(progress);
          return Values.report(
              handle == 0
                  ? VectorDatabase.verify(existing(name, lockWaitMillis), listener)
                  : database(handle).verify(listener));
        });
  }

  /** Resolves to a report about what was copied. */
  @JSExport
  public static JSObject salvage(
      String name, String newName, int lockWaitMillis, Progress progress) {
    return Calls.waiting(
        () ->
            Values.report(
                VectorDatabase.salvage(
                    existing(name, lockWaitMillis),
                    () -> IndexedDbStorage.open(newName, WhenMissing.CREATE, lockWaitMillis),
                    new BrowserPlatform(),
                    Progress.listener(progress))));
  }

  // Snapshots and closing

  @JSExport
  public static JSObject checkpoint(int handle) {
    return Calls.waiting(
        () -> {
          database(handle).checkpoint();
          return null;
        });
  }

  @JSExport
  public static JSObject close(int handle) {
    return Calls.waiting(
        () -> {
          try {
            Handles.get(handle).storage().hurry();
            database(handle).close();
          } finally {
            Handles.remove(handle);
          }
          return null;
        });
  }

  private static VectorDatabase database(int handle) {
    return Handles.get(handle).database();
  }

  @JSBody(params = "value", script = "return value;")
  private static native JSObject bool(boolean value);
}
