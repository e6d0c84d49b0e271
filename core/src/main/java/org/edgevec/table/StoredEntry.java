package org.edgevec.table;

import org.edgevec.Entry;
import org.edgevec.Metadata;

/**
 * An entry as it was under the lock, which is not needed to decode it.
 *
 * @param metadata encoded
 */
@SuppressWarnings("ArrayRecordComponent") // on their way to an entry
public record StoredEntry(String id, float[] vector, byte[] metadata) {

  /** The entry, decoded. */
  public Entry entry() {
    return Entry.of(id, vector, Metadata.fromBytes(metadata));
  }
}
