package org.edgevec.browser;

/** Snippets that change what the database {@code notes} has stored, behind its back. */
final class StoredBytes {

  /** Makes a file say that it is of version 3, with a header checksum that is right. */
  static final String SET_VERSION_3 =
      """
      bytes[8] = 3;
      let crc = ~0;
      for (const part of [bytes.subarray(0, 12), bytes.subarray(16, 64)]) {
        for (const byte of part) {
          crc ^= byte;
          for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
        }
      }
      new DataView(bytes.buffer).setUint32(12, ~crc >>> 0, true);
      """;

  private StoredBytes() {}

  /**
   * Applies a statement to all {@code bytes} of a file, and stores them again in the same records.
   */
  static String change(String file, String statement) {
    return """
    const db = await new Promise((resolve, reject) => {
      const request = indexedDB.open('edgevec/notes');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const transaction = db.transaction(['files', 'chunks'], 'readwrite');
    const chunks = transaction.objectStore('chunks');
    transaction.objectStore('files').get('%s').onsuccess = ({target: {result: {id}}}) => {
      const range = IDBKeyRange.bound([id], [id, []]);
      const keys = chunks.getAllKeys(range);
      chunks.getAll(range).onsuccess = ({target: {result: parts}}) => {
        const bytes = new Uint8Array(keys.result.at(-1)[2]);
        keys.result.forEach((key, i) => bytes.set(parts[i], key[1]));
        %s
        keys.result.forEach((key) => chunks.put(bytes.slice(key[1], key[2]), key));
      };
    };
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    db.close();
    """
        .formatted(file, statement);
  }
}
