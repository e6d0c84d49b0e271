package org.edgevec.snapshot;

import org.edgevec.storage.StoreFiles;

/**
 * A segment as a manifest names it.
 *
 * @param number which segment file
 * @param count how many entries it holds, live and dead
 * @param fileBytes how long the file is
 * @param headerCrc the CRC in its header, so that only that very file will do
 */
record SegmentRef(long number, int count, long fileBytes, int headerCrc) {

  String fileName() {
    return StoreFiles.Kind.SEGMENT.name(number);
  }
}
