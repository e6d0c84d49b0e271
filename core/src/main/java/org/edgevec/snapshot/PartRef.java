package org.edgevec.snapshot;

import org.edgevec.storage.StoreFiles;

/**
 * The file of a {@linkplain DerivedPart derived part} as a manifest names it.
 *
 * @param kind what it holds
 * @param number which of its kind
 * @param fileBytes how long the file is
 * @param headerCrc the CRC in its header, so that only that very file will do
 */
record PartRef(StoreFiles.Kind kind, long number, long fileBytes, int headerCrc) {

  String fileName() {
    return kind.name(number);
  }
}
