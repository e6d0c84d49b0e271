package org.edgevec.file;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.edgevec.Entry;
import org.edgevec.RecoveryReport;
import org.edgevec.VectorDatabase;
import org.edgevec.bytes.SplitMix64;

/**
 * Kills a {@link KillWriter} with SIGKILL at random moments, again and again on the same folder,
 * and checks after each kill what recovery gives back.
 *
 * <p><b>What is checked.</b> Each writer submits one batch after the other and owns its ids. So the
 * entries under its ids must be exactly those after some number of its batches, at least all that
 * were acknowledged and at most all that were submitted, since the folder was new; vectors to the
 * bit. A second recovery must give the same and have nothing to cut. In which order the batches of
 * different writers were submitted cannot be seen from outside, so the rule holds for each writer.
 *
 * <p><b>When.</b> A fifth of the kills hit while the database is opened, which after the first kill
 * is recovery; the rest while writers write, often in the midst of a checkpoint. Half of the rounds
 * check a copy of the folder, so that what the writer opens next is what the kill left.
 *
 * <p>A kill leaves the system's cache alone, so this says nothing about the missing of a sync; what
 * a power cut does is modelled elsewhere.
 *
 * <p>The seed decides the batches and asks for the moments; when a signal arrives is up to the
 * system, so a run cannot be repeated exactly.
 */
public final class KillHarness {

  private static final int OPENING_KILLS_PERCENT = 20;
  private static final int LONGEST_LIFE_MILLIS = 300;

  /** The usual start-up tuning for short lives. */
  private static final List<String> CHILD_OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

  private final Path folder;
  private final long seed;
  private final KillWriter.Defect defect;
  private final SplitMix64 random;
  private final List<KillModel> models = new ArrayList<>();
  private long lastOpenNanos = TimeUnit.MILLISECONDS.toNanos(50);
  private int kills;
  private int whileOpening;
  private int inCheckpoint;
  private int tornTails;
  private long acknowledged;

  /** An acknowledged write that is gone, half a batch, or whatever else must not be. */
  static final class ViolationError extends AssertionError {
    private static final long serialVersionUID = 1;

    ViolationError(String message, Throwable cause) {
      super(message, cause);
    }
  }

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

  KillHarness(Path folder, long seed, KillWriter.Defect defect) {
    this.folder = folder;
    this.seed = seed;
    this.defect = defect;
    this.random = new SplitMix64(seed);
    for (int writer = 0; writer < KillScript.WRITERS; writer++) {
      models.add(new KillModel(new KillScript(seed), writer));
    }
  }

  /** Arguments: the number of kills, and a seed (optional). */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    Path work = Files.createDirectories(Path.of("target"));
    Path parent = Files.createTempDirectory(work.toAbsolutePath(), "kills-");
    try {
      KillHarness harness = new KillHarness(parent.resolve("db"), seed, KillWriter.Defect.NONE);
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
        log.printf("%d kills, %,d batches acknowledged and found%n", kills, acknowledged);
      }
    }
    return new Result(kills, whileOpening, inCheckpoint, tornTails, acknowledged);
  }

  private void killOnce() throws IOException, InterruptedException {
    KillTranscript said = liveAndDie();
    kills++;
    whileOpening += said.endedWhileOpening() ? 1 : 0;
    inCheckpoint += said.endedInCheckpoint() ? 1 : 0;
    lastOpenNanos = said.openNanos() == 0 ? lastOpenNanos : said.openNanos();
    boolean onCopy = random.nextInt(2) == 0;
    Path place = onCopy ? copy() : folder;
    check(said, place);
    if (onCopy) {
      FolderContent.deleteAll(place);
    }
  }

  private KillTranscript liveAndDie() throws IOException, InterruptedException {
    Path output = folder.resolveSibling("output.txt");
    try (ChildJvm child =
        ChildJvm.startWithOutputTo(output, KillWriter.class, CHILD_OPTIONS, childArguments())) {
      KillTranscript said = new KillTranscript(output, child.process());
      said.awaitStart();
      if (random.nextInt(100) < OPENING_KILLS_PERCENT) {
        sleep(random.nextFloat() * lastOpenNanos);
      } else {
        said.awaitOpen();
        sleep(random.nextFloat() * TimeUnit.MILLISECONDS.toNanos(LONGEST_LIFE_MILLIS));
      }
      boolean wasAlive = child.process().isAlive();
      child.close();
      said.readRest();
      if (!wasAlive || said.failure() != null) {
        throw violation(
            "the writer ended by itself (%d): %s"
                .formatted(child.process().exitValue(), said.failure()));
      }
      return said;
    }
  }

  private String[] childArguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add(folder.toString());
    arguments.add(Long.toString(seed));
    arguments.add(defect.name());
    for (KillModel model : models) {
      arguments.add(Long.toString(model.batches() + 1));
    }
    return arguments.toArray(String[]::new);
  }

  private static void sleep(double nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep((long) nanos);
  }

  // Checking

  private void check(KillTranscript said, Path place) {
    Recovery first = recover(place);
    Recovery second = recover(place);
    if (!first.sameAs(second)) {
      throw violation("a second recovery gave another state than the first");
    }
    if (second.report.tornBytes() > 0) {
      throw violation(
          "a second recovery found another torn tail: %s".formatted(second.report.notes()));
    }
    if (first.report.usedPreviousSnapshot()) {
      throw violation("the newest snapshot was damaged: %s".formatted(first.report.notes()));
    }
    if (!first.entries.keySet().stream().allMatch(KillScript::isId)) {
      throw violation("there are entries that no writer wrote: " + first.entries.keySet());
    }
    tornTails += first.report.tornBytes() > 0 ? 1 : 0;
    for (int writer = 0; writer < KillScript.WRITERS; writer++) {
      models.set(writer, recovered(writer, said, first.entriesOf(writer)));
      acknowledged += said.acknowledged(writer);
    }
  }

  private KillModel recovered(int writer, KillTranscript said, Map<String, Entry> found) {
    KillModel before = models.get(writer);
    KillModel atLeast = before.after(said.acknowledged(writer));
    KillModel atMost = before.after(said.submitted(writer));
    // If the last one changed nothing that can be seen, both hold, and either may go on.
    if (atMost.matches(found)) {
      return atMost;
    }
    if (atLeast.matches(found)) {
      return atLeast;
    }
    if (atLeast.mixesWith(atMost, found)) {
      throw violation(
          "half of batch %d of writer %d is there, the rest is not: %s"
              .formatted(atMost.batches(), writer, describe(atMost, found)));
    }
    for (long count = said.acknowledged(writer) - 1; count >= 0; count--) {
      KillModel earlier = before.after(count);
      if (earlier.matches(found)) {
        throw violation(
            "writer %d was told that batch %d is durable, and what is there ends with batch %d"
                .formatted(writer, atLeast.batches(), earlier.batches()));
      }
    }
    throw violation(
        "the entries of writer %d are those after no number of its batches (acknowledged: %d): %s"
            .formatted(writer, atLeast.batches(), describe(atLeast, found)));
  }

  private static String describe(KillModel expected, Map<String, Entry> found) {
    String id = expected.firstDifference(found);
    Entry entry = found.get(id);
    return id + " is " + (entry == null ? "missing" : "there with " + entry.metadata());
  }

  private static ViolationError violation(String message) {
    return new ViolationError(message, null);
  }

  /** What one opening gave. */
  private static final class Recovery {
    final RecoveryReport report;
    final Map<String, Entry> entries = new TreeMap<>();

    Recovery(VectorDatabase db) {
      report = db.recoveryReport();
      for (Entry entry : db.entries()) {
        entries.put(entry.id(), entry);
      }
    }

    Map<String, Entry> entriesOf(int writer) {
      Map<String, Entry> own = new TreeMap<>();
      entries.forEach(
          (id, entry) -> {
            if (id.startsWith(KillScript.idPrefix(writer))) {
              own.put(id, entry);
            }
          });
      return own;
    }

    boolean sameAs(Recovery other) {
      return report.lastSequence() == other.report.lastSequence()
          && entries.keySet().equals(other.entries.keySet())
          && entries.keySet().stream().allMatch(id -> same(entries.get(id), other.entries.get(id)));
    }

    private static boolean same(Entry one, Entry other) {
      return Arrays.equals(one.vector(), other.vector()) && one.metadata().equals(other.metadata());
    }
  }

  private static Recovery recover(Path place) {
    try (VectorDatabase db = EdgeVec.open(place, KillWriter.options())) {
      return new Recovery(db);
    }
  }

  // Folders

  private Path copy() throws IOException {
    Path copy = folder.resolveSibling("copy-" + kills);
    if (Files.exists(folder)) {
      FolderContent.copy(folder, copy);
    }
    return copy;
  }
}
