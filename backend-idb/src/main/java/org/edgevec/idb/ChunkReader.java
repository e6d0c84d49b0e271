package org.edgevec.idb;

import org.edgevec.storage.CorruptDataException;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * Reads stored chunks, several at a time. Keeps what it fetched last, and begins to fetch what lies
 * behind: files are read front to back, and the browser reads while Java decodes.
 */
final class ChunkReader {

  private final IdbSession session;

  private double cachedId = -1;
  private long cachedStart;
  private @Nullable Uint8Array cached;

  /** What is being read already: the chunks behind the cached ones. */
  private @Nullable JSObject ahead;

  private double aheadId;
  private long aheadStart;

  ChunkReader(IdbSession session) {
    this.session = session;
  }

  /**
   * Copies what one fetch brings of a range that begins in a stored chunk.
   *
   * @return how many bytes those are
   */
  int read(StoredFile file, long offset, byte[] target, int at, int wanted) {
    Uint8Array bytes = cached;
    if (bytes == null || !isCached(file, offset)) {
      bytes = fetch(file, offset);
    }
    int from = (int) (offset - cachedStart);
    int part = Math.min(wanted, bytes.getLength() - from);
    Transfer.toJava(bytes, from, target, at, part);
    return part;
  }

  /**
   * Copies all that is stored of a file to the beginning of {@code whole}. Records that cannot be
   * read are left as they are there.
   *
   * @return how many bytes are stored
   */
  int readStored(StoredFile file, Uint8Array whole) {
    long at = 0;
    while (at < file.storedSize()) {
      at += copy(file, at, whole);
    }
    return (int) at;
  }

  /** Copies what one fetch brings, and returns how many bytes those are. */
  private int copy(StoredFile file, long at, Uint8Array whole) {
    try {
      Uint8Array part = fetch(file, at);
      whole.set(part, (int) at);
      return part.getLength();
    } catch (CorruptDataException e) {
      return (int) (file.chunkEnd(file.chunkAt(at)) - at);
    }
  }

  /** The bytes of one chunk, which are not kept. */
  Uint8Array readChunk(StoredFile file, int index) {
    JSObject reading = begin(file, index, index);
    try {
      return session.connection().await(reading);
    } catch (JsFailure e) {
      throw failure(file, index, e);
    }
  }

  /** Forgets what was read: it may be no longer what is stored, or nobody needs it. */
  void forget() {
    cached = null;
    cachedId = -1;
    ahead = null;
  }

  private boolean isCached(StoredFile file, long offset) {
    return cached != null
        && cachedId == file.id()
        && offset >= cachedStart
        && offset < cachedStart + cached.getLength();
  }

  /**
   * Fetches the chunk at an offset and those behind it, up to {@link Changes#CHUNK_BYTES}, and
   * begins to fetch as many more.
   */
  private Uint8Array fetch(StoredFile file, long offset) {
    int first = file.chunkAt(offset);
    int last = file.lastWithin(first, Changes.CHUNK_BYTES);
    long start = file.chunkStart(first);
    boolean isAhead = aheadId == file.id() && aheadStart == start;
    JSObject reading = isAhead ? ahead : null;
    forget();
    Uint8Array bytes = fetched(file, first, reading == null ? begin(file, first, last) : reading);
    cached = bytes;
    cachedId = file.id();
    cachedStart = start;
    if (start + bytes.getLength() == file.chunkEnd(last)) {
      readAhead(file, last + 1);
    }
    return bytes;
  }

  /** What was fetched, or the first of those chunks where one of them cannot be read. */
  private Uint8Array fetched(StoredFile file, int first, JSObject reading) {
    try {
      return session.connection().await(reading);
    } catch (JsFailure e) {
      if (!e.name().equals(IdbConnection.UNREADABLE)) {
        throw failure(file, first, e);
      }
    }
    return readChunk(file, first);
  }

  private void readAhead(StoredFile file, int first) {
    if (first < file.chunkCount()) {
      ahead = begin(file, first, file.lastWithin(first, Changes.CHUNK_BYTES));
      aheadId = file.id();
      aheadStart = file.chunkStart(first);
    }
  }

  private JSObject begin(StoredFile file, int first, int last) {
    return session.connection().read(file.id(), file.chunkStart(first), file.chunkEnd(last));
  }

  /** A record that does not hold or cannot be read is a damaged part, as a flipped bit is. */
  private RuntimeException failure(StoredFile file, int chunk, JsFailure failure) {
    return switch (failure.name()) {
      case IdbConnection.MALFORMED ->
          new CorruptDataException(file.name(), file.chunkStart(chunk), failure.text());
      case IdbConnection.UNREADABLE ->
          new CorruptDataException(
              file.name(),
              file.chunkStart(chunk),
              "the browser cannot read the record that begins there (" + failure.text() + ")");
      default -> session.failure("read", failure);
    };
  }
}
