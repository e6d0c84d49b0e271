package org.edgevec.idb;

import java.util.Objects;
import org.edgevec.storage.Durability;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * Collects bytes into chunks under a fresh id, and stores each when it is full. No name stands for
 * them yet; see {@link IndexedDbStorage}, "Layout".
 */
final class ChunkSink implements StorageBackend.Sink {

  private final IdbSession session;
  private final double id;
  private Uint8Array chunk = new Uint8Array(0);
  private int used;
  private long stored;
  private boolean open = true;

  /**
   * @param id what the chunks are stored under
   */
  ChunkSink(IdbSession session, double id) {
    this.session = session;
    this.id = id;
  }

  double id() {
    return id;
  }

  @Override
  public void write(byte[] data, int offset, int length) {
    if (!open) {
      throw new IllegalStateException("This sink was valid during atomicWrite only");
    }
    Objects.checkFromIndexSize(offset, length, data.length);
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, Changes.CHUNK_BYTES - used);
      makeRoom(used + part);
      Transfer.toJs(data, offset + done, chunk, used, part);
      used += part;
      done += part;
      storeIfFull();
    }
  }

  /** Grows the chunk, which most files never fill: manifests and seals are a few bytes. */
  private void makeRoom(int needed) {
    if (needed > chunk.getLength()) {
      int capacity = Math.min(Changes.CHUNK_BYTES, Math.max(needed, 2 * chunk.getLength()));
      Uint8Array grown = new Uint8Array(capacity);
      grown.set(Transfer.copyOf(chunk, 0, used), 0);
      chunk = grown;
    }
  }

  private void storeIfFull() {
    if (used == Changes.CHUNK_BYTES) {
      store(chunk);
    }
  }

  private void store(Uint8Array bytes) {
    session.write(new Changes().putChunk(id, stored, bytes), Durability.STRICT, "written");
    stored += bytes.getLength();
    used = 0;
  }

  /** Stores {@code content}, which is all there will be. */
  void storeWhole(Uint8Array content) {
    for (int start = 0; start < content.getLength(); start += Changes.CHUNK_BYTES) {
      int end = Math.min(content.getLength(), start + Changes.CHUNK_BYTES);
      store(Transfer.copyOf(content, start, end));
    }
  }

  /** Stores what was written and is not stored yet. */
  void finish() {
    if (used > 0) {
      store(Transfer.copyOf(chunk, 0, used));
    }
  }

  /** Takes nothing more from now on. */
  void close() {
    open = false;
  }

  /** Removes what was stored, because of a failure. */
  void discard(Throwable because) {
    if (stored == 0 || !session.isOpen()) {
      // Nothing is there, or nothing can be done; the next opening deletes what is left.
      return;
    }
    try {
      session.write(new Changes().deleteChunks(id), Durability.RELAXED, "tidied");
    } catch (PersistenceException e) {
      because.addSuppressed(e);
    }
  }

  /** The file that a name which stands for these chunks has. */
  StoredFile file(String name) {
    StoredFile file = new StoredFile(name, id, true);
    for (long start = 0; start < stored; start += Changes.CHUNK_BYTES) {
      file.addChunk(start, Math.min(stored, start + Changes.CHUNK_BYTES));
    }
    file.stored(true);
    return file;
  }
}
