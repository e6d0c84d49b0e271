package org.edgevec.snapshot;

import java.util.Objects;
import org.edgevec.Metric;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.edgevec.contents.Contents;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.table.EntryView;
import org.edgevec.table.MetadataCodec;
import org.edgevec.vector.VectorArena;

/**
 * The layout of a segment file: an immutable run of entries by ordinal.
 *
 * <pre>
 * header: body length, dimension (low 32 bits) and metric (high 32 bits), count
 * body, in blocks:
 *   vectors   count x dimension x f32
 *   entries   count x { id length u16, metadata length u32, id, metadata }
 * </pre>
 */
final class SegmentFormat {

  private static final int MAX_METADATA_BYTES = 1 << 20;

  /** As much memory is taken for vectors before a block was checked; more than any vector. */
  private static final int FIRST_VECTORS_BYTES = 1 << 20;

  private SegmentFormat() {}

  /**
   * Writes ordinals [from, to) of a view as segment {@code number}, and returns its reference.
   *
   * @param listener told of the bytes of the file
   */
  static SegmentRef write(
      StorageBackend storage,
      StoreId id,
      long number,
      Metric metric,
      EntryView view,
      int from,
      int to,
      ProgressListener listener) {
    int dimension = view.vectors().dimension();
    long bodyBytes = bodyBytes(view, from, to);
    long fileBytes = BlockWriter.fileBytes(bodyBytes);
    long shape = dimension | (long) metric.formatCode() << 32;
    byte[] header =
        new FileHeader(
                FileHeader.Kind.SEGMENT,
                formatVersion(view, from, to),
                id,
                number,
                bodyBytes,
                shape,
                to - from)
            .encode();
    storage.atomicWrite(
        StoreFiles.Kind.SEGMENT.name(number),
        sink -> writeBody(new BlockWriter(sink, header, fileBytes, listener), view, from, to));
    return new SegmentRef(number, to - from, fileBytes, FileHeader.crcOf(header));
  }

  /** The lowest that suffices for the metadata. */
  private static int formatVersion(EntryView view, int from, int to) {
    int version = 1;
    for (int ordinal = from; ordinal < to; ordinal++) {
      version = Math.max(version, MetadataCodec.formatVersion(view.metadata()[ordinal]));
    }
    return version;
  }

  private static long bodyBytes(EntryView view, int from, int to) {
    long sum = (long) (to - from) * (view.vectors().dimension() * Float.BYTES + 6);
    for (int ordinal = from; ordinal < to; ordinal++) {
      sum += Utf8.length(view.ids()[ordinal]) + view.metadata()[ordinal].length;
    }
    return sum;
  }

  private static void writeBody(BlockWriter out, EntryView view, int from, int to) {
    VectorArena vectors = view.vectors();
    for (int ordinal = from; ordinal < to; ordinal++) {
      out.vector(vectors, ordinal);
    }
    for (int ordinal = from; ordinal < to; ordinal++) {
      byte[] id = Objects.requireNonNull(Utf8.encode(view.ids()[ordinal]));
      byte[] metadata = view.metadata()[ordinal];
      out.u16(id.length);
      out.u32(metadata.length);
      out.bytes(id);
      out.bytes(metadata);
    }
    out.finish();
  }

  /**
   * Loads a segment's entries behind those that the contents have.
   *
   * @param dead which of its entries are dead, as bits
   * @throws CorruptDataException if it is not the segment that the manifest names, or damaged
   */
  static void load(
      StorageBackend storage, StoreId id, SegmentRef ref, long[] dead, Contents contents) {
    int dimension = contents.dimension();
    BlockReader in = open(storage, id, ref, dimension, contents.metric());
    try {
      read(in, ref.count(), dimension, new EntryLoad(contents, contents.ordinalCount(), dead));
    } catch (MalformedException e) {
      throw new CorruptDataException(ref.fileName(), in.fileOffset(), e.what());
    }
  }

  /**
   * A reader of a segment's body.
   *
   * @throws CorruptDataException if its header or its length is not what the manifest says
   */
  static BlockReader open(
      StorageBackend storage, StoreId id, SegmentRef ref, int dimension, Metric metric) {
    String name = ref.fileName();
    BufferedFile file = new BufferedFile(storage, name);
    byte[] encoded = file.header();
    FileHeader header = FileHeader.decode(encoded, name, FileHeader.Kind.SEGMENT);
    header.expect(id, ref.number(), name);
    long shape = dimension | (long) metric.formatCode() << 32;
    boolean same =
        FileHeader.crcOf(encoded) == ref.headerCrc()
            && file.size() == ref.fileBytes()
            && header.third() == ref.count()
            && header.second() == shape;
    if (!same) {
      throw new CorruptDataException(name, 0, "it is not the segment that the manifest names");
    }
    return new BlockReader(file, encoded, header.first());
  }

  /**
   * Reads a body.
   *
   * @throws CorruptDataException if a block does not hold
   * @throws MalformedException if the blocks hold, and what they say cannot be
   */
  static void read(BlockReader in, int count, int dimension, EntryTarget target) {
    if ((long) count * (dimension * Float.BYTES + 7L) > in.remaining()) {
      throw new MalformedException("too short for " + count + " entries");
    }
    int reserved = 0;
    for (int i = 0; i < count; i++) {
      if (i == reserved) {
        // Only as blocks hold: a file may be long and have nothing in it.
        reserved = i >= count / 4 ? count : Math.max(2 * i, FIRST_VECTORS_BYTES / (dimension * 4));
        reserved = Math.min(reserved, count);
        target.reserve(reserved);
      }
      in.floats(target, i, dimension);
      target.vectorRead(i);
    }
    for (int i = 0; i < count; i++) {
      int idLength = in.u16();
      int metadataLength = in.count("a metadata length", MAX_METADATA_BYTES);
      byte[] id = in.bytes(idLength);
      target.add(i, id, in.bytes(metadataLength));
    }
    in.expectEnd();
  }
}
