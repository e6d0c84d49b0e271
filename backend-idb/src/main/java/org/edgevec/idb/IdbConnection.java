package org.edgevec.idb;

import org.edgevec.storage.Durability;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Float64Array;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * One connection to an IndexedDB database, its calls blocking. TeaVM's own bindings have neither
 * {@code durability} nor {@code onclose}, so these are written anew, as few as are needed.
 *
 * <p>Every call may fail with a {@link JsFailure}; besides the browser's names of errors there are
 * {@link #MISSING}, {@link #FOREIGN}, {@link #BLOCKED}, {@link #CLOSED} and {@link #MALFORMED}.
 */
final class IdbConnection {

  /** There is no such database, and none was to be made. */
  static final String MISSING = "Missing";

  /** The database is not one of EdgeVec's. */
  static final String FOREIGN = "Foreign";

  /** Another connection is in the way, and did not go in time. */
  static final String BLOCKED = "Blocked";

  /** The browser ended the transaction without an error: it is closing the database. */
  static final String CLOSED = "Closed";

  /** What is stored has not the shape that it was given. */
  static final String MALFORMED = "Malformed";

  /** The version of the object stores' layout; the files in them have their own. */
  static final int VERSION = 1;

  private static final int BLOCKED_MILLIS = 5_000;

  private final JSObject database;

  /** Is told when the database goes away under an open connection, and how. */
  @JSFunctor
  interface Lost extends JSObject {
    void lost(String how);
  }

  private IdbConnection(JSObject database) {
    this.database = database;
  }

  /** Opens a database; one that is not there is made, or is a failure {@link #MISSING}. */
  static IdbConnection open(String name, boolean mayCreate, Lost lost) throws JsFailure {
    JSObject database = Promises.await(open(name, VERSION, mayCreate, BLOCKED_MILLIS, lost));
    return new IdbConnection(nonNull(database));
  }

  /** Removes a database, if there is one. */
  static void delete(String name) throws JsFailure {
    Promises.await(delete(name, BLOCKED_MILLIS));
  }

  /** The version of a database that is there. */
  static int versionOf(String name) throws JsFailure {
    return intOf(nonNull(Promises.await(version(name))));
  }

  /** What there is: names, ids, and the layout of all chunks. */
  Directory directory() throws JsFailure {
    JSObject read = nonNull(Promises.await(directory(database)));
    return new Directory(names(read), ids(read).copyToJavaArray(), keys(read).copyToJavaArray());
  }

  /**
   * The database's directory.
   *
   * @param names of files
   * @param ids of the same files
   * @param chunkKeys id, start and end of each chunk, ascending
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, right after it was made
  record Directory(String[] names, double[] ids, double[] chunkKeys) {}

  /** Runs changes in one transaction, and returns when it is complete. */
  void write(Changes changes, Durability durability) throws JsFailure {
    String level = durability == Durability.STRICT ? "strict" : "relaxed";
    Promises.await(write(database, changes.list(), level));
  }

  /**
   * Begins to read the bytes of the chunks from the one that begins at {@code start} to the one
   * that ends at {@code end}, together.
   *
   * @return what to give {@link #await}, or nobody, if they are not needed after all
   */
  JSObject read(double id, double start, double end) {
    return read(database, id, start, end);
  }

  /** Waits for what {@link #read} began. */
  Uint8Array await(JSObject reading) throws JsFailure {
    return (Uint8Array) nonNull(Promises.await(reading));
  }

  void close() {
    close(database);
  }

  private static JSObject nonNull(@Nullable JSObject value) throws JsFailure {
    if (value == null) {
      throw new JsFailure(MALFORMED, "the browser returned nothing");
    }
    return value;
  }

  private static String[] names(JSObject directory) {
    String[] names = new String[count(directory)];
    for (int i = 0; i < names.length; i++) {
      names[i] = name(directory, i).stringValue();
    }
    return names;
  }

  @JSBody(
      params = {"name", "version", "mayCreate", "blockedMillis", "lost"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var request = indexedDB.open(name, version), refused = false, waiting = true;"
              + "  var timer = setTimeout(function() {"
              + "    waiting = false;"
              + "    reject({name: 'Blocked', message: 'another connection keeps it busy'});"
              + "  }, blockedMillis);"
              + "  request.onupgradeneeded = function(event) {"
              + "    if (event.oldVersion !== 0) return;"
              + "    refused = !mayCreate || !waiting;"
              + "    if (refused) { request.transaction.abort(); return; }"
              + "    request.result.createObjectStore('files');"
              + "    request.result.createObjectStore('chunks');"
              + "  };"
              + "  request.onerror = function(event) {"
              + "    event.preventDefault();"
              + "    clearTimeout(timer);"
              + "    reject(refused ? {name: 'Missing', message: 'not there'} : request.error);"
              + "  };"
              + "  request.onsuccess = function() {"
              + "    var database = request.result;"
              + "    clearTimeout(timer);"
              + "    if (!waiting) { database.close(); return; }"
              + "    database.onversionchange = function() {"
              + "      database.close();"
              + "      lost('something else deletes or changes it');"
              + "    };"
              + "    database.onclose = function() { lost('the browser closed it'); };"
              + "    held.add(database);"
              + "    resolve(database);"
              + "  };"
              + "});")
  private static native JSObject open(
      String name, int version, boolean mayCreate, int blockedMillis, Lost lost);

  @JSBody(
      params = {"name", "blockedMillis"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var request = indexedDB.deleteDatabase(name);"
              + "  var timer = setTimeout(function() {"
              + "    reject({name: 'Blocked', message: 'another connection keeps it open'});"
              + "  }, blockedMillis);"
              + "  request.onsuccess = function() { clearTimeout(timer); resolve(); };"
              + "  request.onerror = function(event) {"
              + "    event.preventDefault();"
              + "    clearTimeout(timer);"
              + "    reject(request.error);"
              + "  };"
              + "});")
  private static native JSObject delete(String name, int blockedMillis);

  @JSBody(
      params = "name",
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var request = indexedDB.open(name);"
              + "  request.onsuccess = function() {"
              + "    var version = request.result.version;"
              + "    request.result.close();"
              + "    resolve(version);"
              + "  };"
              + "  request.onerror = function() { reject(request.error); };"
              + "});")
  private static native JSObject version(String name);

  @JSBody(
      params = "database",
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var stores = database.objectStoreNames;"
              + "  if (!stores.contains('files') || !stores.contains('chunks')) {"
              + "    reject({name: 'Foreign', message: 'it has other object stores'});"
              + "    return;"
              + "  }"
              + "  var transaction = database.transaction(['files', 'chunks'], 'readonly');"
              + "  var files = transaction.objectStore('files');"
              + "  var names = files.getAllKeys(), values = files.getAll();"
              + "  var keys = transaction.objectStore('chunks').getAllKeys();"
              + "  transaction.onabort = function() {"
              + "    reject(transaction.error || {name: 'Closed', message: 'it is closing'});"
              + "  };"
              + "  transaction.oncomplete = function() {"
              + "    var ids = new Float64Array(values.result.length);"
              + "    for (var i = 0; i < ids.length; i++) {"
              + "      var file = values.result[i];"
              + "      ids[i] = file && typeof file.id === 'number' ? file.id : NaN;"
              + "      if (typeof names.result[i] !== 'string' || isNaN(ids[i])) {"
              + "        reject({name: 'Foreign', message: 'its object stores hold other things'});"
              + "        return;"
              + "      }"
              + "    }"
              + "    var flat = new Float64Array(keys.result.length * 3);"
              + "    for (var k = 0; k < keys.result.length; k++) {"
              + "      var key = keys.result[k];"
              + "      if (!Array.isArray(key) || key.length !== 3) {"
              + "        reject({name: 'Foreign', message: 'its object stores hold other things'});"
              + "        return;"
              + "      }"
              + "      flat[3 * k] = key[0];"
              + "      flat[3 * k + 1] = key[1];"
              + "      flat[3 * k + 2] = key[2];"
              + "    }"
              + "    resolve({names: names.result, ids: ids, keys: flat});"
              + "  };"
              + "});")
  private static native JSObject directory(JSObject database);

  @JSBody(params = "directory", script = "return directory.names.length;")
  private static native int count(JSObject directory);

  @JSBody(
      params = {"directory", "index"},
      script = "return directory.names[index];")
  private static native JSString name(JSObject directory, int index);

  @JSBody(params = "directory", script = "return directory.ids;")
  private static native Float64Array ids(JSObject directory);

  @JSBody(params = "directory", script = "return directory.keys;")
  private static native Float64Array keys(JSObject directory);

  @JSBody(params = "value", script = "return value;")
  private static native int intOf(JSObject value);

  @JSBody(
      params = {"database", "changes", "durability"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var transaction ="
              + "      database.transaction(['files', 'chunks'], 'readwrite', {durability: durability});"
              + "  transaction.oncomplete = function() { resolve(); };"
              + "  transaction.onabort = function() {"
              + "    reject(transaction.error || {name: 'Closed', message: 'it is closing'});"
              + "  };"
              + "  var files = transaction.objectStore('files');"
              + "  var chunks = transaction.objectStore('chunks');"
              + "  for (var i = 0; i < changes.length; i++) changes[i](files, chunks);"
              + "});")
  private static native JSObject write(JSObject database, JSObject changes, String durability);

  @JSBody(
      params = {"database", "id", "start", "end"},
      script =
          "var promise = new Promise(function(resolve, reject) {"
              + "  var transaction = database.transaction('chunks', 'readonly');"
              + "  var range = IDBKeyRange.bound([id, start], [id, end], false, true);"
              + "  var request = transaction.objectStore('chunks').getAll(range);"
              + "  transaction.onabort = function() {"
              + "    reject(transaction.error || {name: 'Closed', message: 'it is closing'});"
              + "  };"
              + "  request.onsuccess = function() {"
              + "    var parts = request.result, at = 0, i;"
              + "    var whole = parts.length === 1 ? parts[0] : new Uint8Array(end - start);"
              + "    for (i = 0; i < parts.length; i++) {"
              + "      var fits = parts[i] instanceof Uint8Array"
              + "          && parts[i].length <= end - start - at;"
              + "      if (!fits) { at = -1; break; }"
              + "      if (parts[i] !== whole) whole.set(parts[i], at);"
              + "      at += parts[i].length;"
              + "    }"
              + "    if (at !== end - start) {"
              + "      reject({name: 'Malformed', message: 'a record has another length than its key'});"
              + "      return;"
              + "    }"
              + "    resolve(whole);"
              + "  };"
              + "});"
              // Nobody may ever wait for it.
              + "promise.catch(function() {});"
              + "return promise;")
  private static native JSObject read(JSObject database, double id, double start, double end);

  @JSBody(params = "database", script = "held.delete(database); database.close();")
  private static native void close(JSObject database);
}
