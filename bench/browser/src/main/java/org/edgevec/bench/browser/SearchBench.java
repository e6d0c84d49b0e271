package org.edgevec.bench.browser;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.ExactNeighbors;
import org.edgevec.bench.Percentiles;
import org.edgevec.bench.Plot;
import org.edgevec.bench.Recall;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;
import org.edgevec.bench.browser.Sweep.Measured;
import org.jspecify.annotations.Nullable;

/**
 * Build and query of all peers on one data set, and how much slower than this project each is.
 *
 * <p>In the first round each peer is swept over efSearch, and the smallest is taken that reaches
 * the wanted recall. Further rounds repeat build and query with it, the peers one after the other,
 * each in a browser of its own: a machine that becomes slower for a while slows down all of them.
 */
final class SearchBench {

  /** The number of hits, and the recall among them that queries are compared at. */
  static final int K = 10;

  static final double RECALL = 0.99;
  private static final double CURVE_END = 0.9995;

  /** Of the plot: Orama's sweep begins at nothing, and all others would be drawn as one line. */
  private static final double LEAST_SHOWN = 0.85;

  private static final int M = 16;
  private static final int SEED = 100;

  private static final Gson GSON = new Gson();

  /**
   * How much is done.
   *
   * @param efConstruction of all graphs
   * @param rounds how often each peer is built, at least 1
   * @param budget what a peer may take for one step: to build, or to ask all queries once
   * @param minQueryMillis queries are asked again until they took so long
   */
  record Effort(int efConstruction, int rounds, Duration budget, int minQueryMillis) {}

  private final Playwright playwright;
  private final BenchServer server;
  private final Report report;
  private final List<Peer> peers;
  private final Effort effort;

  SearchBench(
      Playwright playwright, BenchServer server, Report report, List<Peer> peers, Effort effort) {
    this.playwright = playwright;
    this.server = server;
    this.report = report;
    this.peers = List.copyOf(peers);
    this.effort = effort;
  }

  /** One build with what was measured on it. */
  private record Round(double buildMillis, Map<String, Double> parts, Measured<Number> chosen) {
    double medianMillis() {
      return new Percentiles(chosen.millis()).median();
    }
  }

  /** All of one peer. */
  private static final class Outcome {
    final List<Round> rounds = new ArrayList<>();
    List<Measured<Number>> curve = List.of();
    @Nullable Measured<Number> exact;
    @Nullable String failure;

    double medianBuildMillis() {
      return median(rounds.stream().mapToDouble(Round::buildMillis));
    }

    double medianMeanMillis() {
      return median(rounds.stream().mapToDouble(round -> round.chosen().meanMillis()));
    }

    double[] allMillis() {
      return rounds.stream()
          .flatMapToDouble(round -> Arrays.stream(round.chosen().millis()))
          .toArray();
    }
  }

  /** Measures all peers and reports; {@code isNormalized} if all vectors have the length 1. */
  void run(DataSet data, boolean isNormalized) throws IOException {
    report.section("Search: " + data.name() + ", recall@" + K + " at least " + RECALL);
    int[][] truth = ExactNeighbors.find(data.base(), data.queries(), K);
    ServedData served = ServedData.of(data);
    server.add(served);
    Map<Peer, Outcome> outcomes = new EnumMap<>(Peer.class);
    List<Peer> measured = peers.stream().filter(peer -> isNormalized || peer.hasL2()).toList();
    for (int round = 0; round < effort.rounds(); round++) {
      for (Peer peer : measured) {
        Outcome outcome = outcomes.computeIfAbsent(peer, p -> new Outcome());
        if (outcome.failure == null) {
          System.err.printf("round %d of %d: %s%n", round + 1, effort.rounds(), peer.title());
          measure(peer, served, truth, outcome);
        }
      }
    }
    server.remove(served);
    report(data, outcomes);
  }

  private void measure(Peer peer, ServedData data, int[][] truth, Outcome outcome)
      throws IOException {
    try (BenchBrowser browser = BenchBrowser.start(playwright, server.url("/bench.html"))) {
      boolean isFirst = outcome.rounds.isEmpty();
      Number parameter =
          isFirst ? peer.parameters().get(0) : outcome.rounds.get(0).chosen().parameter();
      JsonObject built = build(browser, peer, data, parameter);
      Measured<Number> chosen;
      if (isFirst) {
        outcome.curve =
            new Sweep<>(peer.parameters(), peer.stride(), RECALL, CURVE_END)
                .run(candidate -> query(browser, peer, candidate, truth));
        Optional<Measured<Number>> reached = Sweep.firstWith(outcome.curve, RECALL);
        chosen = reached.orElse(outcome.curve.get(outcome.curve.size() - 1));
        if (peer == Peer.EDGEVEC_JAVA) {
          outcome.exact = exact(browser, truth);
        }
      } else {
        chosen = query(browser, peer, parameter, truth);
      }
      outcome.rounds.add(new Round(built.get("buildMillis").getAsDouble(), parts(built), chosen));
    } catch (OverBudget | IllegalStateException | PlaywrightException e) {
      // A peer that fails is a result; the others are still to be measured.
      System.err.println(peer.title() + ": " + e.getMessage());
      outcome.failure = Texts.failure(e);
    }
  }

  private JsonObject build(BenchBrowser browser, Peer peer, ServedData data, Number parameter) {
    browser.run(effort.budget(), "load", data.description());
    return browser
        .run(
            effort.budget(),
            "build",
            peer.module(),
            Map.of(
                "m",
                M,
                "efConstruction",
                effort.efConstruction(),
                "seed",
                SEED,
                "efSearch",
                parameter))
        .getAsJsonObject();
  }

  private Measured<Number> query(BenchBrowser browser, Peer peer, Number parameter, int[][] truth) {
    return measured(parameter, ask(browser, parameter, peer.queries()), truth);
  }

  private Measured<Number> exact(BenchBrowser browser, int[][] truth) {
    return measured(0, ask(browser, "exact", truth.length), truth);
  }

  private JsonObject ask(BenchBrowser browser, Object parameter, int queries) {
    Map<String, Number> wanted =
        Map.of(
            "k",
            K,
            "warmupMillis",
            effort.minQueryMillis() / 4,
            "minMillis",
            effort.minQueryMillis(),
            "maxQueries",
            queries);
    return browser.run(effort.budget(), "query", parameter, wanted).getAsJsonObject();
  }

  private static Measured<Number> measured(Number parameter, JsonObject answer, int[][] truth) {
    int[][] found = GSON.fromJson(answer.get("found"), int[][].class);
    return new Measured<>(
        parameter,
        Recall.at(K, Arrays.copyOf(truth, found.length), found),
        // A pause of the whole machine falls into one pass, and is not the peer's.
        new Percentiles(GSON.fromJson(answer.get("means"), double[].class)).median(),
        GSON.fromJson(answer.get("millis"), double[].class));
  }

  private static Map<String, Double> parts(JsonObject built) {
    Map<String, Double> parts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> part : built.getAsJsonObject("parts").entrySet()) {
      parts.put(part.getKey(), part.getValue().getAsDouble());
    }
    return parts;
  }

  // --- the report ------------------------------------------------------------------------------

  private void report(DataSet data, Map<Peer, Outcome> outcomes) throws IOException {
    report.table(times(outcomes));
    outcomes.forEach(
        (peer, outcome) -> {
          if (outcome.failure != null && !outcome.rounds.isEmpty()) {
            report.text(peer.title() + ", a later round: " + outcome.failure);
          }
        });
    report.table(ratios(outcomes));
    report.table(curves(outcomes));
    Plot plot =
        new Plot(data.name() + ", Chromium", "recall@" + K, "queries/s")
            .from(LEAST_SHOWN)
            .yLogarithmic();
    outcomes.forEach(
        (peer, outcome) ->
            plot.line(
                peer.title(),
                outcome.curve.stream().mapToDouble(Measured::recall).toArray(),
                outcome.curve.stream().mapToDouble(point -> 1000 / point.meanMillis()).toArray()));
    report.plot(data.key(), plot);
  }

  private Table times(Map<Peer, Outcome> outcomes) {
    Table table =
        new Table(
            "M "
                + M
                + ", efConstruction "
                + effort.efConstruction()
                + "; times of build in s, of a query in ms",
            "",
            "build",
            "parts",
            "efSearch",
            "recall",
            "mean",
            "median",
            "P99",
            "queries/s");
    outcomes.forEach((peer, outcome) -> addTimes(table, peer, outcome));
    return table;
  }

  private static void addTimes(Table table, Peer peer, Outcome outcome) {
    if (outcome.rounds.isEmpty()) {
      table.row(peer.title(), String.valueOf(outcome.failure), "", "", "", "", "", "", "");
      return;
    }
    Round first = outcome.rounds.get(0);
    Percentiles times = new Percentiles(outcome.allMillis());
    double mean = outcome.medianMeanMillis();
    table.row(
        peer.title(),
        Texts.seconds(outcome.medianBuildMillis()),
        Texts.parts(first.parts()),
        Texts.parameter(first.chosen().parameter()),
        Texts.recall(first.chosen().recall()),
        Texts.millis(mean),
        Texts.millis(times.median()),
        Texts.millis(times.at(99)),
        Texts.count(1000 / mean));
    Measured<Number> exact = outcome.exact;
    if (exact != null) {
      Percentiles exactTimes = new Percentiles(exact.millis());
      table.row(
          peer.title() + ", exact",
          "",
          "",
          "",
          Texts.recall(exact.recall()),
          Texts.millis(exact.meanMillis()),
          Texts.millis(exactTimes.median()),
          Texts.millis(exactTimes.at(99)),
          Texts.count(1000 / exact.meanMillis()));
    }
  }

  /** Of each round by itself, because a round's peers ran at nearly the same time. */
  private static Table ratios(Map<Peer, Outcome> outcomes) {
    Table table =
        new Table(
            "How many times as long as this project: median of the rounds (least to most); aim: query 4,"
                + " build 3, for hnswlib-wasm and the Rust EdgeVec",
            "",
            "query, mean",
            "query, median",
            "build");
    Outcome ours = outcomes.get(Peer.EDGEVEC_JAVA);
    if (ours == null || ours.rounds.isEmpty()) {
      return table;
    }
    outcomes.forEach(
        (peer, outcome) -> {
          int rounds = Math.min(ours.rounds.size(), outcome.rounds.size());
          if (peer != Peer.EDGEVEC_JAVA && rounds > 0) {
            double[] mean = new double[rounds];
            double[] middle = new double[rounds];
            double[] build = new double[rounds];
            for (int i = 0; i < rounds; i++) {
              Round our = ours.rounds.get(i);
              Round other = outcome.rounds.get(i);
              mean[i] = other.chosen().meanMillis() / our.chosen().meanMillis();
              middle[i] = other.medianMillis() / our.medianMillis();
              build[i] = other.buildMillis() / our.buildMillis();
            }
            table.row(peer.title(), Texts.ratio(mean), Texts.ratio(middle), Texts.ratio(build));
          }
        });
    return table;
  }

  private static Table curves(Map<Peer, Outcome> outcomes) {
    Table table =
        new Table("Recall and mean time of a query, by efSearch", "", "efSearch", "recall", "ms");
    outcomes.forEach(
        (peer, outcome) ->
            outcome.curve.forEach(
                point ->
                    table.row(
                        peer.title(),
                        Texts.parameter(point.parameter()),
                        Texts.recall(point.recall()),
                        Texts.millis(point.meanMillis()))));
    return table;
  }

  private static double median(DoubleStream values) {
    return new Percentiles(values.toArray()).median();
  }
}
