package org.edgevec.table;

import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;

/**
 * How metadata lies in bytes; docs/format.md, "Metadata", is the byte table. Empty metadata is no
 * bytes. {@link MetadataEncoder} writes it; what is written is all that is taken here, so that
 * equal metadata has equal bytes.
 */
public final class MetadataCodec {

  /** The most bytes that metadata may take. */
  public static final int MAX_BYTES = 1 << 20;

  /** The longest key, in bytes of UTF-8. */
  public static final int MAX_KEY_BYTES = 255;

  /** The most keys of an object. */
  public static final int MAX_KEYS = 0xffff;

  /** So deep lists and objects may be in each other. */
  public static final int MAX_DEPTH = 32;

  /** The farthest point in time from 1970, in seconds: that of JavaScript's {@code Date}. */
  public static final long MAX_SECONDS = 8_640_000_000_000L;

  /**
   * The format version of files whose metadata has nothing but what there was from the first on.
   */
  static final int FIRST_VERSION = 1;

  /** That of files with null, times, lists of all values or objects. */
  static final int NESTED_VERSION = 2;

  static final int STRING = 1;
  static final int LONG = 2;
  static final int DOUBLE = 3;
  static final int BOOLEAN = 4;
  static final int STRINGS = 5;
  static final int NULL = 6;
  static final int TIME = 7;
  static final int LIST = 8;
  static final int OBJECT = 9;

  private static final int NANOS = 1_000_000_000;

  /** Metadata without values. */
  static final byte[] NONE = new byte[0];

  private MetadataCodec() {}

  /** Insists that texts are texts, and makes nothing of them. */
  private static final class Check implements MetadataVisitor {
    static final Check INSTANCE = new Check();

    @Override
    public void key(byte[] source, int offset, int length) {
      Utf8.check(source, offset, length);
    }

    @Override
    public void text(byte[] source, int offset, int length) {
      Utf8.check(source, offset, length);
    }
  }

  /**
   * Insists that bytes are metadata, and returns as {@link #visit} does.
   *
   * @throws MalformedException if they are not what is written
   */
  public static int check(byte[] bytes) {
    return visit(bytes, Check.INSTANCE);
  }

  /** Looks at nothing. */
  private static final MetadataVisitor NOBODY = new MetadataVisitor() {};

  /** The lowest format version of a file that may hold metadata, which was checked. */
  public static int formatVersion(byte[] bytes) {
    return visit(bytes, NOBODY);
  }

  /**
   * Tells what bytes hold, key by key.
   *
   * @return the lowest format version of a file that may hold them
   * @throws MalformedException if they are not what is written, but for texts that are no UTF-8;
   *     some of it may have been told then
   */
  public static int visit(byte[] bytes, MetadataVisitor visitor) {
    if (bytes.length == 0) {
      return FIRST_VERSION;
    }
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    int count = in.u16();
    if (count == 0) {
      throw new MalformedException("metadata of no keys, which is no bytes");
    }
    int version = visitKeys(in, count, visitor, 0);
    in.expectEnd("metadata");
    return version;
  }

  private static int visitKeys(ByteReader in, int count, MetadataVisitor visitor, int depth) {
    byte[] bytes = in.array();
    int version = FIRST_VERSION;
    int previousAt = 0;
    int previousLength = 0;
    for (int i = 0; i < count; i++) {
      int length = in.u8();
      int at = in.take(length);
      visitor.key(bytes, at, length);
      if (Utf8.compare(bytes, at, length, previousAt, previousLength) <= 0) {
        throw new MalformedException("metadata keys that are not in order");
      }
      version = Math.max(version, visitValue(in, in.u8(), visitor, depth));
      previousAt = at;
      previousLength = length;
    }
    return version;
  }

  private static int visitValue(ByteReader in, int type, MetadataVisitor visitor, int depth) {
    switch (type) {
      case STRING -> visitText(in, visitor);
      case LONG -> visitor.number(in.u64());
      case DOUBLE -> visitor.number(Double.longBitsToDouble(in.u64()));
      case BOOLEAN -> visitor.truth(truth(in.u8()));
      case STRINGS -> visitTexts(in, visitor);
      default -> {
        visitNewer(in, type, visitor, depth);
        return NESTED_VERSION;
      }
    }
    return FIRST_VERSION;
  }

  private static void visitNewer(ByteReader in, int type, MetadataVisitor visitor, int depth) {
    if (type >= LIST && depth == MAX_DEPTH) {
      throw new MalformedException("metadata that nests deeper than " + MAX_DEPTH + " levels");
    }
    switch (type) {
      case NULL -> visitor.nothing();
      case TIME -> visitTime(in, visitor);
      case LIST -> visitValues(in, visitor, depth + 1);
      case OBJECT -> {
        int count = in.u16();
        visitor.object(count);
        visitKeys(in, count, visitor, depth + 1);
      }
      default -> throw new MalformedException("metadata type " + type);
    }
  }

  private static void visitTime(ByteReader in, MetadataVisitor visitor) {
    long seconds = in.u64();
    int nanos = in.count("nanoseconds", NANOS - 1);
    if (!isTime(seconds, nanos)) {
      throw new MalformedException("a time out of range");
    }
    visitor.time(seconds, nanos);
  }

  static boolean isTime(long seconds, int nanos) {
    return seconds >= -MAX_SECONDS
        && (seconds < MAX_SECONDS || seconds == MAX_SECONDS && nanos == 0);
  }

  private static boolean truth(int value) {
    if (value > 1) {
      throw new MalformedException("a truth value of " + value);
    }
    return value == 1;
  }

  private static void visitTexts(ByteReader in, MetadataVisitor visitor) {
    int count = in.count("a list length", MAX_BYTES / 4);
    visitor.list(count);
    for (int i = 0; i < count; i++) {
      visitText(in, visitor);
    }
  }

  private static void visitValues(ByteReader in, MetadataVisitor visitor, int depth) {
    int count = in.count("a list length", MAX_BYTES);
    visitor.list(count);
    boolean hasOthers = false;
    for (int i = 0; i < count; i++) {
      int type = in.u8();
      hasOthers |= type != STRING;
      visitValue(in, type, visitor, depth);
    }
    if (!hasOthers) {
      throw new MalformedException("a list of strings that is not written as one");
    }
  }

  private static void visitText(ByteReader in, MetadataVisitor visitor) {
    int length = in.count("a text length", MAX_BYTES);
    visitor.text(in.array(), in.take(length), length);
  }
}
