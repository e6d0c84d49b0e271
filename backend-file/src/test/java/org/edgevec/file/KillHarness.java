package org.edgevec.file;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.edgevec.bytes.SplitMix64;

/**
 * Kills a {@link KillWriter} with SIGKILL at random moments, again and again on the same folder,
 * and checks after each kill what recovery gives back, as {@link KillOracle} says.
 *
 * <p><b>When.</b> A fifth of the kills hit while the database is opened, which after the first kill
 * is recovery; the rest while writers write, often in the midst of a checkpoint. Half of the rounds
 * check a copy of the folder, so that what the writer opens next is what the kill left.
 *
 * <p>A kill leaves the system's cache alone, so this says nothing about the missing of a sync; that
 * takes a {@link PowerCutHarness}.
 *
 * <p>The seed decides the batches and asks for the moments; when a signal arrives is up to the
 * system, so a run cannot be repeated exactly.
 */
public final class KillHarness {

  private static final int OPENING_KILLS_PERCENT = 20;
  private static final int BATCHES_BEFORE = 40;
  private static final int LONGEST_LIFE_MILLIS = 300;

  /** The usual start-up tuning for short lives. */
  static final List<String> CHILD_OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

  private final Path folder;
  private final long seed;
  private final KillWriter.Life life;
  private final SplitMix64 random;
  private final KillOracle oracle;
  private double lastOpenNanos = TimeUnit.MILLISECONDS.toNanos(50);
  private int kills;
  private int whileOpening;
  private int inCheckpoint;

  /**
   * What a run without a violation saw.
   *
   * @param kills how many
   * @param whileOpening those that came before the database was open
   * @param inCheckpoint those that came while a checkpoint was asked for and not done
   * @param tornTails after how many recovery had to cut the log
   * @param acknowledged batches that were acknowledged, and found
   */
  record Result(int kills, int whileOpening, int inCheckpoint, int tornTails, long acknowledged) {}

  KillHarness(Path folder, long seed, KillWriter.Life life) {
    this.folder = folder;
    this.seed = seed;
    this.life = life;
    this.random = new SplitMix64(seed);
    this.oracle = new KillOracle(new KillScript(seed));
  }

  /** Arguments: the number of kills, and a seed (optional). */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    Path work = Files.createDirectories(Path.of("target"));
    Path parent = Files.createTempDirectory(work.toAbsolutePath(), "kills-");
    try {
      KillHarness harness = new KillHarness(parent.resolve("db"), seed, KillWriter.Life.BUSY);
      print(harness.run(count, System.out), seed, System.out);
    } catch (ViolationError e) {
      e.printStackTrace();
      System.exit(1);
    }
    FolderContent.deleteAll(parent);
  }

  private static void print(Result result, long seed, PrintStream out) {
    out.printf("%,12d  kills (SIGKILL), seed %d%n", result.kills(), seed);
    out.printf("%,12d    while the database was being opened%n", result.whileOpening());
    out.printf("%,12d    during a checkpoint%n", result.inCheckpoint());
    out.printf("%,12d    after which a torn tail was cut%n", result.tornTails());
    out.printf("%,12d  batches acknowledged%n", result.acknowledged());
    out.printf("%,12d  of them lost%n", 0);
    out.printf("%,12d  half batches%n", 0);
  }

  /**
   * Kills so many times.
   *
   * @param log told how far it is
   * @throws ViolationError at the first thing that must not be; the folder stays as it was found
   */
  Result run(int count, PrintStream log) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      try {
        killOnce();
      } catch (ViolationError | RuntimeException e) {
        throw new ViolationError(
            "After kill "
                + kills
                + " (seed "
                + seed
                + ", folder "
                + folder
                + "): "
                + e.getMessage(),
            e);
      }
      if (kills % 20 == 0) {
        log.printf("%d kills, %,d batches acknowledged and found%n", kills, oracle.acknowledged());
      }
    }
    return new Result(kills, whileOpening, inCheckpoint, oracle.tornTails(), oracle.acknowledged());
  }

  private void killOnce() throws IOException, InterruptedException {
    KillTranscript said = liveAndDie();
    kills++;
    whileOpening += said.endedWhileOpening() ? 1 : 0;
    inCheckpoint += said.endedInCheckpoint() ? 1 : 0;
    oracle.add(said);
    boolean onCopy = random.nextInt(2) == 0;
    Path place = onCopy ? FolderContent.copyIfThere(folder, "copy-" + kills) : folder;
    oracle.check(place);
    if (onCopy) {
      FolderContent.deleteAll(place);
    }
    FolderContent.deleteTorn(folder);
  }

  private KillTranscript liveAndDie() throws IOException, InterruptedException {
    Path output = folder.resolveSibling("output.txt");
    List<String> arguments = life.arguments(folder, seed, oracle::next);
    try (ChildJvm child =
            ChildJvm.startWithOutputTo(output, KillWriter.class, CHILD_OPTIONS, arguments);
        KillTranscript said = new KillTranscript(output, child.process())) {
      said.await("start", 1);
      long startNanos = System.nanoTime();
      if (random.nextInt(100) < OPENING_KILLS_PERCENT) {
        sleep(random.nextFloat() * lastOpenNanos);
      } else {
        said.await("open", 1);
        lastOpenNanos = System.nanoTime() - startNanos;
        // However slow the machine is, batches are acknowledged in most lives.
        said.await("ack", random.nextInt(BATCHES_BEFORE));
        sleep(random.nextFloat() * TimeUnit.MILLISECONDS.toNanos(LONGEST_LIFE_MILLIS));
      }
      boolean wasAlive = child.process().isAlive();
      child.close();
      said.readOn();
      if (!wasAlive || said.failure() != null) {
        throw new ViolationError(
            "the writer ended by itself (%d): %s"
                .formatted(child.process().exitValue(), said.failure()));
      }
      return said;
    }
  }

  static void sleep(double nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep((long) nanos);
  }
}
