package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.edgevec.crash.MutantRun.Layer;
import org.edgevec.crash.PatchedCore.Patch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The proof is tested: the database and its storage are broken in many ways, one at a time, and
 * some layer must notice. Prints which, and after how many workloads, states, faults or damages.
 */
class MutantTest {

  /** Whether to let every layer look, rather than stop at the first that notices. */
  private static final boolean ALL = Boolean.getBoolean("edgevec.crash.layers");

  private static final Path PAGE = Path.of("..", "docs", "durability.md");
  private static final Path RENEWED = Path.of("target", "mutants.md");

  private static final List<MutantTable.Row> NOTICED = new ArrayList<>();
  private static final List<String> SURVIVORS = new ArrayList<>();

  /** What one layer said of one mutant. */
  private record Verdict(Layer layer, boolean noticed, String looked, String what) {}

  @BeforeAll
  static void tryAllMutants() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<List<Verdict>>> running = new ArrayList<>();
    for (Mutant mutant : Mutant.all()) {
      running.add(threads.submit(() -> verdicts(mutant)));
    }
    threads.shutdown();
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < running.size(); i++) {
      String name = Mutant.all().get(i).what();
      List<Verdict> noticed = running.get(i).get().stream().filter(Verdict::noticed).toList();
      noticed.forEach(verdict -> row(table, name, verdict));
      if (noticed.isEmpty()) {
        SURVIVORS.add(name);
      } else {
        Verdict first = noticed.get(0);
        NOTICED.add(new MutantTable.Row(name, first.layer(), Long.parseLong(first.looked())));
      }
    }
    System.out.println(table);
    System.out.println("MutantTest: " + NOTICED.size() + " of " + running.size() + " noticed");
  }

  @Test
  void everyMutantIsNoticed() {
    assertThat(NOTICED).isNotEmpty();
    assertThat(SURVIVORS).isEmpty();
  }

  @Test
  void theDurabilityPageSaysWhatNoticesEachMutant() throws IOException {
    int mutants = Mutant.all().size();
    Files.writeString(RENEWED, MutantTable.markdown(NOTICED, mutants));
    assertThat(MutantTable.differences(NOTICED, mutants, Files.readString(PAGE)))
        .as(
            "\"%s\" in docs/durability.md is not what this run found. Replace its summary and table"
                + " by what is in core/%s",
            MutantTable.HEADING, RENEWED)
        .isEmpty();
  }

  @Test
  void theDatabaseAsItIsPassesEveryLayer() {
    PatchedCore core = PatchedCore.with(List.of(PatchedCore.SMALL_ARENA));
    for (Layer layer : Layer.values()) {
      assertThat(core.call("MutantRun", "run", layer.name(), "")).as("%s", layer).startsWith("- ");
    }
  }

  private static List<Verdict> verdicts(Mutant mutant) {
    List<Patch> patches = new ArrayList<>(List.of(PatchedCore.SMALL_ARENA));
    patches.addAll(mutant.patches());
    PatchedCore core = PatchedCore.with(patches);
    List<Verdict> verdicts = new ArrayList<>();
    for (Layer layer : Layer.values()) {
      boolean sees = mutant.flaw() == null || layer == Layer.CRASH || layer == Layer.ORDER;
      if (sees) {
        Verdict verdict = verdict(core, layer, mutant);
        verdicts.add(verdict);
        if (verdict.noticed() && !ALL) {
          return verdicts;
        }
      }
    }
    return verdicts;
  }

  private static Verdict verdict(PatchedCore core, Layer layer, Mutant mutant) {
    String flaw = mutant.flaw() == null ? "" : mutant.flaw().name();
    String[] said = core.call("MutantRun", "run", layer.name(), flaw).split(" ", 2);
    return new Verdict(layer, !said[0].equals("-"), said[0], said[1]);
  }

  private static void row(StringBuilder table, String mutant, Verdict verdict) {
    String what = verdict.what();
    table.append(
        String.format(
            Locale.ROOT,
            "%-52s %-6s %5s  %s%n",
            mutant,
            verdict.layer(),
            verdict.looked(),
            what.substring(0, Math.min(what.length(), 100))));
  }
}
