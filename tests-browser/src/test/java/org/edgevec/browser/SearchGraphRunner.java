package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.util.Locale;

/** What a search graph does on a page, in whichever browser. */
final class SearchGraphRunner {

  private static final Gson GSON = new Gson();

  private SearchGraphRunner() {}

  private record Building(
      String lateBefore,
      int tail,
      int told,
      boolean rising,
      int[] last,
      int indexed,
      int tailAfter,
      double recall) {}

  static void checkBuilding(TestPage page) {
    String json =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 24, metric: 'cosine',
              hnsw: {m: 8, efConstruction: 2000, minEntries: 500}});
            const late = clustered(1, 24, 3);
            await db.putMany(named(3000), clustered(3000, 24));
            await db.put('late', late);
            const lateBefore = (await db.search(late, {k: 1, efSearch: 20}))[0].id;
            const tail = (await db.stats()).tailEntries;
            const told = [];
            await db.awaitIndexed({onProgress: (...progress) => told.push(progress)});
            const {indexedEntries, tailEntries} = await db.stats();
            return {lateBefore, tail, told: told.length,
              rising: told.every(([n, of], i) => of === 3001 && n >= (told[i - 1]?.[0] ?? 0)),
              last: told.at(-1), indexed: indexedEntries, tailAfter: tailEntries,
              recall: await recall(db, split(clustered(50, 24, 2), 24), {efSearch: 64})};
            """);
    Building building = GSON.fromJson(json, Building.class);
    assertThat(building.lateBefore()).isEqualTo("late");
    assertThat(building.tail()).isPositive();
    assertThat(building.told()).isGreaterThan(2);
    assertThat(building.rising()).isTrue();
    assertThat(building.last()).containsExactly(3001, 3001);
    assertThat(building.indexed()).isEqualTo(3001);
    assertThat(building.tailAfter()).isZero();
    assertThat(building.recall()).isGreaterThanOrEqualTo(0.95);
  }

  private record Reopened(
      int indexed, int tail, String report, double recall, boolean sameFiles, boolean unchanged) {}

  static void checkReopening(TestPage page) {
    page.run(
        """
        const db = await edgevec.open('notes', {dimension: 24, metric: 'l2'});
        await db.putMany(named(3000), clustered(3000, 24));
        await db.awaitIndexed();
        await db.checkpoint();
        await db.close();
        localStorage.files = json(await exported('notes'));
        """);
    String json =
        page.reload()
            .run(
                """
                const db = await edgevec.open('notes');
                const {indexedEntries, tailEntries, generation} = await db.stats();
                const {notes, replayedBatches} = await db.recoveryReport();
                const found = await recall(db, split(clustered(50, 24, 2), 24), {efSearch: 64});
                await db.awaitIndexed();
                await sleep(600); // Time for a checkpoint, if one were due.
                const unchanged = (await db.stats()).generation === generation;
                await db.close();
                const files = json(await exported('notes'));
                return {indexed: indexedEntries, tail: tailEntries, report: json([notes,
                  replayedBatches]), recall: found, sameFiles: files === localStorage.files,
                  unchanged};
                """);
    Reopened reopened = GSON.fromJson(json, Reopened.class);
    assertThat(reopened.indexed()).isEqualTo(3000);
    assertThat(reopened.tail()).isZero();
    assertThat(reopened.report()).isEqualTo("[[],0]");
    assertThat(reopened.recall()).isGreaterThanOrEqualTo(0.95);
    assertThat(reopened.sameFiles()).isTrue();
    assertThat(reopened.unchanged()).isTrue();
  }

  private record Waits(
      double indexingMillis,
      int timers,
      int searches,
      double longestTimer,
      double longestSearch,
      double medianTimer,
      double medianSearch) {}

  /**
   * How long a page waits while 5,000 vectors of 128 components are linked. How long is printed;
   * that it is not all the time is what a loaded machine can be held to.
   */
  static void checkWaits(TestPage page, String where) {
    String json =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 128, metric: 'l2',
              hnsw: {efConstruction: 1000}});
            const query = clustered(1, 128, 2);
            await db.putMany(named(5000), clustered(5000, 128));
            const begin = performance.now();
            let done = false;
            const indexed = db.awaitIndexed().then(() => { done = true; });
            const timers = [], searches = [];
            const timing = (async () => {
              while (!done) {
                const before = performance.now();
                await sleep(0);
                timers.push(performance.now() - before);
              }
            })();
            const searching = (async () => {
              while (!done) {
                const before = performance.now();
                await db.search(query);
                searches.push(performance.now() - before);
                await sleep(0);
              }
            })();
            await indexed;
            const indexingMillis = performance.now() - begin;
            await Promise.all([timing, searching]);
            const median = (all) => all.toSorted((a, b) => a - b)[all.length >> 1];
            return {indexingMillis, timers: timers.length, searches: searches.length,
              longestTimer: Math.max(...timers), longestSearch: Math.max(...searches),
              medianTimer: median(timers), medianSearch: median(searches)};
            """);
    Waits waits = GSON.fromJson(json, Waits.class);
    System.out.printf(
        Locale.ROOT,
        "Waits in %s while 5,000 x 128 were linked for %.0f ms: a timer %.1f ms at most (median"
            + " %.1f of %d), a search %.1f ms (median %.2f of %d)%n",
        where,
        waits.indexingMillis(),
        waits.longestTimer(),
        waits.medianTimer(),
        waits.timers(),
        waits.longestSearch(),
        waits.medianSearch(),
        waits.searches());
    assertThat(waits.timers()).isGreaterThanOrEqualTo(10);
    assertThat(waits.searches()).isGreaterThanOrEqualTo(10);
    assertThat(waits.longestTimer()).isLessThan(waits.indexingMillis() / 2);
    assertThat(waits.longestSearch()).isLessThan(waits.indexingMillis() / 2);
  }

  /** What is written and deleted while a slice is under way is seen to when all rests. */
  static void checkRest(TestPage page) {
    String json =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 8, metric: 'l2',
              hnsw: {m: 4, efConstruction: 10, minEntries: 1}});
            const vectors = split(clustered(5000, 8), 8);
            const puts = (from, to) =>
              vectors.slice(from, to).map((vector, i) => ({put: 'id-' + (from + i), vector}));
            const rest = async (isDone) => {
              const end = performance.now() + 20_000;
              while (!isDone(await db.stats()) && performance.now() < end) await sleep(5);
              const {tailEntries, maintenanceError} = await db.stats();
              return isDone(await db.stats()) && tailEntries === 0 && maintenanceError === null;
            };
            const linked = ({tailEntries}) => tailEntries === 0;
            const results = [];
            for (let round = 0; round < 10; round++) {
              const small = db.write(puts(0, 30));
              await sleep(round % 3);
              await Promise.all([small, db.write(puts(30, 1000))]);
              results.push(await rest(linked));
            }
            for (let round = 0; round < 40; round++) {
              await db.put('id-0', vectors[round]);
              await db.put('id-1', vectors[round + 50]);
              results.push(await rest(linked));
            }
            await db.write(puts(0, 5000));
            results.push(await rest(linked));
            const {segmentBytes} = await (await db.checkpoint(), db.stats());
            const remove = (from, to) =>
              db.write(puts(from, to).map(({put}) => ({delete: put})));
            await remove(0, 50);
            await remove(50, 4000);
            results.push(await rest((stats) => stats.deadEntries <= stats.size / 2
              && stats.segmentBytes < segmentBytes / 2));
            return [results.length, results.every(Boolean), await db.size()];
            """);
    assertThat(json).isEqualTo("[52,true,1000]");
  }

  private record Churned(
      double recall, int wrong, int indexed, int size, int[] reopened, double recallAfter) {}

  /** Half of the entries replaced and a quarter deleted, by and by; then the dead are taken out. */
  static void checkChurn(TestPage page) {
    String json =
        page.run(
            """
            let db = await edgevec.open('notes', {dimension: 24, metric: 'l2'});
            await db.putMany(named(2000), clustered(2000, 24));
            await db.awaitIndexed();
            const fresh = split(clustered(1000, 24, 5), 24);
            for (let i = 0; i < 1000; i += 50) {
              await db.write(fresh.slice(i, i + 50).map((v, j) => ({put: 'id-' + 2 * (i + j), vector: v})));
              await db.write(Array.from({length: 25}, (_, j) => ({delete: 'id-' + (4 * (i / 2 + j) + 1)})));
              if (i % 200 === 0) await db.awaitIndexed();
            }
            await db.awaitIndexed();
            const size = await db.size();
            const isPurged = async () => {
              const {indexedEntries} = await db.stats();
              return indexedEntries - size <= indexedEntries / 5;
            };
            while (!(await isPurged())) await sleep(20);
            const queries = split(clustered(60, 24, 2), 24);
            const first = await recall(db, queries, {efSearch: 100});
            let wrong = 0;
            for (const query of queries) {
              for (const {id} of await db.search(query, {k: 50})) wrong += !(await db.has(id));
            }
            const {indexedEntries: indexed} = await db.stats();
            await db.checkpoint();
            await db.close();
            db = await edgevec.open('notes');
            const {indexedEntries, tailEntries} = await db.stats();
            return {recall: first, wrong, indexed, size,
              reopened: [indexedEntries, tailEntries, await db.size()],
              recallAfter: await recall(db, queries, {efSearch: 100})};
            """);
    Churned churned = GSON.fromJson(json, Churned.class);
    assertThat(churned.size()).isEqualTo(1500);
    assertThat(churned.indexed()).isBetween(1500, 1875);
    assertThat(churned.wrong()).isZero();
    assertThat(churned.recall()).isGreaterThanOrEqualTo(0.95);
    assertThat(churned.reopened()).containsExactly(churned.indexed(), 0, 1500);
    assertThat(churned.recallAfter()).isGreaterThanOrEqualTo(0.95);
  }
}
