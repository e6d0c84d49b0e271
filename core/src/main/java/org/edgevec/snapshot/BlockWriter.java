package org.edgevec.snapshot;

import java.util.Objects;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StorageBackend.Sink;
import org.edgevec.vector.VectorArena;

/**
 * Writes a file header and then a body in blocks of {@value #BLOCK_BYTES} bytes, each closed by a
 * CRC32C of the header's CRC, the block's index and its bytes; the last block may be shorter.
 *
 * <p>So every byte is under a checksum, damage is found at a place, and a block that was moved,
 * doubled or taken from another file does not fit. Not thread-safe.
 */
final class BlockWriter {

  /** Body bytes of a block; a multiple of four, so that no float is cut. */
  static final int PAYLOAD_BYTES = 65_532;

  static final int CRC_BYTES = 4;

  /** A full block in the file. */
  static final int BLOCK_BYTES = PAYLOAD_BYTES + CRC_BYTES;

  private final Sink sink;
  private final int headerCrc;
  private final Checksum crc = new Checksum();
  private final byte[] block = new byte[BLOCK_BYTES];
  private final long fileBytes;
  private final ProgressListener listener;
  private int used;
  private int index;

  /**
   * @param fileBytes how long the file will be, for the listener
   */
  BlockWriter(Sink sink, byte[] header, long fileBytes, ProgressListener listener) {
    this.sink = sink;
    this.fileBytes = fileBytes;
    this.listener = listener;
    this.headerCrc = FileHeader.crcOf(header);
    sink.write(header, 0, header.length);
  }

  /** The length of a file with a body of that many bytes. */
  static long fileBytes(long bodyBytes) {
    long blocks = (bodyBytes + PAYLOAD_BYTES - 1) / PAYLOAD_BYTES;
    return FileHeader.BYTES + bodyBytes + blocks * CRC_BYTES;
  }

  static int crc(Checksum crc, int headerCrc, int index, byte[] bytes, int offset, int length) {
    return crc.reset().u32(headerCrc).u32(index).bytes(bytes, offset, length).value();
  }

  void u8(int value) {
    makeRoom();
    block[used++] = (byte) value;
  }

  void u16(int value) {
    u8(value);
    u8(value >>> 8);
  }

  void u32(int value) {
    u16(value);
    u16(value >>> 16);
  }

  void u64(long value) {
    u32((int) value);
    u32((int) (value >>> 32));
  }

  void bytes(byte[] source) {
    int offset = 0;
    while (offset < source.length) {
      makeRoom();
      int part = Math.min(source.length - offset, PAYLOAD_BYTES - used);
      System.arraycopy(source, offset, block, used, part);
      used += part;
      offset += part;
    }
  }

  /** Writes a vector; the body must be at a multiple of four bytes. */
  void vector(VectorArena vectors, int ordinal) {
    int done = 0;
    while (done < vectors.dimension()) {
      makeRoom();
      int part = Math.min(vectors.dimension() - done, (PAYLOAD_BYTES - used) / Float.BYTES);
      vectors.write(ordinal, done, block, used, part);
      used += part * Float.BYTES;
      done += part;
    }
  }

  /** Writes 32-bit numbers; the body must be at a multiple of four bytes. */
  void ints(int[] source, int start, int count) {
    Objects.checkFromIndexSize(start, count, source.length);
    int done = 0;
    while (done < count) {
      makeRoom();
      int part = Math.min(count - done, (PAYLOAD_BYTES - used) / Integer.BYTES);
      LittleEndian.putInts(source, start + done, block, used, part);
      used += part * Integer.BYTES;
      done += part;
    }
  }

  private void makeRoom() {
    if (used == PAYLOAD_BYTES) {
      flush();
    }
  }

  private void flush() {
    LittleEndian.putInt(block, used, crc(crc, headerCrc, index, block, 0, used));
    sink.write(block, 0, used + CRC_BYTES);
    used = 0;
    index++;
    listener.progress(
        Math.min(fileBytes, FileHeader.BYTES + index * (long) BLOCK_BYTES), fileBytes);
  }

  /** Writes the last block. */
  void finish() {
    if (used > 0) {
      flush();
    }
  }
}
