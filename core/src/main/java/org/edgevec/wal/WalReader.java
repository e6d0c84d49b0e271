package org.edgevec.wal;

import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.FileHeader;
import org.edgevec.wal.WalFormat.FrameHeader;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log file, frame by frame, up to its end or the first frame that does not hold.
 *
 * <p>It decides nothing: whether a bad frame is a torn tail or damage depends on what other files
 * attest, and is recovery's to say. Not thread-safe.
 */
public final class WalReader {

  private final BufferedFile file;
  private final long epoch;
  private final Checksum crc = new Checksum();
  private long offset = FileHeader.BYTES;
  private int chain;
  private int otherChain;
  private @Nullable FrameHeader frame;
  private int payloadAt;
  private String problem = "";
  private long foundAt;
  private long attestedBehind = -1;
  private boolean searched;

  /**
   * @param file the file, at least as long as its header
   * @param header its header, decoded
   * @param encodedHeader the same as bytes
   */
  public WalReader(BufferedFile file, FileHeader header, byte[] encodedHeader) {
    this.file = file;
    this.epoch = header.first();
    this.chain = FileHeader.crcOf(encodedHeader);
    this.otherChain = chain;
  }

  /**
   * Reads the next frame, which must be the batch with that sequence.
   *
   * @return false at the end of the file, and at a frame that does not hold; {@link #atEnd} tells
   *     which
   */
  public boolean next(long sequence) {
    frame = null;
    if (atEnd()) {
      return false;
    }
    FrameHeader header = readHeader(offset);
    if (header == null) {
      return false;
    }
    if (header.sequence() != sequence) {
      problem = "batch " + header.sequence() + " stands where batch " + sequence + " should";
      return false;
    }
    return readBody(header);
  }

  private @Nullable FrameHeader readHeader(long at) {
    if (file.size() - at < WalFormat.FRAME_HEADER_BYTES) {
      problem = "the file ends inside a frame's header";
      return null;
    }
    int start = file.at(at, WalFormat.FRAME_HEADER_BYTES);
    byte[] bytes = file.buffer();
    if (LittleEndian.getInt(bytes, start) != WalFormat.headerCrc(crc, bytes, start)) {
      problem = "a frame header's checksum does not match";
      return null;
    }
    return checkHeader(bytes, start);
  }

  private @Nullable FrameHeader checkHeader(byte[] bytes, int start) {
    FrameHeader header =
        new FrameHeader(
            LittleEndian.getInt(bytes, start + 4),
            LittleEndian.getLong(bytes, start + 8),
            LittleEndian.getLong(bytes, start + 16),
            LittleEndian.getLong(bytes, start + 24),
            LittleEndian.getInt(bytes, start + 36));
    boolean known = LittleEndian.getInt(bytes, start + 32) == WalFormat.TYPE_BATCH;
    boolean sized =
        header.payloadLength() >= 0 && header.payloadLength() <= WalFormat.MAX_PAYLOAD_BYTES;
    if (header.epoch() != epoch || !known || !sized || header.count() < 1) {
      problem = "a frame header has values that are not written here";
      return null;
    }
    return header;
  }

  private boolean readBody(FrameHeader header) {
    if (file.size() - offset < header.frameBytes()) {
      problem = "the file ends inside a frame";
      return false;
    }
    int start = file.at(offset, header.frameBytes());
    payloadAt = start + WalFormat.FRAME_HEADER_BYTES;
    int found = LittleEndian.getInt(file.buffer(), payloadAt + header.payloadLength());
    int expected = bodyCrc(start, header, chain);
    if (found != expected && (chain == otherChain || found != bodyCrc(start, header, otherChain))) {
      problem = "a frame's checksum does not match";
      otherChain = expected;
      return false;
    }
    chain = found;
    otherChain = found;
    offset += header.frameBytes();
    frame = header;
    return true;
  }

  private int bodyCrc(int start, FrameHeader header, int before) {
    return WalFormat.bodyCrc(crc, file.buffer(), start, header.payloadLength(), before);
  }

  /** Whether every byte belongs to a frame that held. */
  public boolean atEnd() {
    return offset == file.size();
  }

  /** Where the next frame begins, in bytes from the start of the file. */
  public long offset() {
    return offset;
  }

  /** What was wrong at {@link #offset}, after {@link #next} returned false there. */
  public String problem() {
    return problem;
  }

  private FrameHeader frame() {
    if (frame == null) {
      throw new IllegalStateException("no frame was read");
    }
    return frame;
  }

  /** How many records the frame just read holds. */
  public int count() {
    return frame().count();
  }

  /** The highest sequence that was durable when the frame just read was written. */
  public long syncedSequence() {
    return frame().syncedSequence();
  }

  /** The array with the payload of the frame just read; valid until the next read. */
  public byte[] payload() {
    return file.buffer();
  }

  /** Where in {@link #payload} it begins. */
  public int payloadOffset() {
    return payloadAt;
  }

  /** How many bytes of {@link #payload} it takes. */
  public int payloadLength() {
    return frame().payloadLength();
  }

  /**
   * The highest synced sequence that any intact frame header behind the bad frame attests, or -1.
   * Looks at every byte, because a damaged length may hide where the next frame begins; and only
   * once, for the first bad frame has all others behind it.
   */
  public long attestedBehind() {
    FrameHeader header = searched ? null : findHeader(offset + 1);
    while (header != null) {
      attestedBehind = Math.max(attestedBehind, header.syncedSequence());
      header = findHeader(foundAt + 1);
    }
    searched = true;
    return attestedBehind;
  }

  /**
   * Goes on behind the bad frame, at the next intact frame header of this epoch. What stands before
   * it is the CRC that its frame is chained to, unless that is what was damaged; then it is the one
   * that the bad frame should have had.
   *
   * @return the sequence of the frame there, or -1 if there is none
   */
  public long resume() {
    FrameHeader header = findHeader(offset + 1);
    if (header == null) {
      return -1;
    }
    offset = foundAt;
    int before = file.at(offset - WalFormat.CRC_BYTES, WalFormat.CRC_BYTES);
    chain = LittleEndian.getInt(file.buffer(), before);
    return header.sequence();
  }

  /** The next intact frame header of this epoch, which is then at {@link #foundAt}. */
  private @Nullable FrameHeader findHeader(long from) {
    for (long at = from; at + WalFormat.FRAME_HEADER_BYTES <= file.size(); at++) {
      int start = file.at(at, WalFormat.FRAME_HEADER_BYTES);
      if (LittleEndian.getLong(file.buffer(), start + 8) == epoch) {
        FrameHeader header = readHeader(at);
        if (header != null) {
          foundAt = at;
          return header;
        }
      }
    }
    return null;
  }
}
