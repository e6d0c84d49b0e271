package org.edgevec.file;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.PersistenceException;
import org.edgevec.table.Change;

/**
 * The process that is killed: opens a database and lets several threads write to it without pause,
 * and one make checkpoints, until somebody ends it.
 *
 * <p>Arguments: the folder, the seed, a {@link Life}, and for each writer the number of its first
 * batch.
 *
 * <p>It prints one line for each event, without a buffer, so that what it printed is known although
 * it is killed: {@code start}, {@code open}, {@code submit WRITER}, {@code ack WRITER}, {@code
 * checkpoint}, {@code checkpointed GENERATION}, {@code renamed}, {@code failed WHY}.
 */
final class KillWriter {

  /** What is wrong with a writer on purpose, to see that the harness finds it. */
  enum Defect {
    NONE,
    /** Acknowledges a batch and writes it then. */
    ACKNOWLEDGES_TOO_EARLY,
    /** Writes the two halves of a batch one after the other. */
    SPLITS_BATCHES
  }

  /** Small, so that checkpoints come by themselves, too, in the short life of such a process. */
  private static final CheckpointPolicy BUSY = CheckpointPolicy.of(64 << 10, 256 << 10);

  /** Fewer than so many batches are written by each thread of a quiet writer. */
  private static final int QUIET_BATCHES = 10;

  private static final OutputStream OUTPUT = new FileOutputStream(FileDescriptor.out);

  private final VectorDatabase db;
  private final KillScript script;
  private final Defect defect;

  private KillWriter(VectorDatabase db, KillScript script, Defect defect) {
    this.db = db;
    this.script = script;
    this.defect = defect;
  }

  /**
   * How such a process lives.
   *
   * @param defect what is wrong with the writer
   * @param diskDefect what is wrong with its storage
   * @param slowDisk whether the disk takes its time
   * @param quiet whether it writes little, makes a checkpoint and then does nothing, so that
   *     nothing it writes later makes durable what was to be durable before
   */
  record Life(Defect defect, TestDiskCalls.Defect diskDefect, boolean slowDisk, boolean quiet) {

    /** As usual. */
    static final Life BUSY = new Life(Defect.NONE, TestDiskCalls.Defect.NONE, false, false);

    /** The arguments of a process that lives so. */
    List<String> arguments(Path folder, long seed, IntToLongFunction firstBatch) {
      List<String> arguments = new ArrayList<>();
      arguments.add(folder.toString());
      arguments.add(Long.toString(seed));
      arguments.add(defect.name());
      arguments.add(diskDefect.name());
      arguments.add(Boolean.toString(slowDisk));
      arguments.add(Boolean.toString(quiet));
      for (int writer = 0; writer < KillScript.WRITERS; writer++) {
        arguments.add(Long.toString(firstBatch.applyAsLong(writer)));
      }
      return arguments;
    }

    private static Life of(String[] arguments) {
      return new Life(
          Defect.valueOf(arguments[2]),
          TestDiskCalls.Defect.valueOf(arguments[3]),
          Boolean.parseBoolean(arguments[4]),
          Boolean.parseBoolean(arguments[5]));
    }

    private static long firstBatch(String[] arguments, int writer) {
      return Long.parseLong(arguments[6 + writer]);
    }

    private DiskCalls disk() {
      return new TestDiskCalls(diskDefect, slowDisk);
    }
  }

  static Options options() {
    return Options.of(KillScript.DIMENSION, Metric.L2).checkpointPolicy(BUSY);
  }

  public static void main(String[] arguments) {
    begin();
    long seed = Long.parseLong(arguments[1]);
    Life life = Life.of(arguments);
    VectorDatabase db = open(Path.of(arguments[0]), life.disk(), options());
    print("open");
    KillWriter writer = new KillWriter(db, new KillScript(seed), life.defect());
    SplitMix64 random = new SplitMix64(seed ^ System.nanoTime());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < KillScript.WRITERS; i++) {
      int number = i;
      long first = Life.firstBatch(arguments, i);
      long end = life.quiet() ? first + random.nextInt(QUIET_BATCHES) : Long.MAX_VALUE;
      threads.add(new Thread(() -> writer.write(number, first, end), "writer-" + i));
    }
    threads.forEach(Thread::start);
    if (life.quiet()) {
      threads.forEach(KillWriter::join);
      writer.checkpoint();
      pause(Long.MAX_VALUE);
    } else {
      writer.checkpointForever(random);
    }
  }

  /** What every writing process does first. */
  static void begin() {
    print("start");
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> giveUp(e));
    Thread parent = new Thread(KillWriter::endWithParent, "parent");
    parent.setDaemon(true);
    parent.start();
  }

  /** Its input ends when whoever started it is gone. */
  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said to it.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().halt(4);
  }

  static VectorDatabase open(Path folder, DiskCalls disk, Options options) {
    return VectorDatabase.open(FileStorage.open(folder, disk), options, new FilePlatform());
  }

  static void giveUp(Throwable e) {
    String what = e instanceof PersistenceException typed ? typed.code() + " " + e : e.toString();
    print("failed " + what.replace('\n', ' '));
    Runtime.getRuntime().halt(3);
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private void write(int writer, long first, long end) {
    for (long number = first; number < end; number++) {
      List<Change> changes = script.batch(writer, number);
      print("submit " + writer);
      if (defect == Defect.ACKNOWLEDGES_TOO_EARLY) {
        print("ack " + writer);
        write(changes);
      } else {
        write(changes);
        print("ack " + writer);
      }
    }
  }

  private void write(List<Change> changes) {
    if (changes.size() > 1 && defect == Defect.SPLITS_BATCHES) {
      int half = changes.size() / 2;
      db.write(batchOf(changes.subList(0, half)));
      db.write(batchOf(changes.subList(half, changes.size())));
    } else {
      write(db, changes);
    }
  }

  /** Writes a batch; one change alone as such. */
  static void write(VectorDatabase db, List<Change> changes) {
    if (changes.size() == 1) {
      writeAlone(db, changes.get(0));
    } else {
      db.write(batchOf(changes));
    }
  }

  private static void writeAlone(VectorDatabase db, Change change) {
    if (change instanceof Change.Put put) {
      db.put(put.id(), put.vector(), put.metadata());
    } else {
      db.delete(change.id());
    }
  }

  private static WriteBatch batchOf(List<Change> changes) {
    WriteBatch batch = new WriteBatch();
    for (Change change : changes) {
      if (change instanceof Change.Put put) {
        batch.put(put.id(), put.vector(), put.metadata());
      } else {
        batch.delete(change.id());
      }
    }
    return batch;
  }

  private void checkpointForever(SplitMix64 random) {
    while (true) {
      pause(random.nextInt(60));
      checkpoint();
    }
  }

  private void checkpoint() {
    print("checkpoint");
    db.checkpoint();
    print("checkpointed " + db.stats().generation());
  }

  static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /** One write per line, so that lines of several threads do not mix. */
  static void print(String line) {
    try {
      OUTPUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
