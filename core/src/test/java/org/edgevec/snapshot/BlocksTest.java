package org.edgevec.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.MalformedException;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreId;
import org.junit.jupiter.api.Test;

/** Bodies in blocks, written and read back. */
class BlocksTest {

  private static final int PAYLOAD = 65_532;
  private static final int BLOCK = 65_536;
  private static final byte[] HEADER =
      new FileHeader(FileHeader.Kind.SEGMENT, new StoreId(1, 2), 1, 0, 0, 0).encode();

  private interface Body {
    void write(BlockWriter out);
  }

  private static byte[] written(Body body) {
    ByteWriter file = new ByteWriter(256);
    BlockWriter out = new BlockWriter(file::bytes, HEADER, 0, ProgressListener.NONE);
    body.write(out);
    out.finish();
    return file.toByteArray();
  }

  private static byte[] counted(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return bytes;
  }

  private static BlockReader reader(byte[] file, long bodyBytes) {
    MemoryStorage storage = MemoryStorage.open();
    storage.append("segment", file, 0, file.length);
    return new BlockReader(new BufferedFile(storage, "segment"), HEADER, bodyBytes);
  }

  @Test
  void bodiesOfEveryLengthNearABlocksComeBack() {
    for (int length :
        new int[] {0, 1, PAYLOAD - 1, PAYLOAD, PAYLOAD + 1, 2 * PAYLOAD, 2 * PAYLOAD + 5}) {
      byte[] body = counted(length);
      byte[] file = written(out -> out.bytes(body));
      int blocks = (length + PAYLOAD - 1) / PAYLOAD;
      assertThat(file).as("%d bytes", length).hasSize(64 + length + 4 * blocks);
      assertThat(BlockWriter.fileBytes(length)).isEqualTo(file.length);
      BlockReader in = reader(file, length);
      assertThat(in.remaining()).isEqualTo(length);
      assertThat(in.bytes(length)).isEqualTo(body);
      assertThat(in.remaining()).isZero();
      in.expectEnd();
    }
  }

  @Test
  void eachBlockIsClosedByACrcOfTheHeaderItsIndexAndItsBytes() {
    byte[] file = written(out -> out.bytes(counted(PAYLOAD + 3)));
    assertThat(Arrays.copyOf(file, 64)).isEqualTo(HEADER);
    int header = LittleEndian.getInt(HEADER, 12);
    Checksum crc = new Checksum();
    assertThat(LittleEndian.getInt(file, 64 + PAYLOAD))
        .isEqualTo(crc.u32(header).u32(0).bytes(file, 64, PAYLOAD).value());
    assertThat(LittleEndian.getInt(file, 64 + BLOCK + 3))
        .isEqualTo(crc.reset().u32(header).u32(1).bytes(file, 64 + BLOCK, 3).value());
  }

  @Test
  void numbersComeBackAcrossBlocks() {
    int[] ints = new int[20_000];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = i * 0x01234567;
    }
    Body body =
        out -> {
          out.ints(ints, 1, 19_998);
          out.u8(0x181);
          out.u16(0x8283);
          out.u32(0x84858687);
          out.u64(0x88898a8b8c8d8e8fL);
          out.bytes(counted(3 * PAYLOAD - 4 * 19_998 - 17));
          out.u16(0x9192);
        };
    BlockReader in = reader(written(body), 3 * PAYLOAD);
    int[] back = new int[20_000];
    in.ints(back, 1, 19_998);
    assertThat(Arrays.copyOfRange(back, 1, 19_999)).isEqualTo(Arrays.copyOfRange(ints, 1, 19_999));
    assertThat(back[0]).isZero();
    assertThat(back[19_999]).isZero();
    assertThat(in.u8()).isEqualTo(0x81);
    assertThat(in.u16()).isEqualTo(0x8283);
    assertThat(in.u32()).isEqualTo(0x84858687);
    assertThat(in.u64()).isEqualTo(0x88898a8b8c8d8e8fL);
    assertThat(in.remaining()).isEqualTo(3 * PAYLOAD - 4 * 19_998 - 15);
    in.bytes(3 * PAYLOAD - 4 * 19_998 - 17);
    assertThatThrownBy(in::expectEnd)
        .isInstanceOf(MalformedException.class)
        .hasMessage("2 bytes too many");
    assertThat(in.u16()).isEqualTo(0x9192);
    in.expectEnd();
  }

  @Test
  void aNumberMayLieInTwoBlocks() {
    byte[] file =
        written(
            out -> {
              out.bytes(counted(PAYLOAD - 3));
              out.u64(0x0102030405060708L);
            });
    BlockReader in = reader(file, PAYLOAD + 5);
    in.bytes(PAYLOAD - 3);
    assertThat(in.u64()).isEqualTo(0x0102030405060708L);
  }

  @Test
  void theOffsetIsThatOfTheNextByteInTheFile() {
    BlockReader in = reader(written(out -> out.bytes(counted(2 * PAYLOAD + 9))), 2 * PAYLOAD + 9);
    assertThat(in.fileOffset()).isEqualTo(64);
    in.u8();
    assertThat(in.fileOffset()).isEqualTo(65);
    in.bytes(PAYLOAD - 2);
    assertThat(in.fileOffset()).isEqualTo(64 + PAYLOAD - 1);
    in.u8();
    assertThat(in.fileOffset()).isEqualTo(64 + BLOCK);
    in.bytes(PAYLOAD + 4);
    assertThat(in.fileOffset()).isEqualTo(64 + 2 * BLOCK + 4);
  }

  @Test
  void rangesOutsideTheArrayAreNotWritten() {
    assertThatThrownBy(() -> written(out -> out.ints(new int[3], 2, 2)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theListenerIsToldOfEachBlockAndNeverOfMoreThanThereIs() {
    List<String> told = new ArrayList<>();
    long total = BlockWriter.fileBytes(PAYLOAD + 1);
    BlockWriter out =
        new BlockWriter(
            (data, offset, length) -> {}, HEADER, total, (done, all) -> told.add(done + "/" + all));
    out.bytes(counted(PAYLOAD));
    assertThat(told).isEmpty();
    out.u8(1);
    assertThat(told).containsExactly((64 + BLOCK) + "/" + total);
    out.finish();
    assertThat(told).containsExactly((64 + BLOCK) + "/" + total, total + "/" + total);
    out.finish();
    assertThat(told).as("nothing is left to write").hasSize(2);
  }

  @Test
  void aLengthThatTheHeaderContradictsIsDamage() {
    byte[] file = written(out -> out.bytes(counted(100)));
    for (long body : new long[] {99, 101, -1, 168, 169, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> reader(file, body))
          .as("%d", body)
          .isInstanceOfSatisfying(
              CorruptDataException.class,
              e -> {
                assertThat(e.file()).isEqualTo("segment");
                assertThat(e.offset()).isEqualTo(168);
                assertThat(e.what())
                    .isEqualTo("it is 168 bytes long, which its header contradicts");
              });
    }
  }

  @Test
  void readingBeyondTheEndIsMalformed() {
    byte[] file = written(out -> out.bytes(counted(6)));
    BlockReader in = reader(file, 6);
    in.u32();
    assertThatThrownBy(() -> in.bytes(3))
        .isInstanceOf(MalformedException.class)
        .hasMessage("3 bytes expected, 2 left");
    in.u16();
    assertThat(in.bytes(0)).isEmpty();
    String what = "the body ends too early";
    assertThatThrownBy(in::u8).isInstanceOf(MalformedException.class).hasMessage(what);
    assertThatThrownBy(() -> in.ints(new int[1], 0, 1))
        .isInstanceOf(MalformedException.class)
        .hasMessage(what);
    assertThatThrownBy(() -> reader(written(out -> {}), 0).u8()).hasMessage(what);
  }

  @Test
  void aCountIsAtMostWhatIsAllowed() {
    byte[] file =
        written(
            out -> {
              out.u32(7);
              out.u32(8);
              out.u32(-1);
              out.u32(0);
            });
    BlockReader in = reader(file, 16);
    assertThat(in.count("a length", 7)).isEqualTo(7);
    assertThatThrownBy(() -> in.count("a length", 7))
        .isInstanceOf(MalformedException.class)
        .hasMessage("a length is 8, at most 7");
    assertThatThrownBy(() -> in.count("a length", 7))
        .hasMessage("a length is 4294967295, at most 7");
    assertThat(in.count("a length", 0)).isZero();
  }

  @Test
  void noByteOfADamagedBlockIsGivenOut() {
    byte[] file = written(out -> out.bytes(counted(2 * PAYLOAD + 9)));
    file[64 + BLOCK + 50] ^= 1;
    BlockReader in = reader(file, 2 * PAYLOAD + 9);
    in.bytes(PAYLOAD);
    assertThatThrownBy(in::u8)
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.offset()).isEqualTo(64 + BLOCK);
              assertThat(e.what()).isEqualTo("a block's checksum does not match");
            });
  }

  @Test
  void theRestIsCheckedPastEveryDamagedBlock() {
    byte[] file = written(out -> out.bytes(counted(4 * PAYLOAD)));
    file[64 + BLOCK] ^= 1;
    file[64 + 4 * BLOCK - 1] ^= 1;
    BlockReader in = reader(file, 4 * PAYLOAD);
    in.u8();
    List<Long> damaged = new ArrayList<>();
    in.checkRest(e -> damaged.add(e.offset()));
    assertThat(damaged).containsExactly(64L + BLOCK, 64L + 3 * BLOCK);
    in.checkRest(e -> damaged.add(e.offset()));
    assertThat(damaged).as("once").hasSize(2);
  }
}
