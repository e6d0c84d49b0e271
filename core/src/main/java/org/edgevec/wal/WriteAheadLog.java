package org.edgevec.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.Checksum;
import org.edgevec.storage.Durability;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.wal.WalFormat.FrameHeader;
import org.jspecify.annotations.Nullable;

/**
 * Appends batches to the log and makes them durable.
 *
 * <p>Each session, and each checkpoint, begins a new file with a new random epoch; a file that was
 * read back is never appended to, so what a crash left behind it cannot mix with what comes now.
 * The file is made by the first append, and its header is durable before any frame is written:
 * frames behind a bad header are therefore damage, never a crash.
 *
 * <p>After any exception of {@link #append} or {@link #sync} the log must not be written any more.
 * One thread at a time appends, syncs, rotates and seals; the sizes may be read by any.
 */
public final class WriteAheadLog {

  private static final int FLUSH_BYTES = 4 << 20;
  private static final int INITIAL_BUFFER_BYTES = 8 << 10;

  private final StorageBackend storage;
  private final StoreId storeId;
  private final Durability durability;
  private final LongSupplier randomLong;

  @GuardedBy("this")
  private final TreeMap<Long, Long> sizes = new TreeMap<>();

  private final Checksum crc = new Checksum();
  private ByteWriter buffer = new ByteWriter(INITIAL_BUFFER_BYTES);

  private long nextNumber;
  private volatile long lastSequence;
  private long syncedSequence;
  private volatile long sealedSequence;
  private @Nullable String current;
  private long currentNumber;
  private int formatVersion;
  private long epoch;
  private int chain;

  /** Where a log stands when it is opened for appending. */
  public record Start(
      long nextNumber, long lastSequence, long sealedSequence, Map<Long, Long> sizes) {}

  /**
   * @param start where it stands; everything up to its last sequence is durable
   * @param randomLong where epochs come from
   */
  public WriteAheadLog(
      StorageBackend storage,
      StoreId storeId,
      Durability durability,
      LongSupplier randomLong,
      Start start) {
    this.storage = storage;
    this.storeId = storeId;
    this.durability = durability;
    this.randomLong = randomLong;
    this.nextNumber = start.nextNumber();
    this.lastSequence = start.lastSequence();
    this.syncedSequence = start.lastSequence();
    this.sealedSequence = start.sealedSequence();
    this.sizes.putAll(start.sizes());
  }

  /** One batch to append. */
  public interface Batch {
    byte[] payload();

    /** How many records the payload holds. */
    int count();

    /** The lowest format version of a file that may hold it. */
    int formatVersion();
  }

  /** Makes room for batches, so that {@link #append} needs hardly any memory. */
  public void reserve(List<? extends Batch> batches) {
    int most = 0;
    int size = 0;
    for (Batch batch : batches) {
      size += WalFormat.FRAME_HEADER_BYTES + batch.payload().length + WalFormat.CRC_BYTES;
      most = Math.max(most, size);
      if (size >= FLUSH_BYTES) {
        size = 0;
      }
    }
    buffer.reserve(most);
  }

  /**
   * Appends batches in order; they are durable after {@link #sync}. A batch of a newer format
   * version than the current file's begins another file.
   */
  public void append(List<? extends Batch> batches) {
    for (Batch batch : batches) {
      if (current == null || batch.formatVersion() > formatVersion) {
        flush();
        rotate();
        begin(batch.formatVersion());
      }
      encode(batch);
      if (buffer.size() >= FLUSH_BYTES) {
        flush();
      }
    }
    flush();
  }

  private void begin(int version) {
    formatVersion = version;
    currentNumber = nextNumber++;
    epoch = randomLong.getAsLong();
    String name = StoreFiles.Kind.WAL.name(currentNumber);
    byte[] header =
        new FileHeader(
                FileHeader.Kind.WAL,
                version,
                storeId,
                currentNumber,
                epoch,
                lastSequence + 1,
                syncedSequence)
            .encode();
    chain = FileHeader.crcOf(header);
    storage.append(name, header, 0, header.length);
    storage.sync(name, Durability.STRICT);
    current = name;
    grow(header.length);
  }

  private void encode(Batch batch) {
    byte[] payload = batch.payload();
    long sequence = lastSequence + 1;
    FrameHeader header =
        new FrameHeader(payload.length, epoch, sequence, syncedSequence, batch.count());
    lastSequence = sequence;
    chain = WalFormat.encode(buffer, crc, header, payload, chain);
  }

  private void flush() {
    if (buffer.size() > 0 && current != null) {
      storage.append(current, buffer.array(), 0, buffer.size());
      grow(buffer.size());
      clearBuffer();
    }
  }

  /** Empties the buffer, and lets go of one that a huge batch has blown up. */
  private void clearBuffer() {
    if (buffer.array().length > 2 * FLUSH_BYTES) {
      buffer = new ByteWriter(INITIAL_BUFFER_BYTES);
    } else {
      buffer.clear();
    }
  }

  /** Makes everything appended as durable as the database was opened for. */
  public void sync() {
    if (current != null) {
      storage.sync(current, durability);
      if (durability == Durability.STRICT) {
        syncedSequence = lastSequence;
      }
    }
  }

  /** Makes everything appended durable, whatever the database was opened for. */
  public void syncStrictly() {
    if (current != null && syncedSequence < lastSequence) {
      storage.sync(current, Durability.STRICT);
      syncedSequence = lastSequence;
    }
  }

  /**
   * Makes everything durable and ends the current file; the next append begins another.
   *
   * @return the number of that next file: what comes later is in it and those after it
   */
  public long rotate() {
    syncStrictly();
    current = null;
    return nextNumber;
  }

  /** Makes everything durable and attests it in the seal file, unless that was done. */
  public void seal() {
    syncStrictly();
    if (sealedSequence < syncedSequence) {
      Seal.write(storage, storeId, syncedSequence, currentNumber, sizeOf(currentNumber));
      sealedSequence = syncedSequence;
    }
  }

  /** Tells that a manifest attests a sequence, so that no seal is needed up to there. */
  public void attested(long sequence) {
    sealedSequence = Math.max(sealedSequence, sequence);
  }

  /** Whether a seal would attest more than is attested. */
  public boolean needsSeal() {
    return sealedSequence < lastSequence;
  }

  /** The sequence of the last batch appended. */
  public long lastSequence() {
    return lastSequence;
  }

  /** Bytes in the files numbered from {@code from} up to but not {@code to}. */
  public synchronized long bytesBetween(long from, long to) {
    long sum = 0;
    for (long size : sizes.subMap(from, Math.max(from, to)).values()) {
      sum += size;
    }
    return sum;
  }

  /** How many files there are from a number on. */
  public synchronized int filesFrom(long number) {
    return sizes.tailMap(number).size();
  }

  /** Deletes the files numbered below {@code number}. */
  public void deleteBefore(long number) {
    for (long old : numbersBefore(number)) {
      storage.delete(StoreFiles.Kind.WAL.name(old));
      forget(old);
    }
  }

  private synchronized List<Long> numbersBefore(long number) {
    return List.copyOf(sizes.headMap(number).keySet());
  }

  private synchronized void forget(long number) {
    sizes.remove(number);
  }

  private synchronized void grow(long bytes) {
    Long size = sizes.get(currentNumber);
    sizes.put(currentNumber, (size == null ? 0 : size) + bytes);
  }

  private synchronized long sizeOf(long number) {
    Long size = sizes.get(number);
    return size == null ? 0 : size;
  }
}
