package org.edgevec.table;

import java.util.List;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metric;
import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.edgevec.vector.Vectors;
import org.jspecify.annotations.Nullable;

/**
 * Validates changes and encodes them as the payload of one log frame; docs/format.md, "Records", is
 * the byte table. {@link Records} decodes it.
 */
public final class RecordCodec {

  /** The most bytes that the payload of one frame may take. */
  public static final int MAX_PAYLOAD_BYTES = 64 << 20;

  /** The longest id, in bytes of UTF-8. */
  public static final int MAX_ID_BYTES = 512;

  static final int PUT = 1;
  static final int DELETE = 2;

  private RecordCodec() {}

  /**
   * Encodes a batch. Whatever somebody else does meanwhile to the vectors or the list: what is
   * encoded was checked, and is what the counts say.
   *
   * @throws InvalidInputException naming the first change that cannot be stored, and why
   */
  public static Records encode(List<Change> changes, int dimension, Metric metric) {
    Object[] all = changes.toArray();
    byte[] payload = payload(all, dimension, metric);
    return Records.decode(payload, 0, payload.length, all.length, dimension);
  }

  /** Refuses a batch that {@link #encode} would refuse. */
  public static void check(List<Change> changes, int dimension, Metric metric) {
    payload(changes.toArray(), dimension, metric);
  }

  private static byte[] payload(Object[] all, int dimension, Metric metric) {
    ByteWriter out = new ByteWriter(all.length == 1 ? 4 * dimension + 256 : 64 << 10);
    float[] vector = new float[dimension];
    for (Object change : all) {
      if (change instanceof Change.Put put) {
        encode(out, put, vector, metric);
      } else if (change instanceof Change.Delete delete) {
        encode(out, delete);
      } else {
        throw new InvalidInputException(
            Code.INVALID_BATCH,
            "The batch was changed while it was written; let one thread at a time use it.");
      }
      if (out.size() > MAX_PAYLOAD_BYTES) {
        throw new InvalidInputException(
            Code.INVALID_BATCH,
            "The batch takes more than "
                + MAX_PAYLOAD_BYTES
                + " bytes; write it as several smaller ones.");
      }
    }
    return out.toByteArray();
  }

  private static void encode(ByteWriter out, Change.Put put, float[] vector, Metric metric) {
    byte[] id = encodeId(put.id());
    copyChecked(put.vector(), vector, metric, "The vector of \"" + Utf8.shortened(put.id()) + "\"");
    byte[] metadata = put.metadata().toBytes();
    out.u8(PUT);
    out.u16(id.length);
    out.u32(metadata.length);
    out.bytes(id);
    out.bytes(metadata);
    out.floats(vector, 0, vector.length);
  }

  private static void encode(ByteWriter out, Change.Delete delete) {
    byte[] id = encodeId(delete.id());
    out.u8(DELETE);
    out.u16(id.length);
    out.bytes(id);
  }

  private static byte[] encodeId(String id) {
    // None that is longer takes fewer bytes, and encoding one of any length takes memory.
    if (id.length() > MAX_ID_BYTES) {
      throw tooLong(id, "more than " + MAX_ID_BYTES);
    }
    byte @Nullable [] bytes = Utf8.encode(id);
    if (bytes == null) {
      throw new InvalidInputException(
          Code.INVALID_ID,
          "The id \""
              + Utf8.shortened(id)
              + "\" holds half of a surrogate pair, which is not text.");
    }
    if (bytes.length == 0) {
      throw new InvalidInputException(
          Code.INVALID_ID, "The id is empty; use 1 to " + MAX_ID_BYTES + " bytes of UTF-8.");
    }
    if (bytes.length > MAX_ID_BYTES) {
      throw tooLong(id, String.valueOf(bytes.length));
    }
    return bytes;
  }

  private static InvalidInputException tooLong(String id, String bytes) {
    return new InvalidInputException(
        Code.INVALID_ID,
        "The id \""
            + Utf8.shortened(id)
            + "\" takes "
            + bytes
            + " bytes; at most "
            + MAX_ID_BYTES
            + " are possible.");
  }

  /**
   * A copy of a vector, which can be stored and searched with whatever becomes of the caller's.
   *
   * @param what how the message names it
   * @throws InvalidInputException if the vector cannot
   */
  public static float[] checkedCopy(float[] given, int dimension, Metric metric, String what) {
    float[] vector = new float[dimension];
    copyChecked(given, vector, metric, what);
    return vector;
  }

  private static void copyChecked(float[] given, float[] vector, Metric metric, String what) {
    int dimension = vector.length;
    if (given.length != dimension) {
      throw new InvalidInputException(
          Code.INVALID_DIMENSION,
          what
              + " has "
              + given.length
              + " components; this database holds vectors of "
              + dimension
              + ".");
    }
    System.arraycopy(given, 0, vector, 0, dimension);
    for (int i = 0; i < dimension; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new InvalidInputException(
            Code.INVALID_VECTOR,
            what
                + " has "
                + nameOf(vector[i])
                + " at index "
                + i
                + "; only finite numbers are possible.");
      }
    }
    double norm = Vectors.norm(vector, 0, dimension);
    if (!Vectors.isScorable(norm, metric)) {
      throw new InvalidInputException(
          Code.INVALID_VECTOR,
          what
              + (norm == 0 ? " is a zero vector" : norm < 1 ? " is too short" : " is too long")
              + limitOf(metric));
    }
  }

  private static String limitOf(Metric metric) {
    return switch (metric) {
      case L2 -> "; under L2 its length must be at most 9.2e18, or distances are not finite.";
      case COSINE ->
          "; under COSINE its length must be between 1e-30 and 1e30, or it points nowhere.";
      case DOT -> "; under DOT its length must be at most 1.8e19, or products are not finite.";
    };
  }

  /** A number that is not finite. Spelt out: formatting numbers costs the browser 10 KB. */
  private static String nameOf(float value) {
    return Float.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  /** Reads an id of so many bytes. */
  static String readId(ByteReader in, int length) {
    if (length < 1 || length > MAX_ID_BYTES) {
      throw new MalformedException("an id of " + length + " bytes");
    }
    return Utf8.decode(in.array(), in.take(length), length);
  }

  /**
   * Refuses a vector that {@link #encode} would not have written, for bytes may be anybody's. Its
   * norm tells: squares of floats, summed in doubles, are finite exactly when the floats are.
   *
   * @throws MalformedException if a vector of that norm cannot be stored
   */
  public static void checkNorm(double norm, Metric metric) {
    if (!Double.isFinite(norm)) {
      throw new MalformedException("a vector that is not finite");
    }
    if (metric == Metric.COSINE && !Vectors.isDirection(norm)) {
      throw new MalformedException("a vector without a direction");
    }
  }

  /**
   * The id of an entry that was read.
   *
   * @throws MalformedException if the id or the metadata is none that can be stored
   */
  public static String checkedId(byte[] encodedId, byte[] encodedMetadata) {
    String id = readId(new ByteReader(encodedId, 0, encodedId.length), encodedId.length);
    MetadataCodec.check(encodedMetadata);
    return id;
  }
}
