package org.edgevec.snapshot;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.edgevec.Metric;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageBackend.Sink;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.table.Bits;
import org.edgevec.table.Table;
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

  private SegmentFormat() {}

  /** Writes ordinals [from, to) of a view as segment {@code number}, and returns its reference. */
  static SegmentRef write(
      StorageBackend storage,
      StoreId id,
      long number,
      Metric metric,
      Table.View view,
      int from,
      int to) {
    return write(storage, id, number, metric, view, from, to, UnaryOperator.identity());
  }

  /**
   * The same, through another sink.
   *
   * @param through makes it of the storage's
   */
  static SegmentRef write(
      StorageBackend storage,
      StoreId id,
      long number,
      Metric metric,
      Table.View view,
      int from,
      int to,
      UnaryOperator<Sink> through) {
    int dimension = view.vectors().dimension();
    long bodyBytes = bodyBytes(view, from, to);
    long shape = dimension | (long) metric.formatCode() << 32;
    byte[] header =
        new FileHeader(FileHeader.Kind.SEGMENT, id, number, bodyBytes, shape, to - from).encode();
    storage.atomicWrite(
        StoreFiles.Kind.SEGMENT.name(number),
        sink -> writeBody(new BlockWriter(through.apply(sink), header), view, from, to));
    return new SegmentRef(
        number, to - from, BlockWriter.fileBytes(bodyBytes), FileHeader.crcOf(header));
  }

  /** How long the file for ordinals [from, to) is. */
  static long fileBytes(Table.View view, int from, int to) {
    return BlockWriter.fileBytes(bodyBytes(view, from, to));
  }

  private static long bodyBytes(Table.View view, int from, int to) {
    long sum = (long) (to - from) * (view.vectors().dimension() * Float.BYTES + 6);
    for (int ordinal = from; ordinal < to; ordinal++) {
      sum += Utf8.length(view.ids()[ordinal]) + view.metadata()[ordinal].length;
    }
    return sum;
  }

  private static void writeBody(BlockWriter out, Table.View view, int from, int to) {
    VectorArena vectors = view.vectors();
    for (int ordinal = from; ordinal < to; ordinal++) {
      out.floats(vectors.chunk(ordinal), vectors.start(ordinal), vectors.dimension());
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
   * Loads a segment's entries behind those that the table has.
   *
   * @param dead which of its entries are dead, as bits
   * @throws CorruptDataException if it is not the segment that the manifest names, or damaged
   */
  static void load(StorageBackend storage, StoreId id, SegmentRef ref, long[] dead, Table table) {
    BlockReader in = open(storage, id, ref, table.dimension(), table.metric());
    try {
      loadBody(in, ref.count(), dead, table);
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

  private static void loadBody(BlockReader in, int count, long[] dead, Table table) {
    int dimension = table.dimension();
    expectRoom(in, count, dimension);
    table.reserve(count);
    int base = table.ordinalCount();
    VectorArena vectors = table.vectors();
    for (int i = 0; i < count; i++) {
      in.floats(vectors.chunk(base + i), vectors.start(base + i), dimension);
    }
    for (int i = 0; i < count; i++) {
      int idLength = in.u16();
      int metadataLength = metadataLength(in);
      byte[] id = in.bytes(idLength);
      table.addLoaded(id, in.bytes(metadataLength), Bits.get(dead, i));
    }
    in.expectEnd();
  }

  /** Insists that a body may hold that many entries, before anything is allocated. */
  static void expectRoom(BlockReader in, int count, int dimension) {
    if ((long) count * (dimension * Float.BYTES + 7L) > in.remaining()) {
      throw new MalformedException("too short for " + count + " entries");
    }
  }

  static int metadataLength(BlockReader in) {
    return in.count("a metadata length", MAX_METADATA_BYTES);
  }
}
