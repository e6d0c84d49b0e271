package org.edgevec.wal;

import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.Checksum;
import org.edgevec.table.RecordCodec;

/**
 * The layout of a log file: a file header, then frames. One frame is one batch.
 *
 * <pre>
 *  0  header CRC       u32  CRC32C of bytes 4 to 39
 *  4  payload length   u32
 *  8  epoch            u64  as in the file header; random, so old bytes are never taken for new
 * 16  sequence         u64  one more than the batch before
 * 24  synced sequence  u64  the highest sequence whose strict sync had returned
 * 32  type             u8   1: a batch
 * 33  reserved         3 bytes, 0
 * 36  count            u32  records in the payload
 * 40  payload
 *     body CRC         u32  CRC32C of the CRC before it, the frame's 40 bytes, and the payload
 * </pre>
 *
 * The header has a checksum of its own so that the length is trustworthy before anything is
 * allocated. "The CRC before it" is the body CRC of the frame before, or the file header's CRC: a
 * frame fits in one place only.
 */
final class WalFormat {

  static final int FRAME_HEADER_BYTES = 40;
  static final int CRC_BYTES = 4;
  static final int TYPE_BATCH = 1;
  static final int MAX_PAYLOAD_BYTES = RecordCodec.MAX_PAYLOAD_BYTES;

  private WalFormat() {}

  /** What a frame's header says. */
  record FrameHeader(int payloadLength, long epoch, long sequence, long syncedSequence, int count) {

    /** The whole frame's length in bytes. */
    int frameBytes() {
      return FRAME_HEADER_BYTES + payloadLength + CRC_BYTES;
    }
  }

  /**
   * Appends one frame to {@code out}.
   *
   * @param chain the CRC before it
   * @return the frame's body CRC, which the next frame chains to
   */
  static int encode(ByteWriter out, Checksum crc, FrameHeader header, byte[] payload, int chain) {
    int start = out.size();
    out.u32(0);
    out.u32(header.payloadLength());
    out.u64(header.epoch());
    out.u64(header.sequence());
    out.u64(header.syncedSequence());
    out.u32(TYPE_BATCH);
    out.u32(header.count());
    out.setU32(start, headerCrc(crc, out.array(), start));
    out.bytes(payload);
    int bodyCrc = bodyCrc(crc, out.array(), start, payload.length, chain);
    out.u32(bodyCrc);
    return bodyCrc;
  }

  static int headerCrc(Checksum crc, byte[] bytes, int frameStart) {
    return crc.reset().bytes(bytes, frameStart + 4, FRAME_HEADER_BYTES - 4).value();
  }

  static int bodyCrc(Checksum crc, byte[] bytes, int frameStart, int payloadLength, int chain) {
    return crc.reset()
        .u32(chain)
        .bytes(bytes, frameStart, FRAME_HEADER_BYTES + payloadLength)
        .value();
  }
}
