package org.edgevec.wal;

import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;

/**
 * An attestation, in a file of its own, that the log was durable up to a sequence.
 *
 * <p>A frame attests only what was synced before it was written, so the newest frames are attested
 * by nobody until more are written. The seal, replaced when the database is idle and when it is
 * closed, closes that gap: a log that ends before what it says has lost acknowledged batches. It is
 * a file rather than a last frame because a cut that takes the last frames would take such a frame,
 * too. It stays true for ever, and so is never deleted.
 */
public final class Seal {

  private Seal() {}

  static void write(StorageBackend storage, StoreId id, long synced, long number, long size) {
    byte[] bytes = new FileHeader(FileHeader.Kind.SEAL, id, 0, synced, number, size).encode();
    storage.atomicWrite(StoreFiles.SEAL, sink -> sink.write(bytes, 0, bytes.length));
  }

  /**
   * The sequence that the seal attests.
   *
   * @param file the seal's file
   * @throws CorruptDataException if it is damaged or another database's
   */
  public static long read(BufferedFile file, StoreId id) {
    FileHeader header = FileHeader.decode(file.header(), StoreFiles.SEAL, FileHeader.Kind.SEAL);
    header.expect(id, 0, StoreFiles.SEAL);
    if (file.size() != FileHeader.BYTES) {
      throw new CorruptDataException(
          StoreFiles.SEAL, FileHeader.BYTES, "it is longer than a seal is");
    }
    return header.first();
  }
}
