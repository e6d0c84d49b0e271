package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The package as a user's page calls it, on the page's thread and in a worker. */
@Timeout(120)
@ParameterizedClass
@EnumSource(Host.class)
class DatabaseTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private static final String OPEN =
      "const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});";

  @Parameter Host host;

  private TestPage page;

  @BeforeEach
  void openPage() {
    page = SESSION.page(host);
  }

  @Test
  void whatWasPutIsFoundAfterAReload() {
    String made =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 2, metric: 'l2'});
            await db.put('a', [1, 0], {title: 'Äpfel'});
            await db.put('b', new Float32Array([0, 3]));
            await db.put('c', new Float64Array([5, 5]));
            return [db.name, db.dimension, db.metric, (await db.recoveryReport()).created];
            """);
    assertThat(made).isEqualTo("[\"notes\",2,\"l2\",true]");
    String found =
        page.reload()
            .run(
                """
                const db = await edgevec.open('notes');
                return [db.dimension, db.metric, await db.search([1, 1], {k: 2})];
                """);
    assertThat(found)
        .isEqualTo(
            "[2,\"l2\",[{\"id\":\"a\",\"score\":1,\"metadata\":{\"title\":\"Äpfel\"}},"
                + "{\"id\":\"b\",\"score\":5,\"metadata\":{}}]]");
  }

  @Test
  void callsThatWaitForTheSameThingAllEnd() {
    String ended =
        page.run(
            OPEN
                + """
                  const ended = [];
                  for (let i = 0; i < 3; i++) {
                    await db.put('id-' + i, vector(i));
                    const calls = Array.from({length: 6}, () => db.checkpoint());
                    ended.push((await Promise.all(calls)).length);
                  }
                  await db.close();
                  return ended;
                  """);
    assertThat(ended).isEqualTo("[6,6,6]");
  }

  @Test
  void metadataOfEveryTypeComesBack() {
    page.run(
        OPEN
            + """
            await db.put('a', vector(1), {
              text: 'Grüße, 世界 🌍', empty: '', whole: 42, negative: -7, zero: 0,
              large: 9007199254740991, beyond: 9223372036854775807n, least: -9223372036854775808n,
              small: 5n, half: 0.5, tiny: 5e-324, huge: 1.7976931348623157e308,
              yes: true, no: false, tags: ['a', '', 'ключ'], none: [], ['__proto__']: 'a key',
              nothing: null, mixed: [1, 'a', null, [true, [2n ** 60n]], {}, new Date(0)],
              object: {b: {['__proto__']: {a: []}}, a: '\ufeffa text', '\ufeff': 'x'.repeat(99) + 'é'},
              times: [new Date(-1), new Date(8.64e15), new Date(-8.64e15)],
            });
            """);
    String metadata =
        page.reload()
            .run(
                """
                const db = await edgevec.open('notes');
                const {metadata} = await db.get('a');
                const {mixed, times, object, nothing} = metadata;
                const dates = [...times, mixed.pop()];
                const isKept = dates.every((it) => it instanceof Date)
                  && dates.map(Number).join() === '-1,8640000000000000,-8640000000000000,0'
                  && Object.getPrototypeOf(object.b) === Object.prototype && nothing === null
                  && json(object) === json({a: '\ufeffa text', b: {['__proto__']: {a: []}},
                    '\ufeff': 'x'.repeat(99) + 'é'})
                  && json(mixed) === json([1, 'a', null, [true, [2n ** 60n]], {}]);
                if (!isKept) return metadata;
                for (const key of ['mixed', 'times', 'object', 'nothing']) delete metadata[key];
                const found = (await db.search(vector(1)))[0].metadata;
                for (const key of ['mixed', 'times', 'object', 'nothing']) delete found[key];
                return [metadata, found];
                """);
    String expected =
        "{\"__proto__\":\"a key\",\"beyond\":{\"bigint\":\"9223372036854775807\"},\"empty\":\"\",\"half\":0.5,"
            + "\"huge\":1.7976931348623157e+308,\"large\":9007199254740991,"
            + "\"least\":{\"bigint\":\"-9223372036854775808\"},\"negative\":-7,\"no\":false,"
            + "\"none\":[],\"small\":5,\"tags\":[\"a\",\"\",\"ключ\"],"
            + "\"text\":\"Grüße, 世界 🌍\",\"tiny\":5e-324,\"whole\":42,\"yes\":true,\"zero\":0}";
    assertThat(metadata).isEqualTo("[" + expected + "," + expected + "]");
  }

  @Test
  void vectorsComeBackToTheBit() {
    String same =
        page.run(
            OPEN
                + """
                const odd = new Float32Array([-0, 1.4e-45, 2 ** 62, 1 / 3]);
                await db.put('odd', odd);
                odd[0] = 9;
                const bits = (v) => Array.from(new Uint32Array(v.buffer, v.byteOffset, v.length));
                const {vector} = await db.get('odd');
                return [bits(vector), vector.constructor.name];
                """);
    assertThat(same).isEqualTo("[[2147483648,1,1585446912,1051372203],\"Float32Array\"]");
  }

  @Test
  void whatACallIsGivenMayChangeWhenItHasBeenMade() {
    String stored =
        page.run(
            OPEN
                + """
                const reused = vector(1), metadata = {tags: ['before']};
                const writes = [db.put('a', reused, metadata),
                  db.write([{put: 'b', vector: reused, metadata}]),
                  db.putMany(['c'], reused, [metadata])];
                reused.fill(9);
                metadata.tags[0] = 'after';
                await Promise.all(writes);
                const entries = await Promise.all(['a', 'b', 'c'].map((id) => db.get(id)));
                const query = vector(1);
                const search = db.search(query, {k: 1});
                query.fill(9);
                return [entries.every((entry) => json(entry.vector) === json(vector(1))),
                  entries.map((entry) => entry.metadata.tags[0]), (await search)[0].score];
                """);
    assertThat(stored).isEqualTo("[true,[\"before\",\"before\",\"before\"],0]");
  }

  @Test
  void aPutReplacesAndADeleteRemoves() {
    String result =
        page.run(
            OPEN
                + """
                await db.put('a', vector(1), {n: 1});
                await db.put('b', vector(2));
                await db.put('a', vector(3), {n: 2});
                return [await db.size(), (await db.get('a')).metadata, await db.has('b'),
                  await db.delete('b'), await db.delete('b'), await db.has('b'),
                  await db.get('b'), await db.size(),
                  (await db.search(vector(3))).map((hit) => [hit.id, hit.score])];
                """);
    assertThat(result)
        .isEqualTo("[2,{\"n\":2},true,true,false,false,\"(undefined)\",1,[[\"a\",0]]]");
  }

  @Test
  void putManyReportsProgressAndStores() {
    String result =
        page.run(
            OPEN
                + """
                const ids = Array.from({length: 2500}, (_, i) => 'id-' + i);
                const flat = new Float32Array(ids.length * 4);
                ids.forEach((_, i) => flat.set(vector(i), i * 4));
                const metadatas = ids.map((_, i) => (i % 2 ? {i} : undefined));
                const done = [];
                const onProgress = (n, total) => done.push([n, total]);
                await db.putMany(ids, flat, metadatas, {onProgress});
                await db.putMany(['x', 'y'], [vector(1), Array.from(vector(2))]);
                await db.putMany([], new Float32Array(0));
                const increasing = done.every(([n], i) => i === 0 || n > done[i - 1][0]);
                return [done.length > 1, increasing, done.at(-1), await db.size(),
                  (await db.search(vector(2499), {k: 1}))[0], (await db.stats()).batches < 10];
                """);
    assertThat(result)
        .isEqualTo(
            "[true,true,[2500,2500],2502,"
                + "{\"id\":\"id-2499\",\"score\":0,\"metadata\":{\"i\":2499}},true]");
  }

  @Test
  void putManyStopsBetweenPartsWhenAborted() {
    String result =
        page.run(
            OPEN
                + """
                const ids = Array.from({length: 20000}, (_, i) => 'id-' + i);
                const flat = new Float32Array(ids.length * 4).fill(1);
                const controller = new AbortController();
                let reported = 0;
                const onProgress = (n) => { reported = n; controller.abort(); };
                const code = await codeOf(
                  db.putMany(ids, flat, null, {onProgress, signal: controller.signal}));
                const before = await codeOf(
                  db.putMany(['z'], new Float32Array(4), null, {signal: AbortSignal.abort()}));
                const size = await db.size();
                return [code, before, reported > 0, size >= reported, size < 20000,
                  await db.has('id-' + (reported - 1)), await db.has('z')];
                """);
    assertThat(result).isEqualTo("[\"ABORTED\",\"ABORTED\",true,true,true,true,false]");
  }

  @Test
  void aBatchAppliesInOrderAndAsAWhole() {
    page.run(
        OPEN
            + """
            await db.put('old', vector(9));
            await db.write([
              {put: 'a', vector: vector(1), metadata: {n: 1}},
              {delete: 'old'},
              {put: 'b', vector: [1, 2, 3, 4]},
              {put: 'c', vector: vector(3)},
              {delete: 'c'},
            ]);
            """);
    assertThat(
            page.reload()
                .run(
                    """
                    const db = await edgevec.open('notes');
                    const code = await codeOf(db.write([
                      {put: 'd', vector: vector(4)}, {put: 'e', vector: [1]}]));
                    return [code, (await all(db.entries())).map((entry) => entry.id)];
                    """))
        .isEqualTo("[\"INVALID_DIMENSION\",[\"a\",\"b\"]]");
  }

  @Test
  void entriesComeInTheOrderOfTheirLastPut() {
    String entries =
        page.run(
            OPEN
                + """
                for (let i = 0; i < 300; i++) db.put('id-' + i, vector(i));
                await db.put('id-0', vector(0), {again: true});
                await db.delete('id-5');
                const found = await all(db.entries());
                return [found.length, found[0].id, found.at(-1).id, found.at(-1).metadata,
                  json(found.at(-1).vector) === json(vector(0))];
                """);
    assertThat(entries).isEqualTo("[299,\"id-1\",\"id-0\",{\"again\":true},true]");
  }

  @Test
  void aCheckpointEmptiesTheLogAndReopeningReplaysNothing() {
    String stats =
        page.run(
            OPEN
                + """
                for (let i = 0; i < 500; i++) db.put('id-' + i, vector(i));
                await db.put('last', vector(500));
                const before = await db.stats();
                await db.checkpoint();
                const after = await db.stats();
                return [before.size, before.metric, before.durability, before.generation,
                  before.batches, before.syncs < 501, before.readOnly, before.logBytes > 20000,
                  after.generation, after.logBytes < before.logBytes / 100,
                  after.segmentCount, after.lastSequence,
                  Math.abs(after.lastCheckpointMillis - Date.now()) < 60000];
                """);
    assertThat(stats).isEqualTo("[501,\"l2\",\"strict\",1,501,true,false,true,2,true,1,501,true]");
    String report =
        page.reload()
            .run(
                """
                const db = await edgevec.open('notes');
                const {durationMillis, ...report} = await db.recoveryReport();
                return [durationMillis >= 0, report, await db.size()];
                """);
    assertThat(report)
        .isEqualTo(
            "[true,{\"created\":false,\"vanished\":false,\"generation\":2,"
                + "\"usedPreviousSnapshot\":false,\"snapshotEntries\":501,\"replayedBatches\":0,"
                + "\"replayedRecords\":0,\"lastSequence\":501,\"tornBytes\":0,\"notes\":[]},501]");
  }

  @Test
  void theLogIsReplayedAfterAReload() {
    page.run(OPEN + "await db.put('a', vector(1)); await db.put('b', vector(2));");
    assertThat(
            page.reload()
                .run(
                    """
                    const db = await edgevec.open('notes', {durability: 'relaxed'});
                    const {replayedBatches, replayedRecords} = await db.recoveryReport();
                    return [replayedBatches, replayedRecords, (await db.stats()).durability];
                    """))
        .isEqualTo("[2,2,\"relaxed\"]");
  }

  @Test
  void aClosedDatabaseSaysSoAndCanBeOpenedAgain() {
    String codes =
        page.run(
            OPEN
                + """
                const pending = db.put('a', vector(1));
                await db.close();
                await pending;
                await db.close();
                const codes = [];
                for (const call of [() => db.put('b', vector(2)), () => db.get('a'),
                    () => db.size(), () => db.search(vector(1)), () => db.checkpoint(),
                    () => db.stats(), () => db.write([{delete: 'a'}]), () => db.delete('a'),
                    () => db.putMany(['b'], vector(2)), () => db.has('a'),
                    () => all(db.entries())]) {
                  codes.push(await codeOf(call()));
                }
                const again = await edgevec.open('notes');
                return [[...new Set(codes)], codes.length, await again.size()];
                """);
    assertThat(codes).isEqualTo("[[\"CLOSED\"],11,1]");
  }

  @Test
  void everyMetricRanksTheNearestFirst() {
    String results =
        page.run(
            """
            const results = [];
            for (const metric of ['l2', 'cosine', 'dot']) {
              const db = await edgevec.open(metric, {dimension: 2, metric});
              await db.put('near', [2, 0.5]);
              await db.put('far', [-1, 3]);
              await db.put('long', [100, 100]);
              results.push((await db.search([1, 0])).map((hit) => hit.id + ' ' +
                hit.score.toFixed(4)));
              await db.close();
            }
            return results;
            """);
    assertThat(results)
        .isEqualTo(
            "[[\"near 1.2500\",\"far 13.0000\",\"long 19801.0000\"],"
                + "[\"near 0.9701\",\"long 0.7071\",\"far -0.3162\"],"
                + "[\"long 100.0000\",\"near 2.0000\",\"far -1.0000\"]]");
  }

  @Test
  void twoDatabasesDoNotMixAndDestroyRemovesOne() {
    String result =
        page.run(
            """
            const one = await edgevec.open('one', {dimension: 4, metric: 'l2'});
            const two = await edgevec.open('two / ü', {dimension: 4, metric: 'dot'});
            await one.put('a', vector(1));
            const busy = await codeOf(edgevec.destroy('one', {lockWaitMillis: 0}));
            await one.close();
            const destroyed = [await edgevec.destroy('one'), await edgevec.destroy('one')];
            const again = await edgevec.open('one', {dimension: 3, metric: 'dot'});
            const {created, vanished} = await again.recoveryReport();
            return [busy, destroyed, await two.size(), created, vanished, await again.size()];
            """);
    assertThat(result).isEqualTo("[\"LOCKED\",[true,false],0,true,false,0]");
  }
}
