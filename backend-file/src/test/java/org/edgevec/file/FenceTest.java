package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.Durability;
import org.edgevec.storage.ReadOnlyException;
import org.edgevec.storage.StorageLockedException;
import org.edgevec.storage.StoreFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two that write to one folder, since the first lost its lock: the first is stopped in time. */
@Timeout(600)
class FenceTest {

  /** How often under load; {@code -Dedgevec.fences=100} for the long run. */
  private static final int ROUNDS = Integer.getInteger("edgevec.fences", 6);

  private static final String LOG = StoreFiles.Kind.WAL.name(1);

  @TempDir Path parent;

  @ParameterizedTest
  @ValueSource(strings = {"copy", "remove", "rename"})
  void nothingThatEitherOfTwoWritersAcknowledgedIsLost(String way) throws Exception {
    int[] sums = new int[2];
    try (ChildJvm other = ChildJvm.start(FenceWriter.class, List.of());
        Writer orders = other.process().outputWriter(StandardCharsets.UTF_8)) {
      for (int round = 0; round < ROUNDS; round++) {
        Path folder = Files.createDirectory(parent.resolve(way + round)).resolve("db");
        round(folder, way, other, orders, sums);
      }
    }
    System.out.println(
        "FenceTest, " + way + ": " + ROUNDS + " rounds, acknowledged " + Arrays.toString(sums));
    assertThat(sums[0]).isPositive();
    assertThat(sums[1]).isPositive();
  }

  private void round(Path folder, String way, ChildJvm other, Writer orders, int[] sums)
      throws Exception {
    order(other, orders, folder.toString(), "open");
    Thread.sleep(100);
    order(other, orders, way, "done");
    int[] own;
    int[] acknowledgedByOther;
    try (VectorDatabase db = FenceWriter.open(folder)) {
      FenceWriter writer = new FenceWriter(db, "b");
      orders.write("close\n");
      orders.flush();
      String answer = String.valueOf(other.output().readLine());
      assertThat(other.output().readLine()).isEqualTo("closed");
      assertThat(answer).matches(way.equals("rename") ? ".* (LOCKED|LOST)" : ".* LOCKED");
      acknowledgedByOther = counts(answer);
      Thread.sleep(50);
      writer.stop();
      own = writer.join();
      assertThat(writer.refusal()).isNull();
      sums[0] +=
          way.equals("rename")
              ? expectAll(folder.resolveSibling("renamed"), "a", acknowledgedByOther)
              : expectAll(db, "a", acknowledgedByOther);
    }
    if (!way.equals("rename")) {
      expectAll(folder, "a", acknowledgedByOther);
    }
    sums[1] += expectAll(folder, "b", own);
    assertThat(EdgeVec.verify(folder).damage()).isEmpty();
  }

  private static void order(ChildJvm other, Writer orders, String line, String answer)
      throws IOException {
    orders.write(line + "\n");
    orders.flush();
    assertThat(other.output().readLine()).isEqualTo(answer);
  }

  private static int[] counts(String answer) {
    String[] words = answer.split(" ", -1);
    int[] counts = new int[FenceWriter.THREADS];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = Integer.parseInt(words[i]);
    }
    return counts;
  }

  private static int expectAll(Path folder, String prefix, int[] counts) {
    try (VectorDatabase db = EdgeVec.open(folder)) {
      return expectAll(db, prefix, counts);
    }
  }

  private static int expectAll(VectorDatabase db, String prefix, int[] counts) {
    List<String> missing = new ArrayList<>();
    int sum = 0;
    for (int thread = 0; thread < counts.length; thread++) {
      for (int i = 0; i < counts[thread]; i++) {
        if (!db.contains(FenceWriter.id(prefix, thread, i))) {
          missing.add(FenceWriter.id(prefix, thread, i));
        }
      }
      sum += counts[thread];
    }
    assertThat(missing).isEmpty();
    return sum;
  }

  /** What lets others in without this process's doing. */
  enum Way {
    TOKEN_OF_ANOTHER {
      @Override
      void take(Path lockFile) throws IOException {
        Files.writeString(lockFile, "somebody else");
      }
    },
    CLOSED_BY_ANOTHER {
      @Override
      void take(Path lockFile) throws IOException {
        Files.writeString(lockFile, "");
      }
    },
    REMOVED {
      @Override
      void take(Path lockFile) throws IOException {
        Files.delete(lockFile);
      }
    },
    REPLACED {
      @Override
      void take(Path lockFile) throws IOException {
        Path copy = lockFile.resolveSibling("copy");
        Files.copy(lockFile, copy);
        Files.move(copy, lockFile, StandardCopyOption.REPLACE_EXISTING);
      }
    };

    abstract void take(Path lockFile) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void everyChangeOfAFolderThatWasTakenIsRefused(Way way) throws IOException {
    Path folder = parent.resolve("db");
    try (FileStorage storage = FileStorage.open(folder)) {
      storage.append(LOG, new byte[10], 0, 10);
      storage.sync(LOG, Durability.STRICT);
      way.take(folder.resolve(FileNames.LOCK));
      storage.append(LOG, new byte[10], 0, 10);
      for (Durability durability : Durability.values()) {
        expectLocked(() -> storage.sync(LOG, durability));
      }
      expectLocked(() -> storage.truncate(LOG, 5));
      expectLocked(() -> storage.delete(LOG));
      expectLocked(() -> storage.append("new", new byte[1], 0, 1));
      expectLocked(() -> storage.atomicWrite("new", sink -> {}));
      expectLocked(() -> storage.atomicWrite(LOG, sink -> {}));
      assertThat(storage.list()).doesNotContain("new").contains(LOG);
      assertThat(storage.size(LOG)).isEqualTo(20);
    }
    if (way == Way.TOKEN_OF_ANOTHER) {
      // Who was shut out leaves the other's mark alone.
      assertThat(folder.resolve(FileNames.LOCK)).hasContent("somebody else");
    }
  }

  private static void expectLocked(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(StorageLockedException.class)
        .hasMessageContaining(FileNames.LOCK)
        .hasMessageContaining("close the database");
  }

  @Test
  void aDatabaseWhoseFolderWasTakenReadsOn() throws IOException {
    Path folder = parent.resolve("db");
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      db.put("a", new float[] {1, 2});
      Files.delete(folder.resolve(FileNames.LOCK));
      assertThatThrownBy(() -> db.put("b", new float[2]))
          .isInstanceOf(StorageLockedException.class);
      assertThatThrownBy(() -> db.put("c", new float[2])).isInstanceOf(ReadOnlyException.class);
      assertThat(db.ids()).containsExactly("a");
    }
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.ids()).startsWith("a").doesNotContain("c");
    }
  }

  @Test
  void aLogThatMayStillGrowIsReplacedAndThenGrowsForNobody() throws IOException {
    Path folder = parent.resolve("db");
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      db.put("a", new float[] {1, 2});
    }
    Path log = folder.resolve(LOG);
    Object before = keyOf(log);
    EdgeVec.open(folder).close();
    assertThat(keyOf(log)).isEqualTo(before);
    Files.writeString(folder.resolve(FileNames.LOCK), "somebody who did not close it");
    EdgeVec.open(folder).close();
    assertThat(keyOf(log)).isNotEqualTo(before);
    assertThat(folder.resolve(FileNames.LOCK)).hasContent("closed");
  }

  private static Object keyOf(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /**
   * The log that the first writer has open is sealed and so wholly attested: nothing about it says
   * that somebody may still append to it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"copy", "remove"})
  void aWriterThatWasIdleWhenItLostTheLockSpoilsNothing(String way) throws Exception {
    Path folder = parent.resolve("db");
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      db.put("a", new float[] {1, 2});
      while (!Files.exists(folder.resolve(StoreFiles.SEAL))) {
        Thread.sleep(10);
      }
      if (way.equals("copy")) {
        Files.copy(folder.resolve(FileNames.LOCK), parent.resolve("copy"));
      } else {
        Files.delete(folder.resolve(FileNames.LOCK));
      }
      putElsewhere(folder, "b");
      assertThatThrownBy(() -> db.put("c", new float[2]))
          .isInstanceOf(StorageLockedException.class);
    }
    putElsewhere(folder, "d");
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.ids()).containsExactly("a", "b", "d");
    }
    assertThat(EdgeVec.verify(folder).damage()).isEmpty();
  }

  private static void putElsewhere(Path folder, String id) throws Exception {
    try (ChildJvm other = ChildJvm.start(FencePut.class, List.of(), folder.toString(), id)) {
      assertThat(other.output().readLine()).isEqualTo("stored");
      other.finish();
    }
  }

  @Test
  void whoOnlyReadsLeavesALogThatMayGrowToTheNext() throws IOException {
    Path folder = parent.resolve("db");
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      db.put("a", new float[] {1, 2});
    }
    Files.writeString(folder.resolve(FileNames.LOCK), "somebody who did not close it");
    assertThat(EdgeVec.verify(folder).damage()).isEmpty();
    assertThat(Files.readString(folder.resolve(FileNames.LOCK))).isNotEqualTo("closed");
  }

  @Test
  void theLookTakesMicroseconds() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("db"));
    FolderLock lock = FolderLock.acquire(folder, DiskCalls.SYSTEM);
    try {
      long nanos = 0;
      for (int round = 0; round < 20; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
          lock.file().check();
        }
        nanos = (System.nanoTime() - start) / 1000;
      }
      System.out.println("FenceTest: a look takes " + nanos + " ns");
      assertThat(nanos).isLessThan(200_000);
    } finally {
      lock.release();
    }
  }
}
