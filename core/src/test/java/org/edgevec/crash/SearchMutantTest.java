package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.edgevec.crash.PatchedCore.Patch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules that make search right on any data are left out, one at a time, and a check of the
 * matrix must notice.
 */
class SearchMutantTest {

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private static final String[] GROUPS = {"cell", "groups of 500 noise 0.01", "COSINE", "64"};

  /** So many that who does not know which are nearest links at random. */
  private static final String[] LARGE_GROUPS = {
    "cell", "groups of 2000 noise 0.001", "COSINE", "64"
  };

  /** A rule left out, and the check that notices. */
  private record SearchMutant(String what, List<Patch> patches, String... check) {

    SearchMutant(String what, String file, String from, String to, String... check) {
      this(what, List.of(new Patch(file, from, to)), check);
    }
  }

  private static List<SearchMutant> mutants() {
    return List.of(
        new SearchMutant(
            "interval left out",
            "quant/CodeBounds",
            "return (float) (metric == Metric.COSINE ? error / norm : error);",
            "return 0;",
            GROUPS),
        new SearchMutant(
            "second look left out",
            "query/Searcher",
            "      trust.tried(decided);\n",
            "      decided = true;\n      trust.tried(decided);\n",
            GROUPS),
        new SearchMutant(
            "second look left out of linking",
            "index/GraphInsertion",
            "      trust.tried(decided);\n",
            "      decided = true;\n      trust.tried(decided);\n",
            LARGE_GROUPS),
        new SearchMutant(
            "floats left out of linking",
            List.of(
                new Patch("index/NeighborSelection", "toNodeAtMost - slack[index]", "toNodeAtMost"),
                new Patch(
                    "index/NeighborSelection",
                    "nearness[i] - walker.slack(ordinals[i])",
                    "nearness[i]"),
                new Patch(
                    "index/NeighborSelection",
                    "      if (slack[index] > 0) {\n        unclear",
                    "      if (false) {\n        unclear"),
                new Patch(
                    "index/GraphInsertion",
                    "this.listScorer = vectors.linker();",
                    "this.listScorer = vectors.walker(vectors.linker());"),
                new Patch(
                    "index/GraphInsertion",
                    "      if (decided) {\n        noteSlack(found, rescoring.scored());\n        return found;",
                    "      if (true) {\n        noteSlack(bounds, bounds.length);\n        return bounds;")),
            LARGE_GROUPS),
        new SearchMutant(
            "scored anew only as many as asked for",
            "index/Rescoring",
            "(scored < k || bounds[scored] > top.least())",
            "scored < k",
            "cell",
            "versions of notes",
            "COSINE",
            "64"),
        new SearchMutant(
            "scan excludes what bounds do not",
            "query/ExactSearch",
            "> least) {",
            "> least + (1L << 54)) {",
            "scan"),
        new SearchMutant(
            "hits not filled up",
            "query/Searcher",
            "    if (found.length < limit) {\n",
            "    if (found.length == 0) {\n",
            "fill"),
        new SearchMutant(
            "groups without a node above",
            "index/GraphInsertion",
            "isAlone = l == top ?",
            "isAlone = l < 0 ?",
            "row"),
        new SearchMutant(
            "alone where codes cannot tell",
            "index/GraphInsertion",
            "    if (walker.isExact()) {\n",
            "    if (true) {\n",
            "levels"),
        new SearchMutant(
            "stored vectors not looked up",
            "query/Searcher",
            "return node < 0 ?",
            "return node < 0 || true ?",
            "cell",
            "log-normal lengths",
            "L2",
            "384"),
        new SearchMutant(
            "blind only if all are equally near",
            List.of(
                new Patch(
                    "query/Searcher",
                    " || isNoNearer(search.levelFrom(limit), scorer, graph)",
                    "")),
            "cell",
            "one-hot",
            "L2",
            "384"),
        new SearchMutant(
            "nothing turned away is as near",
            "query/Searcher",
            "&& !isLost(",
            "&& true || !isLost(",
            "cell",
            "one-hot",
            "L2",
            "384"),
        new SearchMutant(
            "equal vectors share no node",
            "index/GraphInsertion",
            "    if (node >= 0) {\n",
            "    if (node < -1) {\n",
            "nodes"));
  }

  /** All at the same time, as far as there are processors; each test then waits for its own. */
  @TestFactory
  Stream<DynamicTest> everyRuleIsMissedWhenItIsLeftOut() {
    assumeTrue(PatchedCore.isPossible());
    ExecutorService threads = Executors.newFixedThreadPool(PROCESSORS);
    Map<SearchMutant, Future<String>> faults = new LinkedHashMap<>();
    for (SearchMutant mutant : mutants()) {
      faults.put(
          mutant,
          threads.submit(
              () ->
                  PatchedCore.with(mutant.patches())
                      .call("SearchMutantRun", "run", mutant.check())));
    }
    threads.shutdown();
    return faults.entrySet().stream()
        .map(
            mutant ->
                DynamicTest.dynamicTest(
                    mutant.getKey().what(),
                    () -> {
                      String told = mutant.getValue().get();
                      System.out.println(
                          "SearchMutantTest: " + mutant.getKey().what() + ": " + told);
                      assertThat(told).isNotEmpty();
                    }));
  }

  @Test
  void searchAsItIsPassesEveryCheck() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(PROCESSORS);
    Map<List<String>, Future<String>> faults = new LinkedHashMap<>();
    for (SearchMutant mutant : mutants()) {
      faults.computeIfAbsent(
          List.of(mutant.check()),
          check -> threads.submit(() -> SearchMutantRun.run(mutant.check())));
    }
    threads.shutdown();
    for (Map.Entry<List<String>, Future<String>> check : faults.entrySet()) {
      assertThat(check.getValue().get()).as("%s", check.getKey()).isEmpty();
    }
  }
}
