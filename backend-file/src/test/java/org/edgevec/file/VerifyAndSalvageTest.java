package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.edgevec.CheckpointPolicy;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SalvageReport;
import org.edgevec.VectorDatabase;
import org.edgevec.VerifyReport;
import org.edgevec.storage.StorageLockedException;
import org.edgevec.storage.StoreFiles.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checking and rescuing databases in folders. */
@Timeout(60)
class VerifyAndSalvageTest {

  private static final Options OPTIONS =
      Options.of(2, Metric.L2).checkpointPolicy(CheckpointPolicy.MANUAL);
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path parent;

  private Path folder;
  private Path copy;

  @BeforeEach
  void chooseFolders() {
    folder = parent.resolve("notes");
    copy = parent.resolve("more").resolve("copy");
  }

  private void write() {
    try (VectorDatabase db = EdgeVec.open(folder, OPTIONS)) {
      put(db, 0, 20);
      db.checkpoint();
      put(db, 20, 25);
    }
  }

  private static void put(VectorDatabase db, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put("id" + i, new float[] {i, i});
    }
  }

  private void damage(String name, int offset) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(name));
    bytes[offset] ^= 1;
    Files.write(folder.resolve(name), bytes);
  }

  /**
   * When each file was last changed, all set to a time long ago before. Without the lock file, into
   * which every opener writes.
   */
  private void makeOld() throws IOException {
    for (Path path : files()) {
      Files.setLastModifiedTime(path, LONG_AGO);
    }
    Files.setLastModifiedTime(folder, LONG_AGO);
  }

  private Map<String, FileTime> times() throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    for (Path path : files()) {
      times.put(path.getFileName().toString(), Files.getLastModifiedTime(path));
    }
    times.remove(FileNames.LOCK);
    times.put(".", Files.getLastModifiedTime(folder));
    return times;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.toList();
    }
  }

  @Test
  void verifyFindsDamageAndTouchesNoFile() throws IOException {
    write();
    assertThat(EdgeVec.verify(folder).isIntact()).isTrue();
    damage(Kind.SEGMENT.name(1), 80);
    damage(Kind.WAL.name(2), 70);
    // A torn tail, which an opening would cut off, does not hide here either.
    Files.write(folder.resolve(Kind.WAL.name(3)), new byte[10]);
    makeOld();
    Map<String, String> before = FolderContent.of(folder);
    VerifyReport report = EdgeVec.verify(folder);
    assertThat(report.damage())
        .extracting(damage -> damage.file() + "@" + damage.offset())
        .containsExactly(Kind.SEGMENT.name(1) + "@64", Kind.WAL.name(2) + "@64");
    assertThat(report.notes()).hasSize(1);
    assertThat(FolderContent.of(folder)).isEqualTo(before);
    assertThat(times()).allSatisfy((name, time) -> assertThat(time).as(name).isEqualTo(LONG_AGO));
  }

  @Test
  void verifyOfAnOpenDatabaseTouchesNoFile() throws IOException {
    try (VectorDatabase db = EdgeVec.open(folder, OPTIONS)) {
      put(db, 0, 20);
      db.checkpoint();
      makeOld();
      Map<String, String> before = FolderContent.of(folder);
      assertThat(db.verify(ProgressListener.NONE).entries()).isEqualTo(20);
      assertThat(FolderContent.of(folder)).isEqualTo(before);
      assertThat(times()).allSatisfy((name, time) -> assertThat(time).as(name).isEqualTo(LONG_AGO));
      assertThatThrownBy(() -> EdgeVec.verify(folder)).isInstanceOf(StorageLockedException.class);
    }
  }

  @Test
  void whereThereIsNoDatabaseNothingIsMade() throws IOException {
    Path missing = parent.resolve("missing");
    assertRefused(Code.NOT_FOUND, () -> EdgeVec.verify(missing));
    assertRefused(Code.NOT_FOUND, () -> EdgeVec.salvage(missing, copy, ProgressListener.NONE));
    Path photos = Files.createDirectory(parent.resolve("photos"));
    Files.createFile(photos.resolve("holiday.jpg"));
    assertRefused(Code.NOT_A_DATABASE, () -> EdgeVec.verify(photos));
    write();
    assertRefused(
        Code.NOT_A_DATABASE, () -> EdgeVec.salvage(folder, photos, ProgressListener.NONE));
    assertThat(missing).doesNotExist();
    assertThat(copy.getParent()).doesNotExist();
    assertThat(FolderContent.of(photos)).containsOnlyKeys("holiday.jpg");
  }

  private interface Call {
    void run();
  }

  private static void assertRefused(Code code, Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            InvalidInputException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void salvageCopiesIntoANewFolderAndTouchesNoFileOfTheDamagedOne() throws IOException {
    write();
    int frame = (int) (Files.size(folder.resolve(Kind.WAL.name(2))) - 64) / 5;
    damage(Kind.WAL.name(2), 64 + 3 * frame + 41);
    makeOld();
    Map<String, String> before = FolderContent.of(folder);
    List<Long> steps = new ArrayList<>();
    SalvageReport report = EdgeVec.salvage(folder, copy, (done, total) -> steps.add(done));
    assertThat(report.entries()).isEqualTo(23);
    assertThat(report.lostBatches()).isEqualTo(2);
    assertThat(steps).isSorted().hasSizeGreaterThan(2);
    assertThat(FolderContent.of(folder)).isEqualTo(before);
    assertThat(times()).allSatisfy((name, time) -> assertThat(time).as(name).isEqualTo(LONG_AGO));
    assertThat(EdgeVec.verify(copy).isIntact()).isTrue();
    try (VectorDatabase db = EdgeVec.open(copy)) {
      assertThat(db.ids()).hasSize(23).endsWith("id22");
      put(db, 50, 51);
    }
  }

  @Test
  void salvageOntoADatabaseIsRefused() {
    write();
    assertRefused(
        Code.INVALID_ARGUMENT, () -> EdgeVec.salvage(folder, folder, ProgressListener.NONE));
    EdgeVec.open(copy, OPTIONS).close();
    Map<String, String> before = FolderContent.of(copy);
    assertRefused(
        Code.INVALID_ARGUMENT, () -> EdgeVec.salvage(folder, copy, ProgressListener.NONE));
    assertThat(FolderContent.of(copy)).isEqualTo(before);
  }

  @Test
  void salvageThatIsStoppedLeavesAPlaceThatCanBeUsed() {
    write();
    IllegalStateException enough = new IllegalStateException("enough");
    assertThatThrownBy(
            () ->
                EdgeVec.salvage(
                    folder,
                    copy,
                    (done, total) -> {
                      if (done > total / 2 && done < total) {
                        throw enough;
                      }
                    }))
        .isSameAs(enough);
    assertThat(EdgeVec.salvage(folder, copy, ProgressListener.NONE).entries()).isEqualTo(25);
  }
}
