package org.edgevec.storage;

import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;

/**
 * The first {@value #BYTES} bytes of every file.
 *
 * <pre>
 *  0  magic           8 bytes  "EDGEVEC" and a letter for the kind of file
 *  8  format version  u16
 * 10  header length   u16      64
 * 12  header CRC      u32      CRC32C of bytes 0 to 11 and 16 to 63
 * 16  store id        2 x u64
 * 32  number          u64      of the log file, segment, or snapshot generation
 * 40  first, second, third field   3 x u64   by kind
 * </pre>
 *
 * The place and reach of the magic, version, length and CRC are the same in every version to come,
 * so that a newer version is told from damage.
 *
 * <p>Each kind of file has versions of its own, so that a change of one leaves the others readable
 * for older code.
 *
 * @param kind what the file holds
 * @param version the format version that the file has, or is to be written in
 * @param storeId whose it is
 * @param number which of its kind it is
 * @param first by kind
 * @param second by kind
 * @param third by kind
 */
public record FileHeader(
    Kind kind, int version, StoreId storeId, long number, long first, long second, long third) {

  /** The length of a header in every format version so far. */
  public static final int BYTES = 64;

  private static final int CRC_OFFSET = 12;

  /** What a file holds. */
  public enum Kind {
    /** A piece of the log: epoch, first sequence, synced sequence. */
    WAL('W', 2),
    /** Entries: body length, dimension and metric, count. */
    SEGMENT('S', 2),
    /** The links of a snapshot's entries: body length, m, count of decided ordinals. */
    GRAPH('G', 2),
    /** A snapshot's parts: body length, 0, time of creation. */
    MANIFEST('M', 1),
    /** An attestation: synced sequence, log number, log length. */
    SEAL('L', 1);

    private final long magic;
    private final int newest;

    Kind(char letter, int newest) {
      this.magic = 0x00434556_45474445L | (long) letter << 56;
      this.newest = newest;
    }

    /** The newest format version of such files that this code writes. */
    public int newestVersion() {
      return newest;
    }
  }

  /** A header in the newest version of its kind. */
  public FileHeader(Kind kind, StoreId storeId, long number, long first, long second, long third) {
    this(kind, kind.newest, storeId, number, first, second, third);
  }

  /** The header as bytes. */
  public byte[] encode() {
    ByteWriter out = new ByteWriter(BYTES);
    out.u64(kind.magic);
    out.u16(version);
    out.u16(BYTES);
    out.u32(0);
    out.u64(storeId.high());
    out.u64(storeId.low());
    out.u64(number);
    out.u64(first);
    out.u64(second);
    out.u64(third);
    out.setU32(CRC_OFFSET, crc(out.array(), 0, BYTES));
    return out.toByteArray();
  }

  /** The CRC that an encoded header carries; what follows the header is bound to it. */
  public static int crcOf(byte[] encoded) {
    return LittleEndian.getInt(encoded, CRC_OFFSET);
  }

  /**
   * Reads a header.
   *
   * @param bytes the first {@value #BYTES} bytes of the file
   * @param file the file's name, for messages
   * @throws UnsupportedVersionException if a newer EdgeVec wrote it
   * @throws CorruptDataException if it is not a header of that kind
   */
  public static FileHeader decode(byte[] bytes, String file, Kind kind) {
    long magic = LittleEndian.getLong(bytes, 0);
    if (magic != kind.magic) {
      throw new CorruptDataException(file, 0, "it does not begin as a file of its name should");
    }
    int length = LittleEndian.getShort(bytes, 10);
    int version = LittleEndian.getShort(bytes, 8);
    boolean intact =
        length == BYTES && LittleEndian.getInt(bytes, CRC_OFFSET) == crc(bytes, 0, BYTES);
    if (!intact) {
      throw new CorruptDataException(file, CRC_OFFSET, "its header's checksum does not match");
    }
    if (version > kind.newest) {
      throw new UnsupportedVersionException(file, version, kind.newest);
    }
    if (version < 1) {
      throw new CorruptDataException(file, 8, "its format version is 0");
    }
    return new FileHeader(
        kind,
        version,
        new StoreId(LittleEndian.getLong(bytes, 16), LittleEndian.getLong(bytes, 24)),
        LittleEndian.getLong(bytes, 32),
        LittleEndian.getLong(bytes, 40),
        LittleEndian.getLong(bytes, 48),
        LittleEndian.getLong(bytes, 56));
  }

  /** Insists that a file belongs to the database and is the one that its name says. */
  public void expect(StoreId id, long expectedNumber, String file) {
    if (!storeId.equals(id)) {
      throw new CorruptDataException(file, 16, "it belongs to another database");
    }
    if (number != expectedNumber) {
      throw new CorruptDataException(
          file, 32, "it says that it is number " + number + ", not " + expectedNumber);
    }
  }

  private static int crc(byte[] bytes, int offset, int length) {
    return new Checksum()
        .bytes(bytes, offset, CRC_OFFSET)
        .bytes(bytes, offset + CRC_OFFSET + 4, length - CRC_OFFSET - 4)
        .value();
  }
}
