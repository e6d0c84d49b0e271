package org.edgevec.snapshot;

import java.util.Arrays;
import java.util.function.Consumer;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.MalformedException;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;

/**
 * Reads the body that {@link BlockWriter} wrote, front to back, checking each block before it gives
 * out a byte of it. Not thread-safe.
 */
final class BlockReader {

  /** As much memory is taken before a block was checked. */
  private static final int FIRST_BYTES = 1 << 20;

  private final BufferedFile file;
  private final int headerCrc;
  private final long bodyBytes;
  private final Checksum crc = new Checksum();
  private byte[] block = new byte[0];
  private int position;
  private int end;
  private int blockStart;
  private int index;

  /**
   * @param header the file's header as bytes, checked
   * @param bodyBytes how long the header says that the body is
   * @throws CorruptDataException if the file has another length than that makes
   */
  BlockReader(BufferedFile file, byte[] header, long bodyBytes) {
    this.file = file;
    this.headerCrc = FileHeader.crcOf(header);
    this.bodyBytes = bodyBytes;
    boolean possible = bodyBytes >= 0 && bodyBytes <= file.size();
    if (!possible || BlockWriter.fileBytes(bodyBytes) != file.size()) {
      throw new CorruptDataException(
          file.name(),
          file.size(),
          "it is " + file.size() + " bytes long, which its header contradicts");
    }
  }

  /** How many bytes of the body are not read yet. */
  long remaining() {
    return bodyBytes - bodyPosition();
  }

  private long bodyPosition() {
    return index == 0 ? 0 : (index - 1L) * BlockWriter.PAYLOAD_BYTES + (position - blockStart);
  }

  /** Where in the file the next byte is read from. */
  long fileOffset() {
    long body = bodyPosition();
    return FileHeader.BYTES + body + body / BlockWriter.PAYLOAD_BYTES * BlockWriter.CRC_BYTES;
  }

  int u8() {
    if (position == end) {
      nextBlock();
    }
    return block[position++] & 0xff;
  }

  int u16() {
    return u8() | u8() << 8;
  }

  int u32() {
    return u16() | u16() << 16;
  }

  long u64() {
    return (u32() & 0xffffffffL) | (long) u32() << 32;
  }

  /** An unsigned 32-bit number that must not be larger than {@code max}. */
  int count(String what, int max) {
    int value = u32();
    if (value < 0 || value > max) {
      throw new MalformedException(what + " is " + (value & 0xffffffffL) + ", at most " + max);
    }
    return value;
  }

  /** The next bytes, copied. */
  byte[] bytes(int length) {
    if (length > remaining()) {
      throw new MalformedException(length + " bytes expected, " + remaining() + " left");
    }
    byte[] copy = new byte[Math.min(length, FIRST_BYTES)];
    int done = 0;
    while (done < length) {
      if (position == end) {
        nextBlock();
      }
      int part = Math.min(length - done, end - position);
      if (done + part > copy.length) {
        // Only as blocks hold: a file may be long and have nothing in it.
        copy = Arrays.copyOf(copy, (int) Math.min(length, Math.max(2L * copy.length, done + part)));
      }
      System.arraycopy(block, position, copy, done, part);
      position += part;
      done += part;
    }
    return copy;
  }

  /** Takes pieces of a vector. */
  interface VectorSink {

    /**
     * @param index which vector
     * @param component which component is the first
     * @param source little-endian floats
     * @param offset where they begin
     * @param count how many
     */
    void read(int index, int component, byte[] source, int offset, int count);
  }

  /** Hands the next {@code count} floats on as vector {@code index}. */
  void floats(VectorSink sink, int index, int count) {
    int done = 0;
    while (done < count) {
      if (position == end) {
        nextBlock();
      }
      int part = Math.min(count - done, wholeWords());
      sink.read(index, done, block, position, part);
      position += part * Float.BYTES;
      done += part;
    }
  }

  /** Reads 32-bit numbers into a range that the caller has checked; see {@link #floats}. */
  void ints(int[] target, int start, int count) {
    int done = 0;
    while (done < count) {
      if (position == end) {
        nextBlock();
      }
      int part = Math.min(count - done, wholeWords());
      LittleEndian.getInts(block, position, target, start + done, part);
      position += part * Integer.BYTES;
      done += part;
    }
  }

  /** How many words of four bytes the block still has; at least one, or the body is cut off. */
  private int wholeWords() {
    int words = (end - position) / Integer.BYTES;
    if (words == 0) {
      throw new MalformedException("the body ends within a number");
    }
    return words;
  }

  /** Insists that the whole body was read. */
  void expectEnd() {
    if (remaining() != 0) {
      throw new MalformedException(remaining() + " bytes too many");
    }
  }

  /**
   * Reads and then checks what was not read; tells of all that does not hold.
   *
   * @param read reads from here
   * @return whether it got to its end
   */
  boolean check(Runnable read, Consumer<CorruptDataException> onDamage) {
    boolean isWhole = false;
    try {
      read.run();
      isWhole = true;
    } catch (MalformedException e) {
      onDamage.accept(new CorruptDataException(file.name(), fileOffset(), e.what()));
    } catch (CorruptDataException e) {
      // Checking the rest tells of this block, too.
    }
    checkRest(onDamage);
    return isWhole;
  }

  /**
   * Checks the blocks not read yet, and that whose checksum made reading end; tells of each that
   * does not hold.
   */
  void checkRest(Consumer<CorruptDataException> onDamage) {
    while ((long) index * BlockWriter.PAYLOAD_BYTES < bodyBytes) {
      try {
        nextBlock();
      } catch (CorruptDataException e) {
        onDamage.accept(e);
        index++;
      }
    }
  }

  private void nextBlock() {
    long left = bodyBytes - (long) index * BlockWriter.PAYLOAD_BYTES;
    if (left <= 0) {
      throw new MalformedException("the body ends too early");
    }
    int length = (int) Math.min(left, BlockWriter.PAYLOAD_BYTES);
    long at = FileHeader.BYTES + (long) index * BlockWriter.BLOCK_BYTES;
    int start = file.at(at, length + BlockWriter.CRC_BYTES);
    byte[] bytes = file.buffer();
    int expected = BlockWriter.crc(crc, headerCrc, index, bytes, start, length);
    if (LittleEndian.getInt(bytes, start + length) != expected) {
      throw new CorruptDataException(file.name(), at, "a block's checksum does not match");
    }
    block = bytes;
    blockStart = start;
    position = start;
    end = start + length;
    index++;
  }
}
