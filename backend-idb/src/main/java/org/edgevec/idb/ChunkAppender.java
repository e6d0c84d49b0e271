package org.edgevec.idb;

import org.edgevec.bytes.ByteWriter;
import org.edgevec.storage.Durability;

/**
 * Stores what was appended to a file as its next chunk, and now and then together with the small
 * chunks before it; see {@link IndexedDbStorage}, "Layout".
 */
final class ChunkAppender {

  private ChunkAppender() {}

  /** Stores the pending bytes of a file in one transaction, and its name, too. */
  static void store(IdbSession session, StoredFile file, Durability durability) {
    if (file.runToMerge().size() > 0) {
      storeMerged(session, file, durability);
    } else {
      storePlain(session, file, durability);
    }
    file.storedPending(Changes.CHUNK_BYTES);
    file.stored(durability == Durability.STRICT);
  }

  private static void storePlain(IdbSession session, StoredFile file, Durability durability) {
    Changes changes = named(file).putChunks(file.id(), file.storedSize(), file.pending());
    session.write(changes, durability, "written");
  }

  /** Takes the last few chunks in, unless there is no room for that. */
  private static void storeMerged(IdbSession session, StoredFile file, Durability durability) {
    ByteWriter run = file.runToMerge();
    long start = file.storedSize() - run.size();
    Changes changes =
        named(file).replaceChunks(file.id(), start, Transfer.joined(run, file.pending()));
    JsFailure failure = session.attempt(changes, durability);
    if (failure == null) {
      return;
    }
    if (!IdbFailures.isFull(failure)) {
      throw session.failure("written", failure);
    }
    file.forgetRun();
    storePlain(session, file, durability);
  }

  /** The file's name: a transaction must change something to be worth a sync. */
  private static Changes named(StoredFile file) {
    return new Changes().putFile(file.name(), file.id());
  }
}
