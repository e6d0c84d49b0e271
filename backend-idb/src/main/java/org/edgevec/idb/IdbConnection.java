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
 * {@link #MISSING}, {@link #FOREIGN}, {@link #BLOCKED}, {@link #CLOSED}, {@link #MALFORMED} and
 * {@link #UNREADABLE}.
 */
final class IdbConnection {

  /** There is no such database, and none was to be made. */
  static final String MISSING = "Missing";

  /** The database is not one of EdgeVec's. */
  static final String FOREIGN = "Foreign";

  /** Another connection is in the way, and did not go in time. */
  static final String BLOCKED = "Blocked";

  /** The connection ended, or the browser ended a transaction without an error. */
  static final String CLOSED = "Closed";

  /** What is stored has not the shape that it was given. */
  static final String MALFORMED = "Malformed";

  /**
   * The browser cannot read a value that it has a key of: large ones lie in files of their own, and
   * those get lost ({@code NotReadableError}, {@code UnknownError} and others).
   */
  static final String UNREADABLE = "Unreadable";

  /** The version of the object stores' layout; the files in them have their own. */
  static final int VERSION = 1;

  private static final int BLOCKED_MILLIS = 5_000;

  /** Removing a large database may take a while. */
  private static final int DELETE_MILLIS = 30_000;

  /**
   * An object of {@code run(stores, mode, options, issue)}, {@code hurry()}, {@code end(why)} and
   * {@code close()}.
   */
  private final JSObject connection;

  /** Is told when the database goes away under an open connection, and how. */
  @JSFunctor
  interface Lost extends JSObject {
    void lost(String how);
  }

  private IdbConnection(JSObject connection) {
    this.connection = connection;
  }

  /** Opens a database; one that is not there is made, or is a failure {@link #MISSING}. */
  static IdbConnection open(String name, boolean mayCreate, Lost lost) throws JsFailure {
    JSObject connection = Promises.await(open(name, VERSION, mayCreate, BLOCKED_MILLIS, lost));
    return new IdbConnection(nonNull(connection));
  }

  /**
   * Removes a database, if there is one. Whether it may be is decided before: what was asked of the
   * browser cannot be taken back, and it would remove the database whenever the last connection
   * ends. So what fails as {@link #BLOCKED} has removed nothing, and will not.
   */
  static void delete(String name) throws JsFailure {
    Promises.await(delete(name, DELETE_MILLIS));
  }

  /**
   * Returns when nobody has a database open, or fails as {@link #BLOCKED}. Changes nothing: it asks
   * for a higher version, which the browser offers when all others have gone, and then declines it.
   */
  static void awaitUnused(String name) throws JsFailure {
    Promises.await(awaitUnused(name, BLOCKED_MILLIS));
  }

  /** The version of a database that is there. */
  static int versionOf(String name) throws JsFailure {
    return intOf(nonNull(Promises.await(version(name, BLOCKED_MILLIS))));
  }

  /** What there is: names, ids, and the layout of all chunks. */
  Directory directory() throws JsFailure {
    JSObject read = nonNull(Promises.await(directory(connection)));
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
    Promises.await(write(connection, changes.list(), level));
  }

  /**
   * Begins to read the bytes of the chunks from the one that begins at {@code start} to the one
   * that ends at {@code end}, together.
   *
   * @return what to give {@link #await}, or nobody, if they are not needed after all
   */
  JSObject read(double id, double start, double end) {
    return read(connection, id, start, end);
  }

  /** Waits for what {@link #read} began. */
  Uint8Array await(JSObject reading) throws JsFailure {
    return (Uint8Array) nonNull(Promises.await(reading));
  }

  /**
   * Ends what waits for an answer for longer than a dozen seconds from now on, rather than a
   * minute: the connection is to be closed.
   */
  void hurry() {
    hurry(connection);
  }

  /** Ends what is under way at once, and all that is to come. */
  void end(String why) {
    end(connection, why);
  }

  /** Ends what is under way, and returns when the browser knows that nobody needs it any more. */
  void close() {
    try {
      Promises.await(close(connection));
    } catch (JsFailure e) {
      throw new AssertionError("that promise is never rejected", e);
    }
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

  // What runs on a connection is settled by whichever comes first: its own end, that of the
  // connection, or the end of patience. Browsers have let transactions hang without any event, such
  // as when a user clears a site's data. Patience is counted in ticks, so that a computer that
  // slept, or a page that was frozen, has lost one of them and not all.
  //
  // An exception does not keep a transaction from committing what was asked of it before, so
  // whatever is thrown between its begin and its end aborts it.
  @JSBody(
      params = {"name", "version", "mayCreate", "blockedMillis", "lost"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var database, ended, timer, patience = 20, calls = new Map();"
              + "  function disconnect() { try { database.close(); } catch (e) {} }"
              + "  function end(why) {"
              + "    if (!ended) {"
              + "      ended = {name: 'Closed', message: why};"
              + "      lost(why);"
              + "    }"
              + "  }"
              + "  function endNow(why) {"
              + "    end(why);"
              + "    calls.forEach(function(left, fail) { fail(ended); });"
              + "    disconnect();"
              + "  }"
              + "  function hurry() {"
              + "    patience = 4;"
              + "    calls.forEach(function(left, fail) { calls.set(fail, Math.min(left, patience)); });"
              + "  }"
              + "  function tick() {"
              + "    calls.forEach(function(left, fail) {"
              + "      if (left > 1) calls.set(fail, left - 1); else endNow('the browser did not answer');"
              + "    });"
              + "  }"
              + "  function run(stores, mode, options, issue) {"
              + "    return new Promise(function(resolve, reject) {"
              + "      var transaction;"
              + "      function settle(how, value) {"
              + "        calls.delete(fail);"
              + "        if (calls.size === 0) { clearInterval(timer); timer = 0; }"
              + "        how(value);"
              + "      }"
              + "      function fail(error) {"
              + "        if (!calls.has(fail)) return;"
              + "        try { transaction.abort(); } catch (e) {}"
              + "        settle(reject, error);"
              + "      }"
              + "      if (ended) { reject(ended); return; }"
              + "      calls.set(fail, patience);"
              + "      timer = timer || setInterval(tick, 3000);"
              + "      try {"
              + "        transaction = database.transaction(stores, mode, options);"
              + "        transaction.onabort = function() {"
              + "          fail(transaction.error || {name: 'Closed', message: 'it is closing'});"
              + "        };"
              + "        issue(transaction, function(result) {"
              + "          return function() {"
              + "            var value;"
              + "            try { value = result(); } catch (e) { fail(e); return; }"
              + "            settle(resolve, value);"
              + "          };"
              + "        }, fail);"
              + "      } catch (e) { fail(e); }"
              + "    });"
              + "  }"
              + "  function close() {"
              + "    held.delete(connection);"
              + "    endNow('it was closed');"
              // The answer shows that the browser has heard of the closing: it goes the same way. A
              // worker that ends before leaves its connection behind in WebKit.
              + "    return Promise.race(["
              + "      Promise.resolve().then(function() { return indexedDB.databases(); }),"
              + "      new Promise(function(resolve) { setTimeout(resolve, 1000); })"
              + "    ]).then(function() {}, function() {});"
              + "  }"
              + "  var connection = {run: run, hurry: hurry, end: endNow, close: close};"
              + "  var request = indexedDB.open(name, version), waiting = true, refusal;"
              + "  var patienceToOpen = setTimeout(function() {"
              + "    waiting = false;"
              + "    reject({name: 'Blocked', message: 'another connection keeps it busy'});"
              + "  }, blockedMillis);"
              + "  request.onupgradeneeded = function(event) {"
              + "    if (event.oldVersion !== 0) return;"
              + "    try {"
              + "      if (!mayCreate || !waiting) throw {name: 'Missing', message: 'not there'};"
              + "      request.result.createObjectStore('files');"
              + "      request.result.createObjectStore('chunks');"
              + "    } catch (e) {"
              + "      refusal = e;"
              + "      request.transaction.abort();"
              + "    }"
              + "  };"
              + "  request.onerror = function(event) {"
              + "    event.preventDefault();"
              + "    clearTimeout(patienceToOpen);"
              + "    reject(refusal || request.error);"
              + "  };"
              + "  request.onsuccess = function() {"
              + "    database = request.result;"
              + "    clearTimeout(patienceToOpen);"
              + "    if (!waiting) { disconnect(); return; }"
              + "    var stores = database.objectStoreNames;"
              + "    if (!stores.contains('files') || !stores.contains('chunks')) {"
              + "      disconnect();"
              + "      reject({name: 'Foreign', message: 'it has other object stores'});"
              + "      return;"
              + "    }"
              + "    database.onversionchange = function() {"
              + "      end('something else deletes or changes it');"
              + "      hurry();"
              + "      disconnect();"
              + "    };"
              + "    database.onclose = function() { endNow('the browser closed it'); };"
              + "    held.add(connection);"
              + "    resolve(connection);"
              + "  };"
              + "});")
  private static native JSObject open(
      String name, int version, boolean mayCreate, int blockedMillis, Lost lost);

  @JSBody(
      params = {"name", "blockedMillis"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var request = indexedDB.open(name, Number.MAX_SAFE_INTEGER);"
              + "  var timer = setTimeout(function() {"
              + "    reject({name: 'Blocked', message: 'another connection keeps it open'});"
              + "  }, blockedMillis);"
              + "  function unused() { clearTimeout(timer); resolve(); }"
              // Also when nobody waits for it any more.
              + "  request.onupgradeneeded = function() { request.transaction.abort(); };"
              + "  request.onsuccess = function() { request.result.close(); unused(); };"
              + "  request.onerror = function(event) {"
              + "    event.preventDefault();"
              + "    if (request.error.name === 'AbortError') { unused(); return; }"
              + "    clearTimeout(timer);"
              + "    reject(request.error);"
              + "  };"
              + "});")
  private static native JSObject awaitUnused(String name, int blockedMillis);

  @JSBody(
      params = {"name", "patienceMillis"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var request = indexedDB.deleteDatabase(name);"
              + "  var timer = setTimeout(function() {"
              + "    reject({name: 'TimeoutError',"
              + "        message: 'the browser did not answer, and may yet delete it'});"
              + "  }, patienceMillis);"
              + "  request.onsuccess = function() { clearTimeout(timer); resolve(); };"
              + "  request.onerror = function(event) {"
              + "    event.preventDefault();"
              + "    clearTimeout(timer);"
              + "    reject(request.error);"
              + "  };"
              + "});")
  private static native JSObject delete(String name, int patienceMillis);

  @JSBody(
      params = {"name", "blockedMillis"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var request = indexedDB.open(name);"
              + "  var timer = setTimeout(function() {"
              + "    reject({name: 'Blocked', message: 'another connection keeps it busy'});"
              + "  }, blockedMillis);"
              + "  request.onsuccess = function() {"
              + "    clearTimeout(timer);"
              + "    resolve(request.result.version);"
              + "    request.result.close();"
              + "  };"
              + "  request.onerror = function(event) {"
              + "    event.preventDefault();"
              + "    clearTimeout(timer);"
              + "    reject(request.error);"
              + "  };"
              + "});")
  private static native JSObject version(String name, int blockedMillis);

  @JSBody(
      params = "connection",
      script =
          "return connection.run(['files', 'chunks'], 'readonly', {}, function(transaction, done) {"
              + "  var files = transaction.objectStore('files');"
              + "  var names = files.getAllKeys(), values = files.getAll();"
              + "  var keys = transaction.objectStore('chunks').getAllKeys();"
              + "  var foreign = {name: 'Foreign', message: 'its object stores hold other things'};"
              + "  transaction.oncomplete = done(function() {"
              + "    var ids = new Float64Array(values.result.length);"
              + "    for (var i = 0; i < ids.length; i++) {"
              + "      var file = values.result[i];"
              + "      ids[i] = file && typeof file.id === 'number' ? file.id : NaN;"
              + "      if (typeof names.result[i] !== 'string' || isNaN(ids[i])) throw foreign;"
              + "    }"
              + "    var flat = new Float64Array(keys.result.length * 3);"
              + "    for (var k = 0; k < keys.result.length; k++) {"
              + "      var key = keys.result[k];"
              + "      if (!Array.isArray(key) || key.length !== 3) throw foreign;"
              + "      flat[3 * k] = key[0];"
              + "      flat[3 * k + 1] = key[1];"
              + "      flat[3 * k + 2] = key[2];"
              + "    }"
              + "    return {names: names.result, ids: ids, keys: flat};"
              + "  });"
              + "});")
  private static native JSObject directory(JSObject connection);

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
      params = {"connection", "changes", "durability"},
      script =
          "return connection.run(['files', 'chunks'], 'readwrite', {durability: durability},"
              + "  function(transaction, done) {"
              + "    transaction.oncomplete = done(function() {});"
              + "    var files = transaction.objectStore('files');"
              + "    var chunks = transaction.objectStore('chunks');"
              + "    for (var i = 0; i < changes.length; i++) changes[i](files, chunks);"
              + "  });")
  private static native JSObject write(JSObject connection, JSObject changes, String durability);

  @JSBody(
      params = {"connection", "id", "start", "end"},
      script =
          "var promise = connection.run('chunks', 'readonly', {}, function(transaction, done, fail) {"
              + "  var range = IDBKeyRange.bound([id, start], [id, end], false, true);"
              + "  var request = transaction.objectStore('chunks').getAll(range);"
              + "  request.onerror = function() {"
              + "    var error = request.error || {}, name = error.name;"
              + "    fail(name === 'AbortError' ? error"
              + "        : {name: 'Unreadable', message: name + ': ' + error.message});"
              + "  };"
              + "  request.onsuccess = done(function() {"
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
              + "      throw {name: 'Malformed', message: 'a record has another length than its key'};"
              + "    }"
              + "    return whole;"
              + "  });"
              + "});"
              // Nobody may ever wait for it.
              + "promise.catch(function() {});"
              + "return promise;")
  private static native JSObject read(JSObject connection, double id, double start, double end);

  @JSBody(params = "connection", script = "connection.hurry();")
  private static native void hurry(JSObject connection);

  @JSBody(
      params = {"connection", "why"},
      script = "connection.end(why);")
  private static native void end(JSObject connection, String why);

  @JSBody(params = "connection", script = "return connection.close();")
  private static native JSObject close(JSObject connection);
}
