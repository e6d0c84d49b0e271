package org.edgevec.snapshot;

import org.edgevec.storage.StoreFiles;

/**
 * A graph file as a manifest names it.
 *
 * @param number which graph file
 * @param fileBytes how long the file is
 * @param headerCrc the CRC in its header, so that only that very file will do
 */
record GraphRef(long number, long fileBytes, int headerCrc) {

  String fileName() {
    return StoreFiles.Kind.GRAPH.name(number);
  }
}
