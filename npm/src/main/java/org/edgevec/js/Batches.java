package org.edgevec.js;

import org.edgevec.Metadata;
import org.edgevec.WriteBatch;
import org.edgevec.linear.Floats;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Uint8Array;

/** Batches of what JavaScript gives. */
final class Batches {

  private Batches() {}

  /**
   * A batch of puts.
   *
   * @param vectors one after another
   * @param metadatas null, or as many as ids, each bytes or null
   */
  static WriteBatch of(
      int dimension,
      JSArray<JSString> ids,
      Float32Array vectors,
      @Nullable JSArray<Uint8Array> metadatas) {
    float[] all = Floats.copyOf(vectors);
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < ids.getLength(); i++) {
      float[] vector = new float[dimension];
      System.arraycopy(all, i * dimension, vector, 0, dimension);
      Metadata metadata = Values.metadata(metadatas == null ? null : metadatas.get(i));
      batch.put(ids.get(i).stringValue(), vector, metadata);
    }
    return batch;
  }

  /** Adds a change, and returns whether it is a put. */
  static boolean add(WriteBatch batch, JSObject change) {
    if (isPut(change)) {
      batch.put(putId(change), Floats.copyOf(vector(change)), Values.metadata(metadata(change)));
      return true;
    }
    batch.delete(deleteId(change));
    return false;
  }

  @JSBody(params = "change", script = "return change.put !== undefined;")
  private static native boolean isPut(JSObject change);

  @JSBody(params = "change", script = "return change.put;")
  private static native String putId(JSObject change);

  @JSBody(params = "change", script = "return change.delete;")
  private static native String deleteId(JSObject change);

  @JSBody(params = "change", script = "return change.vector;")
  private static native Float32Array vector(JSObject change);

  @JSBody(params = "change", script = "return change.metadata || null;")
  private static native @Nullable Uint8Array metadata(JSObject change);
}
