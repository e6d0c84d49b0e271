package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.edgevec.CheckpointPolicy;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a folder whose database is open: what docs/durability.md says of them. */
@Timeout(120)
final class HotCopyTest {

  private static final int COPIES = Integer.getInteger("edgevec.copies", 40);
  private static final Options OPTIONS =
      Options.of(4, Metric.L2).hnsw(HnswOptions.of(4, 16).minEntries(100));

  @TempDir Path parent;

  private static float[] vector(int number) {
    return new float[] {number, number % 7, 1, 2};
  }

  private static List<String> ids(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("id" + i);
    }
    return ids;
  }

  private static void copy(Path folder, Path target) throws IOException {
    copy(folder, target, () -> {});
  }

  /**
   * File by file, as a backup does, without the lock file.
   *
   * @param between what happens before each file
   */
  private static void copy(Path folder, Path target, Runnable between) throws IOException {
    Files.createDirectory(target);
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.sorted().toList();
    }
    for (Path file : files) {
      between.run();
      String name = String.valueOf(file.getFileName());
      if (!name.equals(FileNames.LOCK) && !FileNames.isTemporary(name)) {
        try {
          Files.copy(file, target.resolve(name));
        } catch (NoSuchFileException e) {
          // Removed by a checkpoint before the copy came to it.
        }
      }
    }
  }

  @Test
  void oneOfADatabaseAtRestHoldsAll() throws IOException {
    Path folder = parent.resolve("db");
    Options manual = OPTIONS.checkpointPolicy(CheckpointPolicy.MANUAL);
    try (VectorDatabase db = EdgeVec.open(folder, manual)) {
      for (int i = 0; i < 300; i++) {
        db.put("id" + i, vector(i));
        if (i == 150) {
          db.checkpoint();
        }
      }
      db.awaitIndexed(ProgressListener.NONE);
      copy(folder, parent.resolve("copy"));
      db.put("later", vector(1));
    }
    assertThat(EdgeVec.verify(parent.resolve("copy")).damage()).isEmpty();
    try (VectorDatabase copy = EdgeVec.open(parent.resolve("copy"))) {
      assertThat(copy.ids()).isEqualTo(ids(300));
    }
  }

  @Test
  void oneBesideWritesIsRefusedOrHoldsSomeStateWhole() throws IOException {
    Path folder = parent.resolve("db");
    int[] acknowledged = new int[1];
    int[] outcomes = new int[4];
    try (VectorDatabase db =
        EdgeVec.open(folder, OPTIONS.checkpointPolicy(CheckpointPolicy.MANUAL))) {
      Random random = new Random(1);
      Runnable writing =
          () -> {
            for (int i = random.nextInt(4); i > 0; i--) {
              db.put("id" + acknowledged[0], vector(acknowledged[0]));
              acknowledged[0]++;
            }
            if (random.nextInt(3) == 0) {
              db.checkpoint();
            }
          };
      for (int i = 0; i < COPIES; i++) {
        int before = acknowledged[0];
        Path copy = parent.resolve("copy" + i);
        copy(folder, copy, writing);
        outcomes[outcome(copy, before, acknowledged[0])]++;
      }
    }
    System.out.println(
        "HotCopyTest: of "
            + COPIES
            + " copies beside checkpoints "
            + outcomes[0]
            + " are refused, "
            + outcomes[1]
            + " hold a state of the time, "
            + outcomes[2]
            + " an older one and say so, "
            + outcomes[3]
            + " an older one, of which nothing in them attests that there was more");
  }

  private static int outcome(Path copy, int before, int after) {
    VectorDatabase db;
    try {
      db = EdgeVec.open(copy);
    } catch (PersistenceException e) {
      return 0;
    }
    try (db) {
      int size = db.size();
      assertThat(db.ids()).isEqualTo(ids(size));
      assertThat(size).isLessThanOrEqualTo(after);
      if (size >= before) {
        return 1;
      }
      return db.recoveryReport().notes().toString().contains("may hold less") ? 2 : 3;
    }
  }

  /** A log file that was removed before it was copied, and that the seal attests. */
  @Test
  void oneWithoutALogFileThatTheSealAttestsIsRefused() throws IOException {
    Path folder = parent.resolve("db");
    try (VectorDatabase db = EdgeVec.open(folder, OPTIONS)) {
      db.put("id0", vector(0));
    }
    Path copy = parent.resolve("copy");
    copy(folder, copy);
    Files.delete(copy.resolve(StoreFiles.Kind.WAL.name(1)));
    assertThatThrownBy(() -> EdgeVec.open(copy)).isInstanceOf(CorruptDataException.class);
    assertThat(EdgeVec.verify(copy).damage()).isNotEmpty();
  }

  /** Parts of a later snapshot are there, and what names them is not. */
  @Test
  void oneThatHoldsLessThanItsPartsAttestSaysSo() throws IOException {
    Path folder = parent.resolve("db");
    Path copy = parent.resolve("copy");
    Options manual = OPTIONS.checkpointPolicy(CheckpointPolicy.MANUAL);
    try (VectorDatabase db = EdgeVec.open(folder, manual)) {
      db.put("id0", vector(0));
      db.checkpoint();
      copy(folder, copy);
      db.put("id1", vector(1));
      db.checkpoint();
      String later = "segment-0000000000000002.evec";
      Files.copy(folder.resolve(later), copy.resolve(later));
    }
    assertThat(EdgeVec.verify(copy).leftovers()).isNotEmpty();
    try (VectorDatabase opened = EdgeVec.open(copy)) {
      assertThat(opened.ids()).containsExactly("id0");
      assertThat(opened.recoveryReport().notes().toString()).contains("may hold less");
    }
  }

  /** A file that cannot be looked at is not one that is not there. */
  @Test
  void aLogFileThatCannotBeLookedAtIsNoMissingOne() throws IOException {
    Path folder = parent.resolve("db");
    try (VectorDatabase db = EdgeVec.open(folder, OPTIONS)) {
      db.put("id0", vector(0));
    }
    Path log = folder.resolve(StoreFiles.Kind.WAL.name(1));
    Files.delete(folder.resolve(StoreFiles.SEAL));
    for (Path target : List.of(log.getFileName(), parent.resolve("not there"))) {
      Files.delete(log);
      Files.createSymbolicLink(log, target);
      try (FileStorage storage = FileStorage.open(folder)) {
        assertThat(storage.list()).contains(StoreFiles.Kind.WAL.name(1));
      }
      assertThatThrownBy(() -> EdgeVec.open(folder)).isInstanceOf(StorageIOException.class);
      assertThat(EdgeVec.verify(folder).damage()).isNotEmpty();
    }
  }
}
