package org.edgevec.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Entry;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.ReadOnlyException;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StoreFiles;
import org.edgevec.table.Change;

/**
 * The process that meets full disks and is killed: lets several threads write to a database, and
 * one make checkpoints, until a write fails because the disk is full. Then it closes the database,
 * opens it again as soon as there is room, and writes on, until somebody ends it.
 *
 * <p>It fails itself if anything is not as promised: a failure that is not a {@link
 * StorageFullException}, a database that takes writes after one has failed, a checkpoint that
 * failed and left something or took something away, a reopened database with other entries than
 * before.
 *
 * <p>Arguments: the folder, the seed, what is wrong with the disk ({@link TestDiskCalls}), {@code
 * true} if checkpoints come only when asked for (then what a failed one leaves is looked at), and
 * for each writer the number of its first batch. It prints what {@link KillWriter} prints, and
 * {@code full WRITER}, {@code reopening}, {@code refused} (an opening), {@code checkpoint-refused}.
 */
final class FullDiskWriter {

  private static final int REOPEN_PAUSE_MILLIS = 5;

  private final Path folder;
  private final KillScript script;
  private final DiskCalls disk;
  private final boolean manual;
  private final SplitMix64 random;
  private final long[] next = new long[KillScript.WRITERS];

  private FullDiskWriter(Path folder, long seed, DiskCalls disk, boolean manual) {
    this.folder = folder;
    this.script = new KillScript(seed);
    this.disk = disk;
    this.manual = manual;
    this.random = new SplitMix64(seed ^ System.nanoTime());
  }

  /** The arguments of such a process. */
  static List<String> arguments(
      Path folder,
      long seed,
      TestDiskCalls.Defect defect,
      boolean manual,
      IntToLongFunction firstBatch) {
    List<String> arguments = new ArrayList<>();
    arguments.add(folder.toString());
    arguments.add(Long.toString(seed));
    arguments.add(defect.name());
    arguments.add(Boolean.toString(manual));
    for (int writer = 0; writer < KillScript.WRITERS; writer++) {
      arguments.add(Long.toString(firstBatch.applyAsLong(writer)));
    }
    return arguments;
  }

  public static void main(String[] arguments) {
    KillWriter.begin();
    FullDiskWriter process =
        new FullDiskWriter(
            Path.of(arguments[0]),
            Long.parseLong(arguments[1]),
            new TestDiskCalls(TestDiskCalls.Defect.valueOf(arguments[2]), false),
            Boolean.parseBoolean(arguments[3]));
    for (int writer = 0; writer < KillScript.WRITERS; writer++) {
      process.next[writer] = Long.parseLong(arguments[4 + writer]);
    }
    process.run();
  }

  private void run() {
    VectorDatabase db = openWhenThereIsRoom();
    while (true) {
      KillWriter.print("open");
      writeUntilFull(db);
      checkReadOnly(db);
      Map<String, Entry> before = entries(db);
      db.close();
      KillWriter.print("reopening");
      db = openWhenThereIsRoom();
      checkReopened(before, entries(db));
    }
  }

  private VectorDatabase openWhenThereIsRoom() {
    Options options =
        manual
            ? KillWriter.options().checkpointPolicy(CheckpointPolicy.MANUAL)
            : KillWriter.options();
    while (true) {
      try {
        return KillWriter.open(folder, disk, options);
      } catch (StorageFullException e) {
        KillWriter.print("refused");
        KillWriter.pause(REOPEN_PAUSE_MILLIS);
      }
    }
  }

  private void writeUntilFull(VectorDatabase db) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < KillScript.WRITERS; i++) {
      int writer = i;
      threads.add(new Thread(() -> write(db, writer), "writer-" + i));
    }
    threads.add(new Thread(() -> checkpoint(db), "checkpoint"));
    threads.forEach(Thread::start);
    threads.forEach(KillWriter::join);
  }

  /** A batch that failed is written again after reopening: twice the same is the same. */
  private void write(VectorDatabase db, int writer) {
    try {
      while (true) {
        List<Change> changes = script.batch(writer, next[writer]);
        KillWriter.print("submit " + writer);
        KillWriter.write(db, changes);
        next[writer]++;
        KillWriter.print("ack " + writer);
      }
    } catch (StorageFullException e) {
      KillWriter.print("full " + writer);
    } catch (ReadOnlyException e) {
      requireFull(e);
      KillWriter.print("full " + writer);
    }
  }

  private static void requireFull(ReadOnlyException e) {
    if (!(e.getCause() instanceof StorageFullException)) {
      throw new AssertionError("read-only for another reason than a full disk", e);
    }
  }

  private static void checkReadOnly(VectorDatabase db) {
    if (!db.stats().readOnly()) {
      throw new AssertionError("a write failed and the database is not read-only");
    }
    try {
      db.delete("nobody");
    } catch (ReadOnlyException e) {
      requireFull(e);
      return;
    }
    throw new AssertionError("a write failed and the database takes another");
  }

  private static Map<String, Entry> entries(VectorDatabase db) {
    Map<String, Entry> entries = new TreeMap<>();
    for (Entry entry : db.entries()) {
      entries.put(entry.id(), entry);
    }
    return entries;
  }

  /** Every writer's entries are as they were, or with the batch that had failed. */
  private void checkReopened(Map<String, Entry> before, Map<String, Entry> after) {
    for (int writer = 0; writer < KillScript.WRITERS; writer++) {
      KillModel was = KillModel.found(script, writer, next[writer] - 1, ofWriter(writer, before));
      Map<String, Entry> found = ofWriter(writer, after);
      if (!was.matches(found) && !was.after(1).matches(found)) {
        throw new AssertionError(
            "reopened, the entries of writer %d are others than before; %s differs"
                .formatted(writer, was.firstDifference(found)));
      }
    }
  }

  private static Map<String, Entry> ofWriter(int writer, Map<String, Entry> entries) {
    Map<String, Entry> own = new TreeMap<>(entries);
    own.keySet().removeIf(id -> !id.startsWith(KillScript.idPrefix(writer)));
    return own;
  }

  // Checkpoints

  private void checkpoint(VectorDatabase db) {
    try {
      while (true) {
        KillWriter.pause(random.nextInt(60));
        checkpointOnce(db);
      }
    } catch (ReadOnlyException e) {
      requireFull(e);
    }
  }

  private void checkpointOnce(VectorDatabase db) {
    Map<String, byte[]> before = manual ? files() : Map.of();
    KillWriter.print("checkpoint");
    try {
      db.checkpoint();
      KillWriter.print("checkpointed " + db.stats().generation());
    } catch (StorageFullException e) {
      if (manual) {
        checkKept(before, files());
      }
      checkWritesGoOn(db, e);
      KillWriter.print("checkpoint-refused");
    }
  }

  /** Only a write or a sync that failed may make it read-only, which may happen meanwhile. */
  private static void checkWritesGoOn(VectorDatabase db, StorageFullException checkpoint) {
    try {
      db.check(new WriteBatch().delete("nobody"));
    } catch (ReadOnlyException e) {
      if (e.getCause() == checkpoint && !checkpoint.getMessage().startsWith("Cannot sync")) {
        throw new AssertionError("a checkpoint that failed has made it read-only", e);
      }
    }
  }

  /** The files of snapshots and log, with temporary ones. Nobody else deletes any meanwhile. */
  private Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    try {
      for (String name : DatabaseFolder.namesIn(folder)) {
        if (StoreFiles.isStoreFile(name) && !name.equals(StoreFiles.SEAL)) {
          files.put(name, Files.readAllBytes(folder.resolve(name)));
        } else if (FileNames.isTemporary(name) && !name.startsWith(StoreFiles.SEAL)) {
          files.put(name, new byte[0]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Old snapshots and log are untouched (writers may have added to the log), nothing is left. */
  private static void checkKept(Map<String, byte[]> before, Map<String, byte[]> after) {
    before.forEach((name, content) -> checkKept(name, content, after.get(name)));
    for (String name : after.keySet()) {
      if (FileNames.isTemporary(name)) {
        throw new AssertionError("a failed checkpoint left " + name);
      }
      if (StoreFiles.Kind.MANIFEST.number(name) >= 0 && !before.containsKey(name)) {
        throw new AssertionError("a failed checkpoint made " + name);
      }
    }
  }

  private static void checkKept(String name, byte[] before, byte[] after) {
    boolean isLog = StoreFiles.Kind.WAL.number(name) >= 0;
    if (after == null
        || (!isLog && after.length != before.length)
        || !Arrays.equals(before, Arrays.copyOf(after, before.length))) {
      throw new AssertionError("a failed checkpoint changed " + name);
    }
  }
}
