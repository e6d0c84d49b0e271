package org.edgevec.storage;

import java.util.List;

/** A storage that only reads, and notes each read as {@code offset+length}. */
final class ReadLog extends ReadingStorage {

  private final List<String> reads;

  ReadLog(StorageBackend inner, List<String> reads) {
    super(inner);
    this.reads = reads;
  }

  @Override
  public void read(String name, long offset, byte[] target, int targetOffset, int length) {
    reads.add(offset + "+" + length);
    super.read(name, offset, target, targetOffset, length);
  }
}
