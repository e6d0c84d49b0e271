package org.edgevec.table;

import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.MalformedException;

/**
 * The records of one log frame, decoded as far as that makes objects: {@link Table#apply applying}
 * them to a table that has room makes none, so that what is logged is not lost to a heap that is
 * full.
 */
public final class Records {

  /** The bytes of the shortest one: a delete of an id of one byte. */
  private static final int MIN_BYTES = 4;

  private final byte[] payload;
  private final String[] ids;

  /** Encoded, by record; null where one deletes. */
  private final byte[][] metadata;

  /** Where in the payload a vector begins. */
  private final int[] vectorAt;

  private int puts;
  private int formatVersion = MetadataCodec.FIRST_VERSION;

  private Records(byte[] payload, int count) {
    this.payload = payload;
    this.ids = new String[count];
    this.metadata = new byte[count][];
    this.vectorAt = new int[count];
  }

  /**
   * Decodes a part of an array, which must not change until the records are applied. The vectors'
   * components are not looked at.
   *
   * @param count how many records there should be
   * @throws MalformedException if it is not what {@link RecordCodec} writes
   */
  public static Records decode(byte[] payload, int offset, int length, int count, int dimension) {
    if (count < 0 || count > length / MIN_BYTES) {
      throw new MalformedException(count + " records in " + length + " bytes");
    }
    ByteReader in = new ByteReader(payload, offset, length);
    Records records = new Records(payload, count);
    for (int i = 0; i < count; i++) {
      records.read(in, i, dimension);
    }
    in.expectEnd("the last record");
    return records;
  }

  private void read(ByteReader in, int record, int dimension) {
    int type = in.u8();
    if (type != RecordCodec.PUT && type != RecordCodec.DELETE) {
      throw new MalformedException("record type " + type);
    }
    int idLength = in.u16();
    if (type == RecordCodec.DELETE) {
      ids[record] = RecordCodec.readId(in, idLength);
      return;
    }
    int metadataLength = in.count("a metadata length", MetadataCodec.MAX_BYTES);
    ids[record] = RecordCodec.readId(in, idLength);
    byte[] encoded = in.bytes(metadataLength);
    formatVersion = Math.max(formatVersion, MetadataCodec.check(encoded));
    metadata[record] = encoded;
    vectorAt[record] = in.take(4 * dimension);
    puts++;
  }

  /** The bytes that they were decoded from. */
  public byte[] payload() {
    return payload;
  }

  /** How many there are. */
  public int count() {
    return ids.length;
  }

  /** The lowest format version of a file that may hold them. */
  public int formatVersion() {
    return formatVersion;
  }

  /** How many of them put, and need an ordinal each. */
  public int puts() {
    return puts;
  }

  boolean isPut(int record) {
    return metadata[record] != null;
  }

  String id(int record) {
    return ids[record];
  }

  /** Encoded; of one that puts. */
  byte[] metadata(int record) {
    return metadata[record];
  }

  /** Where in the payload its vector begins; of one that puts. */
  int vectorAt(int record) {
    return vectorAt[record];
  }
}
