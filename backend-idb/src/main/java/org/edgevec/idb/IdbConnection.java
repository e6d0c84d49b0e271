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

  /** The browser's name for a database of a newer version than {@link #VERSION}. */
  static final String NEWER = "VersionError";

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

  @JSBody(
      params = {"name", "version", "mayCreate", "blockedMillis", "lost"},
      script = "idb.openDatabase")
  private static native JSObject open(
      String name, int version, boolean mayCreate, int blockedMillis, Lost lost);

  @JSBody(
      params = {"name", "blockedMillis"},
      script = "idb.awaitUnused")
  private static native JSObject awaitUnused(String name, int blockedMillis);

  @JSBody(
      params = {"name", "patienceMillis"},
      script = "idb.deleteDatabase")
  private static native JSObject delete(String name, int patienceMillis);

  @JSBody(
      params = {"name", "blockedMillis"},
      script = "idb.readVersion")
  private static native JSObject version(String name, int blockedMillis);

  @JSBody(params = "connection", script = "idb.readDirectory")
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
      script = "idb.writeChanges")
  private static native JSObject write(JSObject connection, JSObject changes, String durability);

  @JSBody(
      params = {"connection", "id", "start", "end"},
      script = "idb.readChunks")
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
