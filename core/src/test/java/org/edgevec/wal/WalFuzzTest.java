package org.edgevec.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Map;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.fuzz.Allowance;
import org.edgevec.fuzz.ChecksumRepair;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.storage.UnsupportedVersionException;
import org.edgevec.wal.WalFormat.FrameHeader;

/**
 * Log files and seals. The first byte's lowest bits say whether checksums and lengths are made
 * right before.
 */
class WalFuzzTest {

  private static final String NAME = StoreFiles.Kind.WAL.name(1);

  private static byte[] rest(byte[] input) {
    return Arrays.copyOfRange(input, Math.min(1, input.length), Math.max(1, input.length));
  }

  /**
   * Every frame that holds is encoded as the bytes that it was read from; behind one that does not,
   * reading goes on further behind, and ends.
   */
  @FuzzTest(maxDuration = "")
  void frames(byte[] input) {
    byte[] bytes = rest(input);
    if (input.length > 0 && (input[0] & 1) != 0) {
      ChecksumRepair.log(bytes, (input[0] & 2) != 0);
    }
    Allowance.check(bytes.length, () -> read(bytes));
  }

  private static void read(byte[] bytes) {
    try {
      BufferedFile file = file(NAME, bytes);
      byte[] encoded = file.header();
      FileHeader header = FileHeader.decode(encoded, NAME, FileHeader.Kind.WAL);
      readFrames(bytes, header, new WalReader(file, header, encoded));
    } catch (CorruptDataException e) {
      assertThat(e.file()).isEqualTo(NAME);
    } catch (UnsupportedVersionException e) {
      assertThat(e).hasMessageContaining(NAME);
    }
  }

  private static void readFrames(byte[] bytes, FileHeader header, WalReader in) {
    long sequence = header.second();
    boolean more = true;
    while (more) {
      long start = in.offset();
      while (in.next(sequence)) {
        expectSame(bytes, header, in, sequence, start);
        start = in.offset();
        sequence++;
      }
      more = !in.atEnd() && in.resume() >= 0;
      if (more) {
        assertThat(in.problem()).isNotBlank();
        assertThat(in.offset()).isGreaterThan(start);
        sequence = LittleEndian.getLong(bytes, (int) in.offset() + 16);
      }
    }
    assertThat(in.attestedBehind()).isGreaterThanOrEqualTo(-1);
  }

  private static void expectSame(
      byte[] bytes, FileHeader header, WalReader in, long sequence, long start) {
    byte[] payload =
        Arrays.copyOfRange(
            in.payload(), in.payloadOffset(), in.payloadOffset() + in.payloadLength());
    FrameHeader frame =
        new FrameHeader(payload.length, header.first(), sequence, in.syncedSequence(), in.count());
    ByteWriter out = new ByteWriter(128);
    WalFormat.encode(out, new Checksum(), frame, payload, 0);
    byte[] found = Arrays.copyOfRange(bytes, (int) start, (int) in.offset());
    assertThat(found).hasSize(frame.frameBytes());
    // All but the body's CRC, which depends on what stands before.
    assertThat(Arrays.copyOf(out.toByteArray(), found.length - 4))
        .isEqualTo(Arrays.copyOf(found, found.length - 4));
  }

  /** A seal reads as what it attests, or is refused with a type. */
  @FuzzTest(maxDuration = "")
  void seal(byte[] input) {
    byte[] bytes = rest(input);
    if (input.length > 0 && (input[0] & 1) != 0) {
      ChecksumRepair.header(bytes);
    }
    Allowance.check(bytes.length, () -> readSeal(bytes));
  }

  private static void readSeal(byte[] bytes) {
    // The store is the one that the seal says, if it says any.
    boolean whole = bytes.length >= FileHeader.BYTES;
    StoreId id =
        new StoreId(
            whole ? LittleEndian.getLong(bytes, 16) : 1,
            whole ? LittleEndian.getLong(bytes, 24) : 2);
    try {
      long synced = Seal.read(file(StoreFiles.SEAL, bytes), id);
      FileHeader header = FileHeader.decode(bytes, StoreFiles.SEAL, FileHeader.Kind.SEAL);
      MemoryStorage.Disk disk = new MemoryStorage.Disk();
      Seal.write(MemoryStorage.open(disk), id, synced, header.second(), header.third());
      assertThat(disk.files().get(StoreFiles.SEAL)).isEqualTo(bytes);
    } catch (CorruptDataException e) {
      assertThat(e.file()).isEqualTo(StoreFiles.SEAL);
    } catch (UnsupportedVersionException e) {
      assertThat(e).hasMessageContaining(StoreFiles.SEAL);
    }
  }

  private static BufferedFile file(String name, byte[] bytes) {
    return new BufferedFile(MemoryStorage.open(MemoryStorage.Disk.of(Map.of(name, bytes))), name);
  }
}
