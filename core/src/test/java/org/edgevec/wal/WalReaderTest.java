package org.edgevec.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreId;
import org.edgevec.wal.WalFormat.FrameHeader;
import org.junit.jupiter.api.Test;

class WalReaderTest {

  private static final StoreId ID = new StoreId(1, 2);
  private static final long EPOCH = 0x1234_5678_9abc_def0L;
  private static final String UNWRITTEN = "a frame header has values that are not written here";

  private final ByteWriter out = new ByteWriter(256);
  private final Checksum crc = new Checksum();
  private final byte[] header = new FileHeader(FileHeader.Kind.WAL, ID, 3, EPOCH, 1, 0).encode();
  private int chain = FileHeader.crcOf(header);

  WalReaderTest() {
    out.bytes(header);
  }

  /** Adds a frame whose payload is that many bytes of its sequence; returns where it begins. */
  private int frame(long sequence, long synced, int count, int length) {
    int start = out.size();
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) sequence);
    FrameHeader frame = new FrameHeader(length, EPOCH, sequence, synced, count);
    chain = WalFormat.encode(out, crc, frame, payload, chain);
    return start;
  }

  private WalReader reader(byte[] bytes) {
    MemoryStorage storage = MemoryStorage.open();
    storage.append("wal", bytes, 0, bytes.length);
    FileHeader decoded = FileHeader.decode(header, "wal", FileHeader.Kind.WAL);
    return new WalReader(new BufferedFile(storage, "wal"), decoded, header);
  }

  private WalReader reader() {
    return reader(out.toByteArray());
  }

  private static void assertStops(WalReader in, long sequence, long offset, String problem) {
    assertThat(in.next(sequence)).isFalse();
    assertThat(in.atEnd()).isFalse();
    assertThat(in.offset()).isEqualTo(offset);
    assertThat(in.problem()).isEqualTo(problem);
    assertThatThrownBy(in::count)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no frame was read");
  }

  @Test
  void framesAreReadInOrderToTheEnd() {
    frame(1, 0, 2, 5);
    int second = frame(2, 1, 1, 0);
    int third = frame(3, 2, 7, 1);
    WalReader in = reader();
    assertThat(in.atEnd()).isFalse();
    assertThat(in.offset()).isEqualTo(64);
    assertThat(in.next(1)).isTrue();
    assertThat(in.count()).isEqualTo(2);
    assertThat(in.syncedSequence()).isZero();
    assertThat(in.payloadLength()).isEqualTo(5);
    int at = in.payloadOffset();
    assertThat(Arrays.copyOfRange(in.payload(), at - 1, at + 6))
        .containsExactly(0, 1, 1, 1, 1, 1, in.payload()[at + 5]);
    assertThat(in.offset()).isEqualTo(second);
    assertThat(in.next(2)).isTrue();
    assertThat(in.payloadLength()).isZero();
    assertThat(in.syncedSequence()).isEqualTo(1);
    assertThat(in.offset()).isEqualTo(third);
    assertThat(in.next(3)).isTrue();
    assertThat(in.count()).isEqualTo(7);
    assertThat(in.atEnd()).isTrue();
    assertThat(in.next(4)).isFalse();
    assertThat(in.problem()).isEmpty();
    assertThatThrownBy(in::payloadLength).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFrameOfAnotherSequenceDoesNotHold() {
    frame(1, 0, 1, 5);
    assertStops(reader(), 2, 64, "batch 1 stands where batch 2 should");
  }

  @Test
  void everyCutOfTheLastFrameIsToldByWhereItCuts() {
    frame(1, 0, 1, 5);
    int second = frame(2, 0, 1, 5);
    byte[] whole = out.toByteArray();
    for (int length = second + 1; length < whole.length; length++) {
      WalReader in = reader(Arrays.copyOf(whole, length));
      assertThat(in.next(1)).isTrue();
      boolean inHeader = length < second + 40;
      String problem =
          inHeader ? "the file ends inside a frame's header" : "the file ends inside a frame";
      assertStops(in, 2, second, problem);
    }
  }

  @Test
  void everyChangedByteOfAFrameIsNoticed() {
    int start = frame(1, 0, 1, 5);
    byte[] whole = out.toByteArray();
    for (int i = start; i < whole.length; i++) {
      byte[] bytes = whole.clone();
      bytes[i] ^= 0x20;
      String what = i < start + 40 ? "a frame header's" : "a frame's";
      assertStops(reader(bytes), 1, start, what + " checksum does not match");
    }
  }

  /** A frame with one u32 of its header changed under a right header checksum. */
  private WalReader with(int offset, int value) {
    out.clear();
    out.bytes(header);
    int start = frame(1, 0, 1, 5);
    byte[] bytes = out.toByteArray();
    LittleEndian.putInt(bytes, start + offset, value);
    LittleEndian.putInt(bytes, start, WalFormat.headerCrc(crc, bytes, start));
    return reader(bytes);
  }

  @Test
  void aHeaderWithValuesThatAreNotWrittenDoesNotHoldWhateverItsChecksum() {
    assertStops(with(4, -1), 1, 64, UNWRITTEN);
    assertStops(with(4, (64 << 20) + 1), 1, 64, UNWRITTEN);
    assertStops(with(8, 0), 1, 64, UNWRITTEN);
    assertStops(with(32, 2), 1, 64, UNWRITTEN);
    assertStops(with(36, 0), 1, 64, UNWRITTEN);
    assertStops(with(36, -1), 1, 64, UNWRITTEN);
    assertStops(with(4, 64 << 20), 1, 64, "the file ends inside a frame");
    assertStops(with(4, 0), 1, 64, "a frame's checksum does not match");
  }

  @Test
  void whatFramesBehindABadOneAttestIsFoundAtAnyByte() {
    int first = frame(1, 0, 1, 5);
    frame(2, 6, 1, 7);
    frame(3, 4, 1, 9);
    byte[] bytes = out.toByteArray();
    bytes[first + 4] ^= 1;
    WalReader in = reader(bytes);
    assertThat(in.next(1)).isFalse();
    assertThat(in.attestedBehind()).isEqualTo(6);
    assertThat(in.attestedBehind()).as("asked again").isEqualTo(6);
  }

  @Test
  void nothingBehindABadFrameAttestsNothing() {
    int first = frame(1, 5, 1, 50);
    byte[] bytes = out.toByteArray();
    bytes[first + 4] ^= 1;
    WalReader in = reader(bytes);
    assertThat(in.next(1)).isFalse();
    assertThat(in.attestedBehind()).isEqualTo(-1);
    assertThat(in.resume()).isEqualTo(-1);
    assertThat(in.offset()).isEqualTo(first);
  }

  @Test
  void aBadFrameAttestsNothingItself() {
    int first = frame(1, 5, 1, 5);
    byte[] bytes = out.toByteArray();
    bytes[first + 42] ^= 1;
    WalReader in = reader(bytes);
    assertThat(in.next(1)).isFalse();
    assertThat(in.problem()).isEqualTo("a frame's checksum does not match");
    assertThat(in.attestedBehind()).isEqualTo(-1);
  }

  @Test
  void aHeaderThatEndsTheFileStillAttests() {
    int first = frame(1, 0, 1, 5);
    int second = frame(2, 1, 1, 5);
    byte[] bytes = Arrays.copyOf(out.toByteArray(), second + 40);
    bytes[first] ^= 1;
    WalReader in = reader(bytes);
    assertThat(in.next(1)).isFalse();
    assertThat(in.attestedBehind()).isEqualTo(1);
  }

  @Test
  void readingGoesOnBehindABadFrame() {
    int first = frame(1, 0, 1, 5);
    int second = frame(2, 1, 3, 5);
    frame(3, 2, 1, 5);
    for (int damaged : new int[] {first, first + 36, first + 42, first + 45}) {
      byte[] bytes = out.toByteArray();
      bytes[damaged] ^= 1;
      WalReader in = reader(bytes);
      assertThat(in.next(1)).as("byte %d", damaged).isFalse();
      assertThat(in.resume()).isEqualTo(2);
      assertThat(in.offset()).isEqualTo(second);
      assertThat(in.next(2)).as("byte %d", damaged).isTrue();
      assertThat(in.count()).isEqualTo(3);
      assertThat(in.next(3)).isTrue();
      assertThat(in.atEnd()).isTrue();
    }
  }

  @Test
  void aCrcThatWasDamagedItselfIsNoSecondPlace() {
    frame(1, 0, 1, 5);
    int second = frame(2, 1, 1, 5);
    frame(3, 2, 1, 5);
    byte[] bytes = out.toByteArray();
    bytes[second - 2] ^= 1;
    WalReader in = reader(bytes);
    assertThat(in.next(1)).isFalse();
    assertThat(in.problem()).isEqualTo("a frame's checksum does not match");
    assertThat(in.resume()).isEqualTo(2);
    assertThat(in.next(2)).isTrue();
    assertThat(in.next(3)).isTrue();
  }

  @Test
  void afterTwoBadFramesNeitherChainServesTheSecond() {
    frame(1, 0, 1, 5);
    int second = frame(2, 1, 1, 5);
    int third = frame(3, 2, 1, 5);
    byte[] bytes = out.toByteArray();
    bytes[second - 2] ^= 1;
    bytes[second + 41] ^= 1;
    WalReader in = reader(bytes);
    assertThat(in.next(1)).isFalse();
    in.resume();
    assertStops(in, 2, second, "a frame's checksum does not match");
    assertThat(in.resume()).isEqualTo(3);
    assertThat(in.offset()).isEqualTo(third);
    assertThat(in.next(3)).isTrue();
  }

  @Test
  void framesOfAnotherEpochAreNotFound() {
    int first = frame(1, 0, 1, 5);
    int second = out.size();
    byte[] payload = new byte[5];
    FrameHeader other = new FrameHeader(5, EPOCH + 1, 2, 9, 1);
    chain = WalFormat.encode(out, crc, other, payload, chain);
    byte[] bytes = out.toByteArray();
    bytes[first] ^= 1;
    WalReader in = reader(bytes);
    assertThat(in.next(1)).isFalse();
    assertThat(in.attestedBehind()).isEqualTo(-1);
    assertThat(second).isLessThan(bytes.length);
  }
}
