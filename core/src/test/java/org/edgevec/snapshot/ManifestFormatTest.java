package org.edgevec.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.edgevec.Metric;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.ReadingStorage;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles.Kind;
import org.edgevec.storage.StoreId;
import org.junit.jupiter.api.Test;

class ManifestFormatTest {

  private static final StoreId ID = new StoreId(1, 2);
  private static final String NAME = Kind.MANIFEST.name(7);

  private final MemoryStorage storage = MemoryStorage.open();

  /** A manifest's body, piece by piece; what is not set is as it should be. */
  private static final class Body {
    final ByteWriter out = new ByteWriter(64);

    Body section(int tag, Consumer<ByteWriter> content) {
      ByteWriter bytes = new ByteWriter(64);
      content.accept(bytes);
      out.u32(tag);
      out.u32(bytes.size());
      out.bytes(bytes.toByteArray());
      return this;
    }

    Body options(int dimension, int metric) {
      return section(
          1,
          bytes -> {
            bytes.u32(dimension);
            bytes.u32(metric);
          });
    }

    Body log(long number, long sequence) {
      return section(
          2,
          bytes -> {
            bytes.u64(number);
            bytes.u64(sequence);
          });
    }

    Body segments(int count, Consumer<ByteWriter> segments) {
      return section(
          3,
          bytes -> {
            bytes.u32(count);
            segments.accept(bytes);
          });
    }
  }

  private static Body good() {
    return new Body().options(3, 1).log(4, 5);
  }

  private static void segment(ByteWriter out, long number, int count, int deadCount, int... dead) {
    out.u64(number);
    out.u32(count);
    out.u64(1000);
    out.u32(0xabcd);
    out.u32(deadCount);
    for (int bits : dead) {
      out.u8(bits);
    }
  }

  private Manifest read(Body body) {
    byte[] bytes = body.out.toByteArray();
    byte[] header = new FileHeader(FileHeader.Kind.MANIFEST, ID, 7, bytes.length, 0, 99).encode();
    storage.atomicWrite(
        NAME,
        sink -> {
          BlockWriter out = new BlockWriter(sink, header, 0, ProgressListener.NONE);
          out.bytes(bytes);
          out.finish();
        });
    return ManifestFormat.read(storage, 7);
  }

  private void assertCorrupt(Body body, String what) {
    long end = BlockWriter.fileBytes(body.out.size()) - 4;
    assertThatThrownBy(() -> read(body))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo(NAME);
              assertThat(e.offset()).isEqualTo(end);
              assertThat(e.what()).isEqualTo(what);
            });
  }

  @Test
  void whatIsWrittenIsRead() {
    long[] dead = {1L << 63 | 5, 1};
    Manifest manifest =
        new Manifest(
            ID,
            7,
            123,
            300,
            Metric.DOT,
            8,
            9,
            List.of(new SegmentRef(1, 65, 1000, -5), new SegmentRef(3, 64, 1L << 40, 6)),
            List.of(dead, new long[0]),
            List.of(new PartRef(Kind.GRAPH, 4, 1L << 33, -7)));
    ManifestFormat.write(storage, manifest);
    assertThat(storage.list()).containsExactly(NAME);
    Manifest read = ManifestFormat.read(storage, 7);
    assertThat(read).usingRecursiveComparison().isEqualTo(manifest);
    assertThat(read.fileName()).isEqualTo(NAME);
    assertThat(read.segmentCount()).isEqualTo(2);
    assertThat(read.segmentBytes()).isEqualTo((1L << 40) + 1000);
    assertThat(read.names(Kind.SEGMENT.name(1))).isTrue();
    assertThat(read.names(Kind.SEGMENT.name(3))).isTrue();
    assertThat(read.names(Kind.SEGMENT.name(2))).isFalse();
    assertThat(read.names(Kind.GRAPH.name(4))).isTrue();
    assertThat(read.names(Kind.GRAPH.name(3))).isFalse();
    assertThat(read.part(Kind.GRAPH).fileBytes()).isEqualTo(1L << 33);
    assertThat(read.entryCount()).isEqualTo(129);
  }

  @Test
  void theFirstManifestIsEmpty() {
    Manifest first = Manifest.first(ID, 123, 4096, Metric.COSINE);
    ManifestFormat.write(storage, first);
    Manifest read = ManifestFormat.read(storage, 1);
    assertThat(read).isEqualTo(first);
    assertThat(read.generation()).isEqualTo(1);
    assertThat(read.createdMillis()).isEqualTo(123);
    assertThat(read.logNumber()).isEqualTo(1);
    assertThat(read.lastSequence()).isZero();
    assertThat(read.segmentCount()).isZero();
    assertThat(read.segmentBytes()).isZero();
  }

  @Test
  void bytesAreLaidOutAsTheFormatSays() {
    Manifest read =
        read(
            good()
                .segments(
                    2,
                    out -> {
                      segment(out, 2, 9, 2, 0x80, 1);
                      segment(out, 6, 1, 0);
                    }));
    assertThat(read.storeId()).isEqualTo(ID);
    assertThat(read.dimension()).isEqualTo(3);
    assertThat(read.metric()).isEqualTo(Metric.L2);
    assertThat(read.logNumber()).isEqualTo(4);
    assertThat(read.lastSequence()).isEqualTo(5);
    assertThat(read.createdMillis()).isEqualTo(99);
    assertThat(read.segments())
        .containsExactly(new SegmentRef(2, 9, 1000, 0xabcd), new SegmentRef(6, 1, 1000, 0xabcd));
    assertThat(read.dead().get(0)).containsExactly(0x180);
    assertThat(read.dead().get(1)).isEmpty();
  }

  @Test
  void sectionsOfAnotherVersionArePassedOver() {
    Body body = good().segments(0, out -> {}).section(5, out -> out.u64(1)).section(99, out -> {});
    assertThat(read(body).logNumber()).isEqualTo(4);
    assertThat(read(body).part(Kind.GRAPH)).isNull();
    body.out.u32(5);
    assertCorrupt(body, "4 bytes expected, 0 left");
    body.out.u32(1);
    assertCorrupt(body, "1 bytes expected, 0 left");
  }

  @Test
  void sectionsComeInTheirOrder() {
    assertCorrupt(new Body().log(4, 5), "section 2 where section 1 should be");
    assertCorrupt(new Body().options(3, 1).options(3, 1), "section 1 where section 2 should be");
    assertCorrupt(good(), "4 bytes expected, 0 left");
    assertCorrupt(good().section(4, out -> {}), "section 4 where section 3 should be");
  }

  @Test
  void theGraphIsNamedInASectionOfItsOwn() {
    Body body = whole(good()).section(4, out -> graph(out, 7, 4100));
    assertThat(read(body).part(Kind.GRAPH)).isEqualTo(new PartRef(Kind.GRAPH, 7, 4100, 0xabcd));
    assertCorrupt(body.section(4, out -> graph(out, 7, 4100)), "section 4 in a wrong place");
    assertCorrupt(
        whole(good()).section(6, out -> {}).section(4, out -> graph(out, 7, 1)),
        "section 4 in a wrong place");
    assertCorrupt(whole(good()).section(0, out -> {}), "section 0 in a wrong place");
    String what = "a derived part that is not written";
    assertCorrupt(whole(good()).section(4, out -> graph(out, -1, 4100)), what);
    assertCorrupt(whole(good()).section(4, out -> graph(out, 1, -1)), what);
    assertThat(read(whole(good()).section(4, out -> graph(out, 0, 0))).part(Kind.GRAPH))
        .isEqualTo(new PartRef(Kind.GRAPH, 0, 0, 0xabcd));
    assertCorrupt(
        whole(good())
            .section(
                4,
                out -> {
                  graph(out, 1, 1);
                  out.u8(0);
                }),
        "1 bytes too many after a derived part");
  }

  private static void graph(ByteWriter out, long number, long fileBytes) {
    out.u64(number);
    out.u64(fileBytes);
    out.u32(0xabcd);
  }

  @Test
  void valuesThatAreNotWrittenAreRefused() {
    String what = "a dimension or log position that is not written";
    assertCorrupt(whole(new Body().options(0, 1).log(4, 5)), what);
    assertCorrupt(whole(new Body().options(3, 1).log(0, 5)), what);
    assertCorrupt(whole(new Body().options(3, 1).log(-1, 5)), what);
    assertCorrupt(whole(new Body().options(3, 1).log(4, -1)), what);
    assertCorrupt(
        whole(new Body().options(4097, 1).log(4, 5)), "the dimension is 4097, at most 4096");
    assertCorrupt(whole(new Body().options(3, 0).log(4, 5)), "metric 0");
    assertCorrupt(whole(new Body().options(3, 4).log(4, 5)), "metric 4");
    Manifest least = read(whole(new Body().options(1, 2).log(1, 0)));
    assertThat(least.metric()).isEqualTo(Metric.COSINE);
    assertThat(read(whole(new Body().options(4096, 3).log(1, 0))).metric()).isEqualTo(Metric.DOT);
  }

  private static Body whole(Body begun) {
    return begun.segments(0, out -> {});
  }

  @Test
  void sectionsHoldNothingElse() {
    assertCorrupt(
        new Body().section(1, out -> out.bytes(new byte[] {3, 0, 0, 0, 1, 0, 0, 0, 9})),
        "1 bytes too many after the options");
    assertCorrupt(
        new Body()
            .options(3, 1)
            .section(
                2,
                out -> {
                  out.u64(4);
                  out.u64(5);
                  out.u16(0);
                }),
        "2 bytes too many after the log position");
    assertCorrupt(
        good()
            .segments(
                1,
                out -> {
                  segment(out, 2, 9, 0);
                  out.u8(0);
                }),
        "1 bytes too many after the segments");
  }

  @Test
  void segmentsThatAreNotWrittenAreRefused() {
    String what = "a segment that is not written";
    assertCorrupt(good().segments(1, out -> segment(out, -1, 9, 0)), what);
    assertCorrupt(good().segments(1, out -> segment(out, 2, 0, 0)), what);
    assertCorrupt(
        good().segments(1, out -> segment(out, 2, -1, 0)),
        "a segment's size is 4294967295, at most 2147483647");
    assertCorrupt(
        good().segments(2, out -> segment(out, 2, 9, 0)), "the number of segments is 2, at most 1");
    assertThat(read(good().segments(1, out -> segment(out, 0, 1, 0))).segmentCount()).isEqualTo(1);
  }

  @Test
  void moreEntriesThanAnArrayHoldsAreRefused() {
    assertCorrupt(
        good().segments(1, out -> segment(out, 2, Integer.MAX_VALUE - 63, 0)),
        "a segment that is not written");
    assertCorrupt(
        good()
            .segments(
                2,
                out -> {
                  segment(out, 2, 64, 0);
                  segment(out, 3, Integer.MAX_VALUE - 64, 0);
                }),
        "a segment that is not written");
  }

  @Test
  void deadEntriesAddUp() {
    String what = "dead entries that do not add up";
    assertCorrupt(good().segments(1, out -> segment(out, 2, 9, 1, 3, 0)), what);
    assertCorrupt(good().segments(1, out -> segment(out, 2, 9, 2, 1, 0)), what);
    assertCorrupt(good().segments(1, out -> segment(out, 2, 9, 1, 1, 2)), what);
    assertCorrupt(good().segments(1, out -> segment(out, 2, 9, 1, 0, 2)), what);
    assertCorrupt(
        good().segments(1, out -> segment(out, 2, 9, 10, 0xff, 1)),
        "a number of dead entries is 10, at most 9");
    assertCorrupt(good().segments(1, out -> segment(out, 2, 9, 1, 1)), "2 bytes expected, 1 left");
    Manifest all =
        read(
            good()
                .segments(
                    1, out -> segment(out, 2, 64, 64, 255, 255, 255, 255, 255, 255, 255, 255)));
    assertThat(all.dead().get(0)).containsExactly(-1);
    Manifest eight = read(good().segments(1, out -> segment(out, 2, 8, 8, 255)));
    assertThat(eight.dead().get(0)).containsExactly(255);
  }

  @Test
  void aGenerationIsTheOneOfItsName() {
    ManifestFormat.write(storage, Manifest.first(ID, 1, 3, Metric.L2));
    byte[] bytes = new byte[(int) storage.size(Kind.MANIFEST.name(1))];
    storage.read(Kind.MANIFEST.name(1), 0, bytes, 0, bytes.length);
    storage.append(NAME, bytes, 0, bytes.length);
    assertThatThrownBy(() -> ManifestFormat.read(storage, 7))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining(NAME + " is damaged at byte 32");
  }

  /** A manifest that says it is larger than one can be, in a file that seems to be as long. */
  @Test
  void aBodyOfMoreThanAGibibyteIsRefusedBeforeItIsRead() {
    long bodyBytes = (1 << 30) + 1;
    byte[] header = new FileHeader(FileHeader.Kind.MANIFEST, ID, 7, bodyBytes, 0, 99).encode();
    storage.append(NAME, header, 0, header.length);
    assertThatThrownBy(
            () -> ManifestFormat.read(new Seeming(storage, BlockWriter.fileBytes(bodyBytes)), 7))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.offset()).isEqualTo(40);
              assertThat(e.what()).isEqualTo("its body cannot be that long");
            });
  }

  /** A storage whose files seem to have another length; only their headers can be read. */
  private static final class Seeming extends ReadingStorage {
    private final long sizeBytes;

    Seeming(StorageBackend inner, long sizeBytes) {
      super(inner);
      this.sizeBytes = sizeBytes;
    }

    @Override
    public long size(String name) {
      return sizeBytes;
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) {
      int there = (int) (inner.size(name) - offset);
      super.read(name, offset, target, targetOffset, Math.min(length, there));
    }
  }
}
