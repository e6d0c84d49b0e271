package org.edgevec.file;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.edgevec.bytes.SplitMix64;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the power of the disk under a {@link KillWriter} at random moments, again and again, and
 * checks after each cut what recovery gives back, as {@link KillOracle} says. What the writer was
 * told lies outside of that disk.
 *
 * <p><b>The disk</b> is an ext4 in an image file, and the cut is {@link Ext4Shutdown}: what was not
 * on the device at that moment is lost, and mounting again replays ext4's journal. One cut in ten
 * is one of the two gentler kinds. Every database gets other mount options: data written before the
 * journal (ordered) or whenever (writeback), blocks allocated late or (nodelalloc) at once; always
 * {@code noauto_da_alloc}, without which ext4 syncs files that are renamed over others. Half of the
 * lives have a slow disk ({@link TestDiskCalls}), and in half of them another program syncs its own
 * file, which makes durable what the journal holds of <em>all</em> files: names and lengths without
 * their bytes.
 *
 * <p><b>When.</b> A fifth of the cuts hit while the database is opened, which usually is recovery;
 * two fifths within moments of a renaming, the step on which a checkpoint hangs; the rest at any
 * time. A quarter of the lives are quiet ones, cut when their checkpoint was reported. A quarter
 * end with SIGKILL alone and without a check, so that the next writer recovers from bytes that only
 * the system's cache has. Half of the rounds check a copy, so that what the writer opens next is
 * what the cut left. A database serves for twenty rounds or so, then a new one is made.
 *
 * <p>The seed decides the batches and asks for the moments, but a run cannot be repeated exactly.
 */
public final class PowerCutHarness {

  private static final int OPENING_CUTS_PERCENT = 20;
  private static final int QUIET_PERCENT = 25;
  private static final int KILLS_ONLY_PERCENT = 25;
  private static final int GENTLE_CUTS_PERCENT = 10;
  private static final int NEW_DATABASE_PERCENT = 5;
  private static final int AIMED_CUTS_PERCENT = 50;
  private static final int AIMED_CUT_MILLIS = 8;
  private static final int BATCHES_BEFORE = 40;
  private static final int LONGEST_LIFE_MILLIS = 500;
  private static final int DISK_MEBIBYTES = 64;

  private static final List<String> MOUNT_OPTIONS =
      List.of(
          "data=ordered", "data=writeback", "data=ordered,nodelalloc", "data=writeback,nodelalloc");

  private final Path parent;
  private final long seed;
  private final TestDiskCalls.Defect defect;
  private final SplitMix64 random;
  private KillOracle oracle;
  private int databases;
  private String mountOptions;
  private double lastOpenNanos = TimeUnit.MILLISECONDS.toNanos(50);
  private int cuts;
  private int killsOnly;
  private int whileOpening;
  private int inCheckpoint;
  private int whileQuiet;
  private long acknowledgedBefore;
  private int tornTailsBefore;

  /**
   * What a run without a violation saw.
   *
   * @param cuts how many
   * @param killsOnly SIGKILLs between them, after which the disk went on
   * @param whileOpening cuts that came before the database was open
   * @param inCheckpoint those that came while a checkpoint was asked for and not done
   * @param whileQuiet those that came when a quiet writer was done
   * @param tornTails after how many recovery had to cut the log
   * @param databases how many databases were made
   * @param acknowledged batches that were acknowledged, and found
   */
  record Result(
      int cuts,
      int killsOnly,
      int whileOpening,
      int inCheckpoint,
      int whileQuiet,
      int tornTails,
      int databases,
      long acknowledged) {}

  PowerCutHarness(Path parent, long seed, TestDiskCalls.Defect defect) {
    this.parent = parent;
    this.seed = seed;
    this.defect = defect;
    this.random = new SplitMix64(seed);
    this.oracle = new KillOracle(new KillScript(seed));
    this.mountOptions = randomMountOptions();
  }

  /** Arguments: the number of cuts, and a seed (optional). */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    String whyNot = TestDisk.whyNot(TestDisk.Kind.EXT4);
    if (whyNot != null) {
      System.err.println("not run: " + whyNot);
      System.exit(2);
    }
    Path work = Files.createDirectories(Path.of("target"));
    Path parent = Files.createTempDirectory(work.toAbsolutePath(), "power-cuts-");
    try {
      PowerCutHarness harness = new PowerCutHarness(parent, seed, TestDiskCalls.Defect.NONE);
      print(harness.run(count, System.out), seed, System.out);
    } catch (ViolationError e) {
      e.printStackTrace();
      System.exit(1);
    }
    FolderContent.deleteAll(parent);
  }

  private static void print(Result result, long seed, PrintStream out) {
    out.printf("%,12d  power cuts, seed %d%n", result.cuts(), seed);
    out.printf("%,12d    while the database was being opened%n", result.whileOpening());
    out.printf("%,12d    during a checkpoint%n", result.inCheckpoint());
    out.printf("%,12d    after a checkpoint, with nothing to do%n", result.whileQuiet());
    out.printf("%,12d    after which a torn tail was cut%n", result.tornTails());
    out.printf(
        "%,12d  kills between them, recovered from the system's cache%n", result.killsOnly());
    out.printf("%,12d  databases%n", result.databases());
    out.printf("%,12d  batches acknowledged%n", result.acknowledged());
    out.printf("%,12d  of them lost%n", 0);
    out.printf("%,12d  half batches%n", 0);
  }

  /**
   * Cuts the power so many times.
   *
   * @param log told how far it is
   * @throws ViolationError at the first thing that must not be; image and copy stay as found
   */
  Result run(int count, PrintStream log) throws IOException, InterruptedException {
    try (TestDisk disk =
        TestDisk.create(TestDisk.Kind.EXT4, parent, DISK_MEBIBYTES, mountOptions)) {
      databases = 1;
      while (cuts < count) {
        try {
          liveOnce(disk, log);
        } catch (ViolationError | RuntimeException e) {
          throw new ViolationError(
              "After power cut %d (seed %d, %s, %s, database %d): %s"
                  .formatted(cuts, seed, parent, mountOptions, databases, e.getMessage()),
              e);
        }
      }
    }
    return new Result(
        cuts,
        killsOnly,
        whileOpening,
        inCheckpoint,
        whileQuiet,
        tornTailsBefore + oracle.tornTails(),
        databases,
        acknowledgedBefore + oracle.acknowledged());
  }

  private void liveOnce(TestDisk disk, PrintStream log) throws IOException, InterruptedException {
    boolean quiet = percent(QUIET_PERCENT);
    boolean cut = !percent(KILLS_ONLY_PERCENT);
    KillTranscript said = liveAndDie(disk, quiet, cut);
    oracle.add(said);
    if (!cut) {
      killsOnly++;
      return;
    }
    cuts++;
    whileOpening += said.endedWhileOpening() ? 1 : 0;
    inCheckpoint += said.endedInCheckpoint() ? 1 : 0;
    whileQuiet += quiet && said.count("checkpointed") > 0 ? 1 : 0;
    disk.restart(mountOptions);
    check(database(disk));
    if (cuts % 20 == 0) {
      log.printf(
          "%d power cuts, %,d batches acknowledged and found%n",
          cuts, acknowledgedBefore + oracle.acknowledged());
    }
    if (percent(NEW_DATABASE_PERCENT)) {
      beginAnew(disk);
    }
  }

  private void check(Path database) throws IOException {
    Path copy = parent.resolve("copy");
    boolean onCopy = percent(50);
    if (onCopy && Files.exists(database)) {
      FolderContent.copy(database, copy);
    }
    oracle.check(onCopy ? copy : database);
    FolderContent.deleteAll(copy);
    FolderContent.deleteTorn(database);
  }

  private void beginAnew(TestDisk disk) throws IOException, InterruptedException {
    FolderContent.deleteAll(database(disk));
    acknowledgedBefore += oracle.acknowledged();
    tornTailsBefore += oracle.tornTails();
    oracle = new KillOracle(new KillScript(seed));
    databases++;
    mountOptions = randomMountOptions();
    disk.restart(mountOptions);
  }

  private String randomMountOptions() {
    return MOUNT_OPTIONS.get(random.nextInt(MOUNT_OPTIONS.size())) + ",noauto_da_alloc";
  }

  private Path database(TestDisk disk) {
    return disk.path().resolve("db-" + databases);
  }

  private KillTranscript liveAndDie(TestDisk disk, boolean quiet, boolean cut)
      throws IOException, InterruptedException {
    Path output = parent.resolve("output.txt");
    KillWriter.Life life = new KillWriter.Life(KillWriter.Defect.NONE, defect, percent(50), quiet);
    List<String> arguments = life.arguments(database(disk), seed, oracle::next);
    boolean withNeighbor = !quiet && percent(50);
    try (ChildJvm child =
            ChildJvm.startWithOutputTo(
                output, KillWriter.class, KillHarness.CHILD_OPTIONS, arguments);
        KillTranscript said = new KillTranscript(output, child.process());
        Neighbor neighbor = withNeighbor ? new Neighbor(disk.path().resolve("neighbor")) : null) {
      live(said, quiet);
      boolean wasAlive = child.process().isAlive();
      if (wasAlive && cut) {
        said.powerGoes();
        disk.cutPower(randomCut());
      }
      // Now and then it may notice, and say so.
      if (cut && percent(25)) {
        sleepUpTo(20);
      }
      child.close();
      said.readOn();
      checkEnd(child, said, wasAlive, cut);
      return said;
    }
  }

  private void live(KillTranscript said, boolean quiet) throws IOException, InterruptedException {
    said.await("start", 1);
    long startNanos = System.nanoTime();
    if (percent(OPENING_CUTS_PERCENT)) {
      KillHarness.sleep(random.nextFloat() * lastOpenNanos);
      return;
    }
    said.await("open", 1);
    lastOpenNanos = System.nanoTime() - startNanos;
    if (percent(AIMED_CUTS_PERCENT)) {
      if (quiet) {
        said.await("checkpointed", 1);
      } else {
        said.await("renamed", said.count("renamed") + 1 + random.nextInt(6));
      }
      sleepUpTo(AIMED_CUT_MILLIS);
    } else {
      // However slow the machine is, batches are acknowledged in most lives.
      said.await("ack", quiet ? 0 : random.nextInt(BATCHES_BEFORE));
      sleepUpTo(LONGEST_LIFE_MILLIS);
    }
  }

  private void sleepUpTo(int millis) throws InterruptedException {
    KillHarness.sleep(random.nextFloat() * TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private int randomCut() {
    if (!percent(GENTLE_CUTS_PERCENT)) {
      return Ext4Shutdown.LOSING_THE_JOURNAL;
    }
    return random.nextInt(2) == 0 ? Ext4Shutdown.WRITING_THE_JOURNAL : Ext4Shutdown.WRITING_ALL;
  }

  /** A writer may fail when the power is gone, with an error of storage, and never before. */
  private static void checkEnd(
      ChildJvm child, KillTranscript said, boolean wasAlive, boolean afterCut) {
    String failure = said.failure();
    boolean typed =
        failure != null
            && (failure.startsWith("IO ")
                || failure.startsWith("LOST ")
                || failure.startsWith("READ_ONLY "));
    if (!wasAlive || (failure != null && !(afterCut && typed))) {
      throw new ViolationError(
          "the writer ended by itself (%d): %s".formatted(child.process().exitValue(), failure));
    }
  }

  private boolean percent(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Another program on the disk, which goes on writing and syncing until the power is cut. */
  private static final class Neighbor implements AutoCloseable {
    private final Thread thread;
    private volatile boolean ended;
    private volatile @Nullable RuntimeException failure;

    Neighbor(Path file) {
      thread = new Thread(() -> write(file), "neighbor");
      thread.start();
    }

    private void write(Path file) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        while (!ended) {
          channel.write(ByteBuffer.wrap(new byte[100]), 0);
          channel.force(true);
          TimeUnit.MILLISECONDS.sleep(3);
        }
      } catch (IOException e) {
        // The power is cut.
      } catch (InterruptedException e) {
        failure = new IllegalStateException("nobody interrupts this thread", e);
      }
    }

    @Override
    public void close() throws InterruptedException {
      ended = true;
      thread.join();
      if (failure != null) {
        throw failure;
      }
    }
  }
}
