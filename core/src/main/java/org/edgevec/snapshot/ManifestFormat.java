package org.edgevec.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.MalformedException;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a manifest file: a header and then, in blocks, sections.
 *
 * <pre>
 * header: body length, 0, time of creation
 * section: tag u32, length u32, bytes
 *   tag 1, options    dimension u32, metric u32
 *   tag 2, log        log number u64, last sequence u64
 *   tag 3, segments   count u32, then for each:
 *                     number u64, count u32, file length u64, header CRC u32,
 *                     dead count u32, and if that is not 0 the dead as ceil(count / 8) bytes of bits
 *   tag 4, graph      number u64, file length u64, header CRC u32; absent if there is no graph
 * </pre>
 *
 * Tags 1 to 3 come first, in this order, each once, and then those of {@linkplain DerivedPart
 * derived parts}, of which the graph's is one, in ascending order, those there are. Sections that a
 * reader does not know are passed over; what a reader must know comes with a new format version.
 */
public final class ManifestFormat {

  private static final int OPTIONS = 1;
  private static final int LOG = 2;
  private static final int SEGMENTS = 3;
  private static final int SEGMENT_BYTES = 28;
  private static final int MAX_BODY_BYTES = 1 << 30;

  private static final long[] NONE_DEAD = new long[0];

  private ManifestFormat() {}

  /** Writes a manifest to its file: the moment in which its snapshot begins to exist. */
  public static void write(StorageBackend storage, Manifest manifest) {
    byte[] body = encodeBody(manifest);
    byte[] header =
        new FileHeader(
                FileHeader.Kind.MANIFEST,
                manifest.storeId(),
                manifest.generation(),
                body.length,
                0,
                manifest.createdMillis())
            .encode();
    storage.atomicWrite(
        manifest.fileName(),
        sink -> writeTo(new BlockWriter(sink, header, 0, ProgressListener.NONE), body));
  }

  private static void writeTo(BlockWriter out, byte[] body) {
    out.bytes(body);
    out.finish();
  }

  private static byte[] encodeBody(Manifest manifest) {
    ByteWriter out = new ByteWriter(256);
    section(out, OPTIONS, options(manifest));
    section(out, LOG, log(manifest));
    section(out, SEGMENTS, segments(manifest));
    for (PartRef part : manifest.parts()) {
      section(out, DerivedParts.of(part).section(), part(part));
    }
    return out.toByteArray();
  }

  private static void section(ByteWriter out, int tag, ByteWriter content) {
    out.u32(tag);
    out.u32(content.size());
    out.bytes(content.array(), 0, content.size());
  }

  private static ByteWriter options(Manifest manifest) {
    ByteWriter out = new ByteWriter(8);
    out.u32(manifest.dimension());
    out.u32(manifest.metric().formatCode());
    return out;
  }

  private static ByteWriter log(Manifest manifest) {
    ByteWriter out = new ByteWriter(16);
    out.u64(manifest.logNumber());
    out.u64(manifest.lastSequence());
    return out;
  }

  private static ByteWriter segments(Manifest manifest) {
    ByteWriter out = new ByteWriter(64);
    out.u32(manifest.segments().size());
    for (int i = 0; i < manifest.segments().size(); i++) {
      segment(out, manifest.segments().get(i), manifest.dead().get(i));
    }
    return out;
  }

  private static void segment(ByteWriter out, SegmentRef segment, long[] dead) {
    out.u64(segment.number());
    out.u32(segment.count());
    out.u64(segment.fileBytes());
    out.u32(segment.headerCrc());
    int deadCount = dead.length == 0 ? 0 : Bits.count(dead, 0, segment.count());
    out.u32(deadCount);
    if (deadCount > 0) {
      for (int i = 0; i < bitBytes(segment.count()); i++) {
        out.u8((int) (dead[i >>> 3] >>> ((i & 7) * 8)));
      }
    }
  }

  private static ByteWriter part(PartRef part) {
    ByteWriter out = new ByteWriter(20);
    out.u64(part.number());
    out.u64(part.fileBytes());
    out.u32(part.headerCrc());
    return out;
  }

  private static int bitBytes(int count) {
    return (int) (((long) count + 7) >>> 3);
  }

  /**
   * Reads the manifest of a generation.
   *
   * @throws CorruptDataException if it is damaged
   * @throws org.edgevec.storage.UnsupportedVersionException if a newer EdgeVec wrote it
   */
  public static Manifest read(StorageBackend storage, long generation) {
    String name = StoreFiles.Kind.MANIFEST.name(generation);
    BufferedFile file = new BufferedFile(storage, name);
    byte[] encoded = file.header();
    FileHeader header = FileHeader.decode(encoded, name, FileHeader.Kind.MANIFEST);
    header.expect(header.storeId(), generation, name);
    BlockReader in = new BlockReader(file, encoded, header.first());
    if (header.first() > MAX_BODY_BYTES) {
      throw new CorruptDataException(name, 40, "its body cannot be that long");
    }
    try {
      return decodeBody(header, in.bytes((int) header.first()));
    } catch (MalformedException e) {
      throw new CorruptDataException(name, in.fileOffset(), e.what());
    }
  }

  private static Manifest decodeBody(FileHeader header, byte[] body) {
    ByteReader in = new ByteReader(body, 0, body.length);
    ByteReader options = section(in, OPTIONS);
    int dimension = options.count("the dimension", Options.MAX_DIMENSION);
    Metric metric = metric(options.u32());
    options.expectEnd("the options");
    ByteReader log = section(in, LOG);
    long logNumber = log.u64();
    long lastSequence = log.u64();
    log.expectEnd("the log position");
    if (dimension < 1 || !isNumber(logNumber) || logNumber < 1 || !isNumber(lastSequence)) {
      throw new MalformedException("a dimension or log position that is not written");
    }
    List<SegmentRef> refs = new ArrayList<>();
    List<long[]> dead = new ArrayList<>();
    segments(section(in, SEGMENTS), refs, dead);
    List<PartRef> parts = partsAndUnknown(in);
    if (lastSequence == 0 && !refs.isEmpty()) {
      throw new MalformedException("entries from before the first batch");
    }
    return new Manifest(
        header.storeId(),
        header.number(),
        header.third(),
        dimension,
        metric,
        logNumber,
        lastSequence,
        refs,
        dead,
        parts);
  }

  private static boolean isNumber(long number) {
    return number >= 0 && number <= StoreFiles.MAX_NUMBER;
  }

  private static ByteReader section(ByteReader in, int tag) {
    int found = in.u32();
    if (found != tag) {
      throw new MalformedException("section " + found + " where section " + tag + " should be");
    }
    return content(in);
  }

  private static ByteReader content(ByteReader in) {
    int length = in.count("a section's length", MAX_BODY_BYTES);
    return new ByteReader(in.array(), in.take(length), length);
  }

  /** The derived parts; sections of none that is known here are passed over. */
  private static List<PartRef> partsAndUnknown(ByteReader in) {
    List<PartRef> parts = new ArrayList<>();
    int before = SEGMENTS;
    while (in.remaining() > 0) {
      int tag = in.u32();
      ByteReader content = content(in);
      DerivedPart part = DerivedParts.ofSection(tag);
      if (Integer.compareUnsigned(tag, before) <= 0 && (part != null || tag <= SEGMENTS)) {
        throw new MalformedException("section " + tag + " in a wrong place");
      }
      if (part != null) {
        parts.add(part(part.kind(), content));
      }
      before = tag;
    }
    return parts;
  }

  private static PartRef part(StoreFiles.Kind kind, ByteReader in) {
    PartRef part = new PartRef(kind, in.u64(), in.u64(), in.u32());
    in.expectEnd("a derived part");
    if (!isNumber(part.number()) || part.fileBytes() < 0) {
      throw new MalformedException("a derived part that is not written");
    }
    return part;
  }

  private static void segments(ByteReader in, List<SegmentRef> refs, List<long[]> dead) {
    int count = in.count("the number of segments", in.remaining() / SEGMENT_BYTES);
    long entries = 0;
    for (int i = 0; i < count; i++) {
      SegmentRef ref =
          new SegmentRef(
              in.u64(), in.count("a segment's size", Integer.MAX_VALUE), in.u64(), in.u32());
      entries += ref.count();
      if (!isNumber(ref.number()) || ref.count() < 1 || entries > Integer.MAX_VALUE - 64) {
        throw new MalformedException("a segment that is not written");
      }
      refs.add(ref);
      dead.add(deadBits(in, ref.count()));
    }
    in.expectEnd("the segments");
  }

  private static long[] deadBits(ByteReader in, int count) {
    int deadCount = in.count("a number of dead entries", count);
    if (deadCount == 0) {
      return NONE_DEAD; // Nothing in here shows yet that there are that many entries.
    }
    int bytes = bitBytes(count);
    int at = in.take(bytes);
    long[] bits = new long[Bits.words(count)];
    for (int i = 0; i < bytes; i++) {
      bits[i >>> 3] |= (in.array()[at + i] & 0xffL) << ((i & 7) * 8);
    }
    boolean noMore = (count & 63) == 0 || bits[bits.length - 1] >>> (count & 63) == 0;
    if (!noMore || Bits.count(bits, 0, count) != deadCount) {
      throw new MalformedException("dead entries that do not add up");
    }
    return bits;
  }

  private static Metric metric(int code) {
    @Nullable Metric found = null;
    for (Metric metric : Metric.values()) {
      found = metric.formatCode() == code ? metric : found;
    }
    if (found == null) {
      throw new MalformedException("metric " + code);
    }
    return found;
  }
}
