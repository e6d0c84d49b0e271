package org.edgevec.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.edgevec.Metric;
import org.edgevec.contents.Contents;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.ForwardingStorage;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.vector.HeapArena;
import org.junit.jupiter.api.Test;

/** Files that are long and hold nothing are refused before memory for what they might hold is. */
class SparseFilesTest {

  private static final StoreId ID = new StoreId(1, 2);

  /** Much less than the files are long. */
  private static final long MAX_BYTES = 32 << 20;

  /** A file with a header and then zeros. */
  private static final class Sparse extends ForwardingStorage {
    private final String file;
    private final byte[] header;
    private final long size;

    Sparse(String file, byte[] header, long size) {
      super(MemoryStorage.open());
      this.file = file;
      this.header = header;
      this.size = size;
    }

    @Override
    public List<String> list() {
      return List.of(file);
    }

    @Override
    public long size(String name) {
      return size;
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) {
      Arrays.fill(target, targetOffset, targetOffset + length, (byte) 0);
      if (offset < header.length) {
        int part = (int) Math.min(length, header.length - offset);
        System.arraycopy(header, (int) offset, target, targetOffset, part);
      }
    }
  }

  private static void expectCheapRefusal(ThrowingCallable load) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(load)
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("checksum");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MAX_BYTES);
  }

  @Test
  void aManifest() {
    long body = 1 << 28;
    byte[] header = new FileHeader(FileHeader.Kind.MANIFEST, ID, 7, body, 0, 0).encode();
    Sparse storage =
        new Sparse(StoreFiles.Kind.MANIFEST.name(7), header, BlockWriter.fileBytes(body));
    expectCheapRefusal(() -> ManifestFormat.read(storage, 7));
  }

  @Test
  void aSegment() {
    int count = 10_000_000;
    long body = count * 31L;
    long shape = 4 | (long) Metric.L2.formatCode() << 32;
    byte[] header = new FileHeader(FileHeader.Kind.SEGMENT, ID, 7, body, shape, count).encode();
    SegmentRef ref =
        new SegmentRef(7, count, BlockWriter.fileBytes(body), FileHeader.crcOf(header));
    Sparse storage = new Sparse(ref.fileName(), header, ref.fileBytes());
    Contents table = new Contents(4, Metric.L2, HeapArena.SCALAR);
    expectCheapRefusal(() -> SegmentFormat.load(storage, ID, ref, new long[0], table));
  }
}
