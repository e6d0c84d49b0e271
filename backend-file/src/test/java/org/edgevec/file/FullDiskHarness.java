package org.edgevec.file;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.edgevec.VectorDatabase;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StoreFiles;

/**
 * Fills the small disk of a {@link FullDiskWriter} while it writes, kills the writer before, at and
 * after that, and checks what is there, as {@link KillOracle} says. The writer checks what it can
 * see itself.
 *
 * <p>After each kill a copy on a large disk must recover to all that was acknowledged. In half of
 * the rounds the database itself is then opened while the disk is still as full as it was: that
 * succeeds, or is refused as full and leaves the files as they were. When there is room again, it
 * must open with the same entries.
 *
 * <p>On ext4 a third of the kills are power cuts ({@link Ext4Shutdown}).
 */
public final class FullDiskHarness {

  /** When a writer is killed. */
  enum Moment {
    /** At any time after it opened the database, the disk being nearly full. */
    ANY_TIME,
    /** Moments after a write failed because the disk is full. */
    FULL,
    /** While it closes the database on the full disk and opens it again. */
    REOPENING,
    /** Moments after a checkpoint began for which there may be no room. */
    CHECKPOINT,
    /** After there is room again, and it writes on. */
    FREED,
    /** While it opens the database for the first time, the disk being nearly full. */
    OPENING
  }

  private static final int DISK_MEBIBYTES = 8;

  /** Taken at all times, so that there is room to recover in when it is freed. */
  private static final long BALLAST_BYTES = 3 << 20;

  /** Room for any batch, and for a log file to be written anew. */
  private static final long ROOM_TO_WRITE_BYTES = 1 << 20;

  private static final int POWER_CUTS_PERCENT = 33;

  /** Far more batches than the room that other files give back in between can hold. */
  private static final int BATCHES_TO_NOTICE = 2000;

  private final Path parent;
  private final TestDisk.Kind kind;
  private final long seed;
  private final TestDiskCalls.Defect defect;
  private final SplitMix64 random;
  private final Map<Moment, Integer> moments = new TreeMap<>();
  private KillOracle oracle;
  private boolean needsLargerDisk;
  private int outgrown;
  private long acknowledgedBefore;
  private double lastOpenNanos = TimeUnit.MILLISECONDS.toNanos(100);
  private int kills;
  private int powerCuts;
  private int fullLives;
  private int refusedOpenings;
  private int refusedCheckpoints;
  private int wroteOnAfterCheckpoint;
  private int wroteOnWhenFreed;

  /**
   * What a run without a violation saw.
   *
   * @param kills how many, power cuts among them
   * @param powerCuts how many of them were power cuts
   * @param moments when they came
   * @param fullLives in how many lives a write failed because the disk was full
   * @param refusedOpenings how many openings were refused as full, by writers and by the harness
   * @param refusedCheckpoints how many checkpoints failed for lack of room
   * @param wroteOnAfterCheckpoint how often a batch was acknowledged after such a one
   * @param wroteOnWhenFreed in how many lives batches were acknowledged after room was made
   * @param outgrown how often the whole disk was too small for the database and its recovery
   * @param acknowledged batches that were acknowledged, and found
   */
  record Result(
      int kills,
      int powerCuts,
      Map<Moment, Integer> moments,
      int fullLives,
      int refusedOpenings,
      int refusedCheckpoints,
      int wroteOnAfterCheckpoint,
      int wroteOnWhenFreed,
      int outgrown,
      long acknowledged) {}

  FullDiskHarness(Path parent, TestDisk.Kind kind, long seed, TestDiskCalls.Defect defect) {
    this.parent = parent;
    this.kind = kind;
    this.seed = seed;
    this.defect = defect;
    this.random = new SplitMix64(seed);
    this.oracle = new KillOracle(new KillScript(seed));
  }

  /** Arguments: the number of kills, half of them on each kind of disk, and a seed (optional). */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    Path work = Files.createDirectories(Path.of("target"));
    Path parent = Files.createTempDirectory(work.toAbsolutePath(), "full-disks-");
    int status = 0;
    for (TestDisk.Kind kind : TestDisk.Kind.values()) {
      int share = kind == TestDisk.Kind.EXT4 ? (count + 1) / 2 : count / 2;
      status = Math.max(status, run(parent.resolve(kind.name()), kind, seed, share));
    }
    if (status != 0) {
      System.exit(status);
    }
    FolderContent.deleteAll(parent);
  }

  private static int run(Path parent, TestDisk.Kind kind, long seed, int count)
      throws IOException, InterruptedException {
    String whyNot = TestDisk.whyNot(kind);
    if (whyNot != null) {
      System.err.println("not run on " + kind + ": " + whyNot);
      return 2;
    }
    try {
      FullDiskHarness harness = new FullDiskHarness(parent, kind, seed, TestDiskCalls.Defect.NONE);
      print(harness.run(count, System.out), kind, seed, System.out);
      return 0;
    } catch (ViolationError e) {
      e.printStackTrace();
      return 1;
    }
  }

  private static void print(Result result, TestDisk.Kind kind, long seed, PrintStream out) {
    out.printf("%,12d  kills on a small %s, seed %d%n", result.kills(), kind, seed);
    out.printf("%,12d    of them power cuts%n", result.powerCuts());
    result.moments().forEach((moment, count) -> out.printf("%,12d    %s%n", count, moment));
    out.printf("%,12d  lives in which a write found the disk full%n", result.fullLives());
    out.printf("%,12d  openings refused as full%n", result.refusedOpenings());
    out.printf("%,12d  checkpoints refused as full%n", result.refusedCheckpoints());
    out.printf("%,12d    after which writers wrote on%n", result.wroteOnAfterCheckpoint());
    out.printf("%,12d  times that writers wrote on when freed%n", result.wroteOnWhenFreed());
    out.printf("%,12d  databases that outgrew the disk%n", result.outgrown());
    out.printf("%,12d  batches acknowledged%n", result.acknowledged());
    out.printf("%,12d  of them lost%n", 0);
    out.printf("%,12d  half batches%n", 0);
  }

  /**
   * Kills so many writers.
   *
   * @param log told how far it is
   * @throws ViolationError at the first thing that must not be; image and copy stay as found
   */
  Result run(int count, PrintStream log) throws IOException, InterruptedException {
    int first = random.nextInt(Moment.values().length);
    try (TestDisk disk = TestDisk.create(kind, parent, DISK_MEBIBYTES, "")) {
      while (kills < count) {
        Moment moment = Moment.values()[(first + kills) % Moment.values().length];
        try {
          killOnce(disk, moment);
        } catch (ViolationError | RuntimeException e) {
          throw new ViolationError(
              "After kill %d (seed %d, %s, %s): %s"
                  .formatted(kills, seed, moment, parent, e.getMessage()),
              e);
        }
        if (kills % 20 == 0) {
          log.printf(
              "%d kills, %,d batches acknowledged and found%n",
              kills, acknowledgedBefore + oracle.acknowledged());
        }
      }
    }
    return new Result(
        kills,
        powerCuts,
        moments,
        fullLives,
        refusedOpenings,
        refusedCheckpoints,
        wroteOnAfterCheckpoint,
        wroteOnWhenFreed,
        outgrown,
        acknowledgedBefore + oracle.acknowledged());
  }

  private void killOnce(TestDisk disk, Moment moment) throws IOException, InterruptedException {
    Ballast ballast = new Ballast(disk.path().resolve("ballast"));
    Path database = disk.path().resolve("db");
    ballast.resize(BALLAST_BYTES);
    oracle.add(liveAndDie(disk, ballast, database, moment));
    kills++;
    moments.merge(moment, 1, Integer::sum);
    checkCopy(database);
    if (needsLargerDisk) {
      beginAnew(database);
    } else if (Files.exists(database) && random.nextInt(2) == 0) {
      openAsItIs(database);
      ballast.resize(0);
      checkWithRoom(database);
    }
    FolderContent.deleteTorn(database);
  }

  private void beginAnew(Path database) throws IOException {
    FolderContent.deleteAll(database);
    acknowledgedBefore += oracle.acknowledged();
    oracle = new KillOracle(new KillScript(seed));
    needsLargerDisk = false;
    outgrown++;
  }

  // Living

  private KillTranscript liveAndDie(TestDisk disk, Ballast ballast, Path database, Moment moment)
      throws IOException, InterruptedException {
    Path output = parent.resolve("output.txt");
    boolean manual = random.nextInt(2) == 0;
    List<String> arguments = FullDiskWriter.arguments(database, seed, defect, manual, oracle::next);
    if (moment == Moment.OPENING) {
      ballast.squeeze(random.nextInt(3) == 0 ? 0 : random.nextInt(100 << 10));
    }
    try (ChildJvm child =
            ChildJvm.startWithOutputTo(
                output, FullDiskWriter.class, KillHarness.CHILD_OPTIONS, arguments);
        KillTranscript said = new KillTranscript(output, child.process())) {
      said.await("start", 1);
      live(said, ballast, moment);
      end(disk, child, said);
      fullLives += said.count("full") > 0 ? 1 : 0;
      refusedOpenings += said.count("refused");
      refusedCheckpoints += said.count("checkpoint-refused");
      wroteOnAfterCheckpoint += said.wroteOnAfterRefusedCheckpoint();
      return said;
    }
  }

  private void live(KillTranscript said, Ballast ballast, Moment moment)
      throws IOException, InterruptedException {
    if (moment == Moment.OPENING) {
      KillHarness.sleep(random.nextFloat() * 2 * lastOpenNanos);
      return;
    }
    long startNanos = System.nanoTime();
    awaitOpen(said, ballast);
    if (needsLargerDisk) {
      return;
    }
    lastOpenNanos = System.nanoTime() - startNanos;
    sleepUpTo(100);
    switch (moment) {
      case ANY_TIME -> {
        ballast.squeeze(random.nextInt(500 << 10));
        sleepUpTo(200);
      }
      case FULL -> {
        awaitFull(said, ballast);
        sleepUpTo(5);
      }
      case REOPENING -> {
        int before = said.count("reopening");
        awaitFull(said, ballast);
        said.await("reopening", before + 1);
        sleepUpTo(40);
      }
      case CHECKPOINT -> {
        ballast.squeeze(random.nextInt(300 << 10));
        int refused = said.count("checkpoint-refused");
        said.await(
            "checkpoint-refused or full",
            () -> said.count("checkpoint-refused") > refused || said.count("full") > 0);
        int begun = said.count("checkpoint") + random.nextInt(2);
        said.await(
            "checkpoint or full",
            () -> said.count("checkpoint") >= begun || said.count("full") > 0);
        sleepUpTo(15);
      }
      case FREED -> {
        awaitFull(said, ballast);
        sleepUpTo(30);
        long freedBytes = ballast.sizeBytes() - BALLAST_BYTES / 2;
        if (freedBytes < ROOM_TO_WRITE_BYTES) {
          needsLargerDisk = true;
          return;
        }
        ballast.resize(BALLAST_BYTES / 2);
        int batches = said.count("ack");
        // More than may have been on their way.
        said.await("ack", batches + 2 * KillScript.WRITERS);
        wroteOnWhenFreed++;
        sleepUpTo(50);
      }
      case OPENING -> throw new AssertionError("seen to above");
    }
  }

  /**
   * Waits until the database is open, and makes all the room there can be if recovery needs it: it
   * may have to write a log file anew.
   */
  private void awaitOpen(KillTranscript said, Ballast ballast)
      throws IOException, InterruptedException {
    said.await("open or refused", () -> said.wasOpened() || said.count("refused") > 0);
    if (!said.wasOpened()) {
      ballast.resize(0);
      int refused = said.count("refused") + 1;
      said.await("open or refused", () -> said.wasOpened() || said.count("refused") > refused);
      needsLargerDisk = !said.wasOpened() && said.failure() == null;
      ballast.resize(BALLAST_BYTES);
    }
  }

  /** Takes all room, and what a checkpoint gives back, until a write fails. */
  private void awaitFull(KillTranscript said, Ballast ballast)
      throws IOException, InterruptedException {
    int before = said.count("full");
    int batches = said.count("ack");
    ballast.squeeze(0);
    said.await("full", () -> isFull(said, ballast, before, batches));
    if (said.count("full") == before && said.failure() == null) {
      throw new ViolationError("the disk is full, and the writer goes on acknowledging");
    }
  }

  private static boolean isFull(KillTranscript said, Ballast ballast, int before, int batches) {
    try {
      ballast.squeeze(0);
    } catch (IOException e) {
      throw new ViolationError("the disk cannot be filled: " + e.getMessage(), e);
    }
    return said.count("full") > before || said.count("ack") > batches + BATCHES_TO_NOTICE;
  }

  private void sleepUpTo(int millis) throws InterruptedException {
    KillHarness.sleep(random.nextFloat() * TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void end(TestDisk disk, ChildJvm child, KillTranscript said)
      throws IOException, InterruptedException {
    said.readOn();
    boolean wasAlive = child.process().isAlive();
    boolean cut = kind == TestDisk.Kind.EXT4 && random.nextInt(100) < POWER_CUTS_PERCENT;
    if (cut && wasAlive) {
      said.powerGoes();
      disk.cutPower(Ext4Shutdown.LOSING_THE_JOURNAL);
    }
    child.close();
    said.readOn();
    if (cut) {
      powerCuts++;
      disk.restart("");
    }
    // Without power it may fail with whatever it was doing.
    if (!wasAlive || (said.failure() != null && !cut)) {
      throw new ViolationError(
          "the writer ended by itself (%d): %s"
              .formatted(child.process().exitValue(), said.failure()));
    }
  }

  // Checking

  private void checkCopy(Path database) throws IOException {
    Path copy = parent.resolve("copy");
    if (Files.exists(database)) {
      FolderContent.copy(database, copy);
    }
    oracle.check(copy);
    FolderContent.deleteAll(copy);
  }

  /**
   * What the copy gave, it must give, too, unless there is still too little room. Two checkpoints
   * then give back what the log took, as they do for any user.
   */
  private void checkWithRoom(Path database) throws IOException {
    try {
      oracle.check(database);
      try (VectorDatabase db = EdgeVec.open(database, KillWriter.options())) {
        for (int i = 0; i < 2; i++) {
          db.delete("nobody");
          db.checkpoint();
        }
      }
    } catch (StorageFullException e) {
      beginAnew(database);
    }
  }

  /** Opens the database on its disk, which may have no room for that. */
  private void openAsItIs(Path database) {
    Map<String, String> before = FolderContent.of(database);
    VectorDatabase db;
    try {
      db = EdgeVec.open(database, KillWriter.options());
    } catch (StorageFullException e) {
      refusedOpenings++;
      checkKept(before, FolderContent.of(database));
      return;
    }
    try {
      db.close();
    } catch (StorageFullException e) {
      // There was no room for the seal.
      refusedOpenings++;
    }
  }

  /** No file is lost or other than before, but that a torn tail may have been moved. */
  private static void checkKept(Map<String, String> before, Map<String, String> after) {
    before.forEach(
        (name, content) -> {
          String now = after.getOrDefault(name, "");
          String moved = after.getOrDefault(StoreFiles.torn(name), "");
          boolean kept = content.equals(now) || content.equals(now + moved);
          if (!kept && !FileNames.isTemporary(name)) {
            throw new ViolationError("an opening that was refused as full changed " + name);
          }
        });
    for (String name : after.keySet()) {
      if (FileNames.isTemporary(name)) {
        throw new ViolationError("an opening that was refused as full left " + name);
      }
    }
  }
}
