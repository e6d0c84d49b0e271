package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt neither stops nor spoils a call, and is still there after it. */
@Timeout(60)
class FileStorageInterruptTest {

  @TempDir Path parent;

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @Test
  void everyCallWorksInAnInterruptedThreadAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();
    FileStorage storage = FileStorage.open(parent.resolve("db"));
    checkStillInterrupted("open");
    storage.append("log", new byte[] {1, 2, 3}, 0, 3);
    checkStillInterrupted("append");
    storage.sync("log", Durability.STRICT);
    checkStillInterrupted("sync");
    storage.atomicWrite("m", sink -> sink.write(new byte[70_000], 0, 70_000));
    checkStillInterrupted("atomicWrite");
    storage.truncate("log", 2);
    checkStillInterrupted("truncate");
    byte[] read = new byte[2];
    storage.read("log", 0, read, 0, 2);
    checkStillInterrupted("read");
    assertThat(read).containsExactly(1, 2);
    assertThat(storage.list()).containsExactly("log", "m");
    checkStillInterrupted("list");
    assertThat(storage.size("m")).isEqualTo(70_000);
    checkStillInterrupted("size");
    storage.delete("m");
    checkStillInterrupted("delete");
    storage.close();
    checkStillInterrupted("close");
    try (FileStorage again = FileStorage.open(parent.resolve("db"))) {
      assertThat(again.list()).containsExactly("log");
    }
  }

  @Test
  void aStormOfInterruptsLosesNoWrite() throws InterruptedException {
    int rounds = 300;
    List<InterruptedWriter> writers = new ArrayList<>();
    try (FileStorage storage = FileStorage.open(parent.resolve("db"))) {
      for (int i = 0; i < 4; i++) {
        writers.add(new InterruptedWriter(storage, i, rounds));
      }
      writers.forEach(Thread::start);
      interruptWhileAlive(writers);
      for (InterruptedWriter writer : writers) {
        assertThat(writer.failure).as("writer %s", writer.getName()).isNull();
        assertThat(writer.interruptsSeen.get()).as("interrupts that arrived").isGreaterThan(10);
      }
    }
    try (FileStorage storage = FileStorage.open(parent.resolve("db"))) {
      for (InterruptedWriter writer : writers) {
        writer.check(storage);
      }
    }
  }

  private static void interruptWhileAlive(List<InterruptedWriter> writers)
      throws InterruptedException {
    for (InterruptedWriter writer : writers) {
      while (writer.isAlive()) {
        writers.forEach(Thread::interrupt);
        LockSupport.parkNanos(50_000);
      }
      writer.join();
    }
  }

  private static void checkStillInterrupted(String after) {
    assertThat(Thread.currentThread().isInterrupted()).as("interrupted after " + after).isTrue();
  }

  /** Appends, syncs and replaces while others interrupt it. */
  private static final class InterruptedWriter extends Thread {

    final AtomicInteger interruptsSeen = new AtomicInteger();
    volatile Throwable failure;

    private final StorageBackend storage;
    private final String log;
    private final String whole;
    private final int rounds;

    InterruptedWriter(StorageBackend storage, int number, int rounds) {
      super("writer-" + number);
      this.storage = storage;
      this.log = "log-" + number;
      this.whole = "whole-" + number;
      this.rounds = rounds;
    }

    @Override
    public void run() {
      try {
        for (int i = 0; i < rounds; i++) {
          writeOnce(i);
        }
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    private void writeOnce(int round) {
      byte[] record = {(byte) round, (byte) (round >> 8), 0x55};
      boolean wasInterrupted = isInterrupted();
      storage.append(log, record, 0, record.length);
      storage.sync(log, Durability.STRICT);
      if (round % 10 == 0) {
        storage.atomicWrite(whole, sink -> sink.write(record, 0, record.length));
      }
      if (wasInterrupted && !isInterrupted()) {
        throw new AssertionError("the interrupt was swallowed in round " + round);
      }
      if (Thread.interrupted()) {
        interruptsSeen.incrementAndGet();
      }
    }

    void check(StorageBackend reopened) {
      byte[] all = new byte[rounds * 3];
      assertThat(reopened.size(log)).isEqualTo(all.length);
      reopened.read(log, 0, all, 0, all.length);
      for (int i = 0; i < rounds; i++) {
        assertThat(all[i * 3]).isEqualTo((byte) i);
        assertThat(all[i * 3 + 1]).isEqualTo((byte) (i >> 8));
      }
      assertThat(reopened.size(whole)).isEqualTo(3);
    }
  }
}
