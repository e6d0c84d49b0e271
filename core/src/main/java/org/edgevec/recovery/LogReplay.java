package org.edgevec.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.edgevec.bytes.MalformedException;
import org.edgevec.snapshot.Manifest;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.wal.WalReader;
import org.jspecify.annotations.Nullable;

/**
 * Applies the log, usually to a table, and decides what a frame that does not hold means.
 *
 * <p><b>The rule.</b> Whatever is found anywhere (frames, file headers, the seal, the manifest)
 * attests how far the log had been durable. A bad frame, or an end, at or below that sequence is
 * damage: acknowledged data is gone, and nothing may paper over it. A bad frame above it in the
 * last file is a tail that was never acknowledged, and is cut off.
 *
 * <p>Recovery stops at the first damage. Verification has each told to a listener, and goes on
 * behind it as well as it can.
 *
 * <p>Changes no file. Used once.
 */
final class LogReplay {

  private final StorageBackend storage;
  private final StoreId storeId;
  private final Target target;
  private final @Nullable Consumer<CorruptDataException> onDamage;
  private final TreeMap<Long, Long> sizes = new TreeMap<>();
  private final TreeMap<Long, Long> lastSequences = new TreeMap<>();
  private final List<String> unborn = new ArrayList<>();
  private long lastSequence;
  private long attested;
  private long batches;
  private long records;
  private boolean pastSnapshot;
  private boolean headersSearched;
  private boolean unreadableBehind;
  private boolean missing;
  private @Nullable TornTail tornTail;

  /** The end of a log file that was never acknowledged. */
  record TornTail(String name, long offset, long size) {}

  /** Takes the records of one frame. */
  interface Target {
    /**
     * @throws MalformedException if they are not what {@link org.edgevec.table.RecordCodec} writes
     */
    void apply(byte[] payload, int offset, int length, int count);
  }

  /**
   * @param target takes what the frames hold
   * @param onDamage is told of each damage, in order; if null, the first is thrown
   * @param lastSequence the last batch that the target holds
   * @param attested up to which batch the log is known to have been durable
   */
  LogReplay(
      StorageBackend storage,
      StoreId storeId,
      Target target,
      @Nullable Consumer<CorruptDataException> onDamage,
      long lastSequence,
      long attested) {
    this.storage = storage;
    this.storeId = storeId;
    this.target = target;
    this.onDamage = onDamage;
    this.lastSequence = lastSequence;
    this.attested = Math.max(attested, lastSequence);
  }

  /**
   * Replays the log files numbered from {@code firstNumber} on.
   *
   * @param newest the newest snapshot that serves. The log files that are part of it were whole and
   *     durable when it was made, so that none of them ends in a torn tail, and end with its last
   *     batch
   * @throws CorruptDataException at damage, if nobody is to be told of it; the target then holds
   *     everything before it
   */
  void run(long firstNumber, Manifest newest) {
    for (String name : storage.list()) {
      long number = StoreFiles.Kind.WAL.number(name);
      if (number >= 0) {
        sizes.put(number, sizeOf(name));
      }
    }
    for (long number : List.copyOf(sizes.tailMap(firstNumber).keySet())) {
      replayOrTell(number, newest);
    }
    if (lastSequence > newest.lastSequence()) {
      expectSnapshotEnd(newest);
    }
    expectAttested(firstNumber);
  }

  /** 0 where it cannot be told; reading the file then tells why. */
  private long sizeOf(String name) {
    try {
      return storage.size(name);
    } catch (StorageIOException e) {
      return 0;
    }
  }

  /** Insists, once, that what is part of a snapshot ends with its last batch. */
  private void expectSnapshotEnd(Manifest newest) {
    if (!pastSnapshot && !missing && lastSequence != newest.lastSequence()) {
      damaged(
          new CorruptDataException(
              newest.fileName(),
              FileHeader.BYTES,
              "it says that batch "
                  + newest.lastSequence()
                  + " is the last before log file "
                  + newest.logNumber()
                  + ", and that is batch "
                  + lastSequence));
    }
    pastSnapshot = true;
  }

  private void expectAttested(long firstNumber) {
    if (lastSequence < attested && !missing) {
      String name = sizes.isEmpty() ? StoreFiles.Kind.WAL.name(firstNumber) : lastName();
      damaged(
          new CorruptDataException(
              name,
              sizes.isEmpty() ? 0 : sizes.lastEntry().getValue(),
              "the log ends with batch "
                  + lastSequence
                  + ", and batch "
                  + attested
                  + " had been durable"));
    }
  }

  private void damaged(CorruptDataException damage) {
    if (onDamage == null) {
      throw damage;
    }
    onDamage.accept(damage);
  }

  private void replayOrTell(long number, Manifest newest) {
    try {
      replayFile(number, newest);
    } catch (CorruptDataException e) {
      damaged(e);
      missing = true;
    }
  }

  private String lastName() {
    return StoreFiles.Kind.WAL.name(sizes.lastKey());
  }

  private void replayFile(long number, Manifest newest) {
    String name = StoreFiles.Kind.WAL.name(number);
    BufferedFile file = new BufferedFile(storage, name);
    // The file may grow, but not for this reader.
    sizes.put(number, file.size());
    if (isUnborn(file)) {
      unborn.add(name);
      return;
    }
    byte[] encoded = file.header();
    FileHeader header = FileHeader.decode(encoded, name, FileHeader.Kind.WAL);
    header.expect(storeId, number, name);
    expectNext(header.second(), name);
    if (number >= newest.logNumber()) {
      expectSnapshotEnd(newest);
    }
    attested = Math.max(attested, header.third());
    replayFrames(number, new WalReader(file, header, encoded));
    lastSequences.put(number, lastSequence);
  }

  /** Insists that a file goes on where the one before ended, unless what is missing was told. */
  private void expectNext(long sequence, String name) {
    long next = lastSequence + 1;
    if (sequence != next && !(missing && sequence > next)) {
      damaged(
          new CorruptDataException(
              name,
              48,
              "it begins with batch " + sequence + ", and batch " + next + " is missing"));
    }
    lastSequence = sequence - 1;
    missing = false;
  }

  /**
   * Whether a file's creation was cut off by a crash. Its header is durable before a frame is
   * written, so a file without a whole header and without anything behind it never held a batch.
   */
  private static boolean isUnborn(BufferedFile file) {
    boolean empty = file.size() <= FileHeader.BYTES;
    return empty && intactHeader(file) == null;
  }

  private static @Nullable FileHeader intactHeader(BufferedFile file) {
    try {
      return FileHeader.decode(file.header(), file.name(), FileHeader.Kind.WAL);
    } catch (CorruptDataException e) {
      if (e.isUnreadable()) {
        throw e;
      }
      return null;
    }
  }

  private void replayFrames(long number, WalReader in) {
    String name = StoreFiles.Kind.WAL.name(number);
    boolean more = true;
    while (more) {
      replayIntact(name, in);
      more = !in.atEnd() && judge(number, in);
    }
  }

  private void replayIntact(String name, WalReader in) {
    while (in.next(lastSequence + 1)) {
      apply(name, in);
      lastSequence++;
      batches++;
      records += in.count();
      attested = Math.max(attested, in.syncedSequence());
    }
  }

  private void apply(String name, WalReader in) {
    try {
      target.apply(in.payload(), in.payloadOffset(), in.payloadLength(), in.count());
    } catch (MalformedException e) {
      damaged(
          new CorruptDataException(
              name, in.offset(), "the batch that ends there holds " + e.what()));
    }
  }

  /**
   * Decides what a bad frame means.
   *
   * @return whether reading goes on behind it
   */
  private boolean judge(long number, WalReader in) {
    String name = StoreFiles.Kind.WAL.name(number);
    String problem = in.problem();
    attested = Math.max(attested, in.attestedBehind());
    attested = Math.max(attested, attestedByHeadersAfter(number));
    boolean last = number == lastBornNumber() && pastSnapshot && !unreadableBehind;
    if (last && attested <= lastSequence) {
      tornTail = new TornTail(name, in.offset(), sizes.getOrDefault(number, 0L));
      return false;
    }
    damaged(
        new CorruptDataException(
            name, in.offset(), problem + ", and what stood there had been durable"));
    return resume(in);
  }

  private boolean resume(WalReader in) {
    long sequence = in.resume();
    missing = sequence < 0;
    if (!missing) {
      lastSequence = sequence - 1;
    }
    return !missing;
  }

  /** Looks only once: the first bad frame has all those files behind it that others have. */
  private long attestedByHeadersAfter(long number) {
    long highest = -1;
    if (headersSearched) {
      return highest;
    }
    headersSearched = true;
    for (long later : sizes.tailMap(number, false).keySet()) {
      highest = Math.max(highest, attestedByHeader(StoreFiles.Kind.WAL.name(later)));
    }
    return highest;
  }

  private long attestedByHeader(String name) {
    try {
      FileHeader header = intactHeader(new BufferedFile(storage, name));
      return header == null ? -1 : header.third();
    } catch (CorruptDataException e) {
      // Nobody knows what it attests. It is told when it is its turn.
      unreadableBehind = true;
      return -1;
    }
  }

  /** The last file that ever held a frame, or may have. */
  private long lastBornNumber() {
    long last = -1;
    for (var entry : sizes.entrySet()) {
      if (entry.getValue() > FileHeader.BYTES) {
        last = entry.getKey();
      }
    }
    return last;
  }

  /** The sizes of all log files, by number. */
  TreeMap<Long, Long> sizes() {
    return sizes;
  }

  /** Log files whose creation was cut off; they hold nothing. */
  List<String> unborn() {
    return unborn;
  }

  /** The replayed log files with batches that nothing attests, or that others may append to. */
  List<Long> notSettled() {
    List<Long> numbers = new ArrayList<>();
    for (var entry : lastSequences.entrySet()) {
      long number = entry.getKey();
      if (entry.getValue() > attested || storage.mayGrow(StoreFiles.Kind.WAL.name(number))) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** The tail to cut off, or null if the log ends cleanly. */
  @Nullable TornTail tornTail() {
    return tornTail;
  }

  /** The last batch that was applied, or that the table held before. */
  long lastSequence() {
    return lastSequence;
  }

  /** Up to which batch the log is known to be durable. */
  long attested() {
    return attested;
  }

  long batches() {
    return batches;
  }

  long records() {
    return records;
  }
}
