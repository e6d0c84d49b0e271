package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The search graph in Chromium: built between tasks, stored, loaded, mended. */
@Timeout(120)
@ParameterizedClass
@EnumSource(Host.class)
class SearchGraphTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @Parameter Host host;

  private TestPage page;

  @BeforeEach
  void openPage() {
    page = SESSION.page(host);
  }

  @Test
  void whatWasWrittenIsFoundAtOnceAndLinkedInTheBackground() {
    SearchGraphRunner.checkBuilding(page);
  }

  @Test
  void aCheckpointStoresTheGraphAndOpeningLoadsIt() {
    SearchGraphRunner.checkReopening(page);
  }

  @Test
  void pageAndSearchesComeInBetween() {
    SearchGraphRunner.checkWaits(page, "Chromium, " + host);
  }

  @Test
  void recallHoldsWhenEntriesAreReplacedAndDeleted() {
    SearchGraphRunner.checkChurn(page);
  }

  @Test
  void whenAllRestsNothingIsLeftInTheTailAndWhatWasDeletedIsGone() {
    SearchGraphRunner.checkRest(page);
  }

  /** A tail as long as the load would take the page's searches with it. */
  @Test
  void aBulkLoadIsHeldBackWhileThePageSearches() {
    String result =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 64, metric: 'l2'});
            const vectors = clustered(16_000, 64);
            const batch = (from) => split(vectors.subarray(from * 64, (from + 1000) * 64), 64)
              .map((vector, i) => ({put: 'id-' + (from + i), vector}));
            let done = false, longest = 0, slowest = 0;
            const searching = (async () => {
              const [query] = split(clustered(1, 64, 2), 64);
              while (!done) {
                const before = performance.now();
                await db.search(query);
                slowest = Math.max(slowest, performance.now() - before);
                longest = Math.max(longest, (await db.stats()).tailEntries);
                await sleep(1);
              }
            })();
            for (let from = 0; from < 12_000; from += 1000) await db.write(batch(from));
            // The last ones are waiting, and closing leaves no promise pending.
            const last = [12_000, 13_000, 14_000, 15_000].map((from) => db.write(batch(from)).then(() => 'written', ({code}) => code));
            await sleep(20);
            done = true;
            await searching;
            await db.close();
            const codes = await Promise.all(last);
            console.log('beside a bulk load the slowest search took ' + slowest + ' ms');
            const again = await edgevec.open('notes');
            const written = codes.filter((code) => code !== 'CLOSED').length;
            return [longest < 7000, codes.length, await again.size() === 12_000 + 1000 * written];
            """);
    assertThat(result).isEqualTo("[true,4,true]");
  }

  /** A graph as poor as it may be: what the numbers say is what is done. */
  @Test
  void theNumbersOfTheGraphAndOfASearchAreTaken() {
    String recalls =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 16, metric: 'l2',
              hnsw: {m: 2, efConstruction: 2, minEntries: 100}});
            await db.putMany(named(3000), clustered(3000, 16));
            await db.awaitIndexed();
            const queries = split(clustered(50, 16, 2), 16);
            const recalls = [];
            for (const efSearch of [1, 10, 700]) {
              recalls.push(await recall(db, queries, {efSearch}));
            }
            const all = (await db.search(queries[0], {k: 1000, efSearch: 1})).length;
            return [recalls[0] === recalls[1], recalls[1] < 0.9, recalls[2] > recalls[1], all,
              await recall(db, queries, {exact: true})];
            """);
    assertThat(recalls).isEqualTo("[true,true,true,1000,1]");
  }

  @Test
  void noGraphIsBegunAmongFewEntriesUnlessAsked() {
    String stats =
        page.run(
            """
            const found = [];
            for (const minEntries of [undefined, 999, 998]) {
              const options = minEntries ? {hnsw: {minEntries}} : {};
              const db = await edgevec.open('db' + minEntries,
                {dimension: 8, metric: 'l2', ...options});
              await db.putMany(named(998), clustered(998, 8));
              let told = 0;
              await db.awaitIndexed({onProgress: () => told++});
              const {indexedEntries, tailEntries} = await db.stats();
              found.push([indexedEntries, tailEntries, told > 0]);
              await db.close();
            }
            return found;
            """);
    assertThat(stats).isEqualTo("[[0,998,false],[0,998,false],[998,0,true]]");
  }

  private static final String MANY =
      """
      const db = await edgevec.open('notes',
        {dimension: 64, metric: 'l2', hnsw: {efConstruction: 400}});
      await db.putMany(named(4000), clustered(4000, 64));
      """;

  @Test
  void waitingStopsByItsSignalAndLinkingGoesOn() {
    String result =
        page.run(
            MANY
                + """
                const controller = new AbortController();
                let told = 0;
                const aborted = await failure(db.awaitIndexed({
                  signal: controller.signal,
                  onProgress: () => { told++; controller.abort(); },
                }));
                const own = new Error('my own');
                const thrown = await db.awaitIndexed({onProgress: () => { throw own; }})
                  .catch((error) => error);
                const before = await db.stats();
                while ((await db.stats()).tailEntries > 0) await sleep(20);
                return [aborted.code, told, thrown === own, before.tailEntries > 0,
                  (await db.stats()).indexedEntries];
                """);
    assertThat(result).isEqualTo("[\"ABORTED\",1,true,true,4000]");
  }

  @Test
  void closingEndsTheWaitingAndOpeningGoesOn() {
    String result =
        page.run(
            MANY
                + """
                const waiting = codeOf(db.awaitIndexed());
                await db.close();
                const after = await codeOf(db.awaitIndexed());
                const again = await edgevec.open('notes');
                const {notes} = await again.recoveryReport();
                while ((await again.stats()).tailEntries > 0) await sleep(20);
                return [await waiting, after, notes, (await again.stats()).indexedEntries];
                """);
    assertThat(result).isEqualTo("[\"CLOSED\",\"CLOSED\",[],4000]");
  }

  private record Damaged(
      int damage, String damagedFile, String note, boolean found, int indexed, int after) {}

  @Test
  void aDamagedGraphIsToldAndBuiltAnew() {
    String graph =
        page.text(
            """
            const db = await edgevec.open('notes', {dimension: 16, metric: 'cosine'});
            await db.putMany(named(1500), clustered(1500, 16));
            await db.awaitIndexed();
            await db.checkpoint();
            await db.close();
            const graphs = Object.keys(await exported('notes')).filter((n) => n.startsWith('graph'));
            return graphs.at(-1);
            """);
    page.reload();
    page.run(StoredBytes.change(graph, "bytes[bytes.length >> 1] ^= 4;"));
    String json =
        page.run(
            """
            const {damage} = await edgevec.verify('notes');
            const db = await edgevec.open('notes');
            const queries = split(clustered(20, 16, 2), 16);
            const found = await recall(db, queries, {efSearch: 100}) >= 0.95;
            const {notes} = await db.recoveryReport();
            await db.awaitIndexed();
            const indexed = (await db.stats()).indexedEntries;
            await db.checkpoint();
            await db.checkpoint();
            await db.close();
            return {damage: damage.length, damagedFile: damage[0].file, note: notes.join(), found,
              indexed, after: (await edgevec.verify('notes')).damage.length};
            """);
    Damaged told = new Gson().fromJson(json, Damaged.class);
    assertThat(told.damage()).isEqualTo(1);
    assertThat(told.damagedFile()).isEqualTo(graph);
    assertThat(told.note()).contains("search graph", "built anew", graph);
    assertThat(told.found()).isTrue();
    assertThat(told.indexed()).isEqualTo(1500);
  }

  /** While a checkpoint writes, linking waits; what goes wrong there is told on the console. */
  @Test
  void linkingWaitsForCheckpointsAndGoesOn() {
    String result =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 64, metric: 'l2'});
            await db.putMany(named(2000), clustered(2000, 64));
            let told = 0;
            const indexed = db.awaitIndexed({onProgress: () => told++});
            for (let i = 0; i < 6; i++) {
              await db.put('more-' + i, clustered(1, 64, i));
              await db.checkpoint();
            }
            await indexed;
            await db.awaitIndexed();
            const {indexedEntries, generation} = await db.stats();
            return [indexedEntries, generation >= 7, told < 2000];
            """);
    assertThat(result).isEqualTo("[2006,true,true]");
  }

  /** Linking all of it again at the next opening would take longer than storing it. */
  @Test
  void aGraphThatTookLongIsStoredByItself() {
    String generations =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 8, metric: 'l2'});
            await db.putMany(named(2500), clustered(2500, 8));
            await db.awaitIndexed();
            let stats;
            do {
              await sleep(50);
              stats = await db.stats();
            } while (stats.generation === 1);
            await db.close();
            const again = await edgevec.open('notes');
            return [stats.generation, (await again.stats()).indexedEntries > 2000];
            """);
    assertThat(generations).isEqualTo("[2,true]");
  }
}
