package org.edgevec.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.edgevec.Metric;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.MalformedException;
import org.edgevec.contents.Contents;
import org.edgevec.fuzz.Allowance;
import org.edgevec.fuzz.ChecksumRepair;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.storage.UnsupportedVersionException;
import org.edgevec.vector.HeapArena;

/**
 * Manifests, segments, graphs and the blocks that all are in. The first byte's lowest bits say
 * whether checksums and lengths are made right before.
 */
class SnapshotFuzzTest {

  private static final String MANIFEST = StoreFiles.Kind.MANIFEST.name(2);
  private static final String SEGMENT = StoreFiles.Kind.SEGMENT.name(1);
  private static final String GRAPH = StoreFiles.Kind.GRAPH.name(1);

  private static byte[] repaired(byte[] input) {
    byte[] bytes = Arrays.copyOfRange(input, Math.min(1, input.length), Math.max(1, input.length));
    if (input.length > 0 && (input[0] & 1) != 0) {
      ChecksumRepair.blocks(bytes, (input[0] & 2) != 0);
    }
    return bytes;
  }

  /** A manifest decodes to what is written as the same bytes, but for what is passed over. */
  @FuzzTest(maxDuration = "")
  void manifest(byte[] input) {
    byte[] bytes = repaired(input);
    Allowance.check(bytes.length, () -> readManifest(bytes));
  }

  private static void readManifest(byte[] bytes) {
    try {
      Manifest manifest = ManifestFormat.read(storage(MANIFEST, bytes), 2);
      MemoryStorage.Disk disk = new MemoryStorage.Disk();
      ManifestFormat.write(MemoryStorage.open(disk), manifest);
      byte[] written = disk.files().get(MANIFEST);
      boolean unknownSections = written.length < bytes.length;
      boolean unknownField = LittleEndian.getLong(bytes, 48) != 0;
      if (!unknownSections && !unknownField) {
        assertThat(written).isEqualTo(bytes);
      }
    } catch (CorruptDataException e) {
      assertThat(e.file()).isEqualTo(MANIFEST);
      assertThat(e.offset()).isBetween(0L, Math.max(64L, bytes.length));
    } catch (UnsupportedVersionException e) {
      assertThat(e).hasMessageContaining(MANIFEST);
    }
  }

  /** A segment loads as what is written as the same bytes; checking it agrees with loading it. */
  @FuzzTest(maxDuration = "")
  void segment(byte[] input) {
    byte[] bytes = repaired(input);
    // No manifest names a segment with less than one entry.
    if (bytes.length >= FileHeader.BYTES && LittleEndian.getInt(bytes, 56) > 0) {
      Allowance.check(bytes.length, () -> loadSegment(bytes));
    }
  }

  private static void loadSegment(byte[] bytes) {
    // The manifest says what the header says, where it can be said.
    StoreId id = new StoreId(LittleEndian.getLong(bytes, 16), LittleEndian.getLong(bytes, 24));
    int dimension = 1 + (LittleEndian.getInt(bytes, 48) - 1 & 0xfff);
    Metric metric = Metric.values()[((LittleEndian.getInt(bytes, 52) & 0xff) + 2) % 3];
    int count = LittleEndian.getInt(bytes, 56);
    SegmentRef ref = new SegmentRef(1, count, bytes.length, FileHeader.crcOf(bytes));
    Contents table = new Contents(dimension, metric, HeapArena.SCALAR);
    long[] dead = new long[Bits.words(Math.min(count, bytes.length))];
    String loading = load(bytes, id, ref, dead, table);
    assertThat(check(bytes, id, ref, dead, table)).isEqualTo(loading);
    if (loading.equals("whole")) {
      expectWrittenAlike(bytes, id, ref, table);
    }
  }

  private static void expectWrittenAlike(byte[] bytes, StoreId id, SegmentRef ref, Contents table) {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    SegmentRef written =
        SegmentFormat.write(
            MemoryStorage.open(disk),
            id,
            1,
            table.metric(),
            table.view(),
            0,
            table.ordinalCount(),
            ProgressListener.NONE);
    assertThat(written).isEqualTo(ref);
    assertThat(disk.files().get(SEGMENT)).isEqualTo(bytes);
  }

  private static String load(
      byte[] bytes, StoreId id, SegmentRef ref, long[] dead, Contents table) {
    try {
      SegmentFormat.load(storage(SEGMENT, bytes), id, ref, dead, table);
      return "whole";
    } catch (CorruptDataException e) {
      assertThat(e.file()).isEqualTo(SEGMENT);
      assertThat(e.offset()).isBetween(0L, (long) bytes.length);
      return "damaged";
    } catch (UnsupportedVersionException e) {
      return "newer";
    }
  }

  private static String check(
      byte[] bytes, StoreId id, SegmentRef ref, long[] dead, Contents table) {
    float[] vector = new float[table.dimension()];
    EntryCheck target = new EntryCheck(table.metric(), dead, new HashSet<>(), vector);
    try {
      BlockReader in =
          SegmentFormat.open(storage(SEGMENT, bytes), id, ref, table.dimension(), table.metric());
      SegmentFormat.read(in, ref.count(), table.dimension(), target);
      return "whole";
    } catch (CorruptDataException | MalformedException e) {
      return "damaged";
    } catch (UnsupportedVersionException e) {
      return "newer";
    }
  }

  /** A graph loads as what is written as the same bytes; checking it agrees with loading it. */
  @FuzzTest(maxDuration = "")
  void graph(byte[] input) {
    byte[] bytes = repaired(input);
    if (bytes.length >= FileHeader.BYTES) {
      Allowance.check(bytes.length, () -> loadGraph(bytes));
    }
  }

  private static void loadGraph(byte[] bytes) {
    StoreId id = new StoreId(LittleEndian.getLong(bytes, 16), LittleEndian.getLong(bytes, 24));
    PartRef ref = new PartRef(StoreFiles.Kind.GRAPH, 1, bytes.length, FileHeader.crcOf(bytes));
    int ordinals = Math.max(0, LittleEndian.getInt(bytes, 56));
    List<CorruptDataException> found = new ArrayList<>();
    try {
      GraphFormat.check(storage(GRAPH, bytes), id, ref, ordinals, 0, found::add);
    } catch (CorruptDataException e) {
      found.add(e);
    } catch (UnsupportedVersionException e) {
      return;
    }
    try {
      GraphFormat.StoredGraph stored =
          GraphFormat.load(storage(GRAPH, bytes), id, ref, ordinals, 0);
      assertThat(found).isEmpty();
      MemoryStorage.Disk disk = new MemoryStorage.Disk();
      GraphFormat.write(MemoryStorage.open(disk), id, 1, stored.graph(), ProgressListener.NONE);
      byte[] again = disk.files().get(GRAPH);
      assertThat(again).hasSameSizeAs(bytes);
      if (stored.version() == FileHeader.Kind.GRAPH.newestVersion()) {
        assertThat(again).isEqualTo(bytes);
      }
    } catch (CorruptDataException e) {
      assertThat(found).isNotEmpty();
      assertThat(e.file()).isEqualTo(GRAPH);
      assertThat(e.offset()).isBetween(0L, (long) bytes.length);
    }
  }

  /**
   * A body of several blocks, read in pieces of many kinds: what is read is what was written, and
   * of a changed block no byte is given out. Two bytes say how long the body is, two which byte is
   * changed, in steps of four; the others are the kinds of pieces, again and again.
   */
  @FuzzTest(maxDuration = "")
  void blocks(byte[] input) {
    if (input.length >= 5) {
      byte[] body = body(4 * (LittleEndian.getShort(input, 0) & 0x7fff));
      byte[] file = write(body);
      int changed = FileHeader.BYTES + 4 * LittleEndian.getShort(input, 2);
      if (changed < file.length) {
        file[changed] ^= 1;
      }
      Allowance.check(file.length, () -> readPieces(file, body, input, changed));
    }
  }

  private static byte[] body(int length) {
    byte[] body = new byte[length];
    for (int i = 0; i < length; i++) {
      body[i] = (byte) (i * 31 + (i >>> 8));
    }
    return body;
  }

  private static byte[] write(byte[] body) {
    byte[] header =
        new FileHeader(FileHeader.Kind.SEGMENT, new StoreId(1, 2), 1, body.length, 0, 0).encode();
    ByteWriter out = new ByteWriter(body.length + 128);
    BlockWriter blocks = new BlockWriter(out::bytes, header, 0, ProgressListener.NONE);
    blocks.bytes(body);
    blocks.finish();
    assertThat((long) out.size()).isEqualTo(BlockWriter.fileBytes(body.length));
    return out.toByteArray();
  }

  private static void readPieces(byte[] bytes, byte[] body, byte[] input, int changed) {
    BufferedFile file = new BufferedFile(storage(SEGMENT, bytes), SEGMENT);
    BlockReader in = new BlockReader(file, Arrays.copyOf(bytes, 64), body.length);
    int badBlock = (changed - FileHeader.BYTES) / BlockWriter.BLOCK_BYTES;
    int at = 0;
    try {
      for (int i = 4; at < body.length; i = i + 1 < input.length ? i + 1 : 4) {
        at += readPiece(in, body, at, input[i] & 0xff);
        expect(in.remaining() == body.length - at);
      }
      in.expectEnd();
      assertThat(changed).as("the changed byte").isGreaterThanOrEqualTo(bytes.length);
    } catch (CorruptDataException e) {
      assertThat(at).isLessThanOrEqualTo(badBlock * BlockWriter.PAYLOAD_BYTES);
      assertThat(e.offset()).isEqualTo(64 + (long) badBlock * BlockWriter.BLOCK_BYTES);
    } catch (MalformedException e) {
      assertThat(body.length - at).as("left, and a piece is longer").isLessThan(2048);
    }
  }

  /** Reads one piece and returns its length; most are longer than nothing, so that it ends. */
  private static int readPiece(BlockReader in, byte[] body, int at, int kind) {
    int length = 1 + (kind >>> 3) * (kind >>> 3) * 2;
    return switch (kind & 7) {
      case 0 -> {
        expect((byte) in.u8() == body[at]);
        yield 1;
      }
      case 1 -> {
        int found = in.u16();
        expect(found == LittleEndian.getShort(body, at));
        yield 2;
      }
      case 2 -> {
        int found = in.u32();
        expect(found == LittleEndian.getInt(body, at));
        yield 4;
      }
      case 3 -> {
        long found = in.u64();
        expect(found == LittleEndian.getLong(body, at));
        yield 8;
      }
      default -> {
        byte[] found = in.bytes(length);
        expect(Arrays.equals(found, 0, length, body, at, at + length));
        yield length;
      }
    };
  }

  /** Allocates nothing, as AssertJ does: a body is read in up to 100,000 pieces. */
  private static void expect(boolean same) {
    if (!same) {
      throw new AssertionError("other bytes were read than were written");
    }
  }

  private static MemoryStorage storage(String name, byte[] bytes) {
    return MemoryStorage.open(MemoryStorage.Disk.of(Map.of(name, bytes)));
  }
}
