package org.edgevec.file;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.table.Change;

/**
 * The process that is killed: opens a database and lets several threads write to it without pause,
 * and one make checkpoints, until somebody ends it.
 *
 * <p>Arguments: the folder, the seed, a {@link Defect}, and for each writer the number of its first
 * batch. It prints one line for each event, without a buffer, so that what it printed is known
 * although it is killed: {@code start}, {@code open}, {@code submit WRITER}, {@code ack WRITER},
 * {@code checkpoint}, {@code checkpointed}, {@code failed WHY}.
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
  private static final CheckpointPolicy BUSY = new CheckpointPolicy(64 << 10, 256 << 10);

  private static final OutputStream OUTPUT = new FileOutputStream(FileDescriptor.out);

  private final VectorDatabase db;
  private final KillScript script;
  private final Defect defect;

  private KillWriter(VectorDatabase db, KillScript script, Defect defect) {
    this.db = db;
    this.script = script;
    this.defect = defect;
  }

  static Options options() {
    return Options.of(KillScript.DIMENSION, Metric.L2).checkpointPolicy(BUSY);
  }

  public static void main(String[] arguments) {
    print("start");
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> giveUp(e));
    VectorDatabase db = EdgeVec.open(Path.of(arguments[0]), options());
    print("open");
    long seed = Long.parseLong(arguments[1]);
    KillWriter writer = new KillWriter(db, new KillScript(seed), Defect.valueOf(arguments[2]));
    for (int i = 0; i < KillScript.WRITERS; i++) {
      int number = i;
      long first = Long.parseLong(arguments[3 + i]);
      new Thread(() -> writer.writeForever(number, first), "writer-" + i).start();
    }
    writer.checkpointForever(new SplitMix64(seed ^ System.nanoTime()));
  }

  private static void giveUp(Throwable e) {
    e.printStackTrace();
    print("failed " + e.toString().replace('\n', ' '));
    Runtime.getRuntime().halt(3);
  }

  private void writeForever(int writer, long first) {
    for (long number = first; ; number++) {
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
    if (changes.size() == 1) {
      writeAlone(changes.get(0));
    } else if (defect == Defect.SPLITS_BATCHES) {
      int half = changes.size() / 2;
      db.write(batchOf(changes.subList(0, half)));
      db.write(batchOf(changes.subList(half, changes.size())));
    } else {
      db.write(batchOf(changes));
    }
  }

  private void writeAlone(Change change) {
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
      print("checkpoint");
      db.checkpoint();
      print("checkpointed");
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /** One write per line, so that lines of several threads do not mix. */
  private static void print(String line) {
    try {
      OUTPUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
