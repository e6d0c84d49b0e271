package org.edgevec.idb;

import org.edgevec.bytes.ByteWriter;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * Requests that are to happen in one transaction, in order.
 *
 * <p>They are collected first and issued in one JavaScript call, because a transaction commits as
 * soon as control returns to the event loop without a request under way, and a coroutine that waits
 * returns it. Should one of them throw, the transaction is aborted (see {@link IdbConnection}).
 *
 * <p>Object store {@code files}: name to {@code {id}}. Object store {@code chunks}: {@code [id,
 * start, end]} to the bytes from {@code start} to {@code end} of the file with that id. A file's
 * layout is therefore known from keys alone, and appending never touches what is there.
 */
final class Changes {

  /** A chunk has at most so many bytes. */
  static final int CHUNK_BYTES = 4 << 20;

  private final JSObject list = newList();

  /** Makes {@code name} stand for the chunks of {@code id}. */
  Changes putFile(String name, double id) {
    putFile(list, name, id);
    return this;
  }

  /** Removes a name, and leaves its chunks. */
  Changes deleteFile(String name) {
    deleteFile(list, name);
    return this;
  }

  /** Stores all of {@code bytes} as the file's bytes from {@code start} on. */
  Changes putChunk(double id, double start, Uint8Array bytes) {
    putChunk(list, id, start, start + bytes.getLength(), bytes);
    return this;
  }

  /** Stores all of {@code content} as the file's bytes from {@code start} on, in several chunks. */
  Changes putChunks(double id, long start, ByteWriter content) {
    for (int done = 0; done < content.size(); done += CHUNK_BYTES) {
      int part = Math.min(CHUNK_BYTES, content.size() - done);
      Uint8Array bytes = new Uint8Array(part);
      Transfer.toJs(content.array(), done, bytes, 0, part);
      putChunk(id, start + done, bytes);
    }
    return this;
  }

  /**
   * Stores all of {@code bytes} as the file's bytes from {@code start} on, in the place of all
   * chunks that begin there or behind. What is new comes before what is old goes.
   */
  Changes replaceChunks(double id, double start, Uint8Array bytes) {
    putChunk(id, start, bytes);
    deleteOthersFrom(list, id, start, start + bytes.getLength());
    return this;
  }

  /** Removes the chunks of a file that begin at {@code start} or behind it. */
  Changes deleteChunksFrom(double id, double start) {
    deleteChunksFrom(list, id, start);
    return this;
  }

  /** Removes all chunks of a file. */
  Changes deleteChunks(double id) {
    return deleteChunksFrom(id, 0);
  }

  /** The requests, as functions of the two stores. */
  JSObject list() {
    return list;
  }

  @JSBody(script = "return [];")
  private static native JSObject newList();

  @JSBody(
      params = {"list", "name", "id"},
      script = "idb.putFile")
  private static native void putFile(JSObject list, String name, double id);

  @JSBody(
      params = {"list", "name"},
      script = "idb.deleteFile")
  private static native void deleteFile(JSObject list, String name);

  @JSBody(
      params = {"list", "id", "start", "end", "bytes"},
      script = "idb.putChunk")
  private static native void putChunk(
      JSObject list, double id, double start, double end, Uint8Array bytes);

  @JSBody(
      params = {"list", "id", "start"},
      script = "idb.deleteChunksFrom")
  private static native void deleteChunksFrom(JSObject list, double id, double start);

  @JSBody(
      params = {"list", "id", "start", "end"},
      script = "idb.deleteOthersFrom")
  private static native void deleteOthersFrom(JSObject list, double id, double start, double end);
}
