package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of what a call is given: how much is copied, in which order it is written. */
@Timeout(120)
@ParameterizedClass
@EnumSource(Host.class)
class ArgumentsTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private static final String OPEN =
      "const db = await edgevec.open('notes', {dimension: 4, metric: 'l2', durability: 'relaxed'});";

  @Parameter Host host;

  private TestPage page;

  @BeforeEach
  void openPage() {
    page = SESSION.page(host);
  }

  /** A structured clone of a part of an array clones all of its buffer. */
  @Test
  void noMoreThanIsGivenIsCopiedToTheWorker() {
    assumeTrue(host == Host.WORKER);
    String bytes =
        page.run(
            """
            const sizes = [];
            const buffersIn = (value, found = new Set()) => {
              if (ArrayBuffer.isView(value)) found.add(value.buffer);
              else if (typeof value === 'object' && value) {
                Object.values(value).forEach((it) => buffersIn(it, found));
              }
              return found;
            };
            const {postMessage} = Worker.prototype;
            Worker.prototype.postMessage = function (message, ...more) {
              sizes.push([...buffersIn(message)].reduce((sum, it) => sum + it.byteLength, 0));
              return postMessage.call(this, message, ...more);
            };
            """
                + OPEN
                + """
                const large = new Float32Array(1 << 22).fill(1);
                const part = large.subarray(100, 104);
                await db.put('a', part);
                await db.write([{put: 'b', vector: part}]);
                await db.putMany(['c', 'd'], large.subarray(0, 8));
                await db.putMany(['e', 'f'], [part, new Float64Array(large.buffer, 0, 4)]);
                await db.search(part);
                await db.putMany(named(3000), large.subarray(0, 12000));
                return [Math.max(...sizes), sizes.filter((size) => size > 0)];
                """);
    assertThat(bytes).isEqualTo("[16000,[16,16,32,32,16,16000,16000,16000,16000,16000,16000]]");
  }

  @Test
  void writesOfOneIdHappenInTheOrderOfCalls() {
    String result =
        page.run(
            OPEN
                + """
                const fill = (n) => new Float32Array(4 * 5000).fill(n);
                const of = (n) => Array(5000).fill({n});
                const calls = [
                  db.putMany(['x'], [[1, 1, 1, 1]], [{n: 1}]), db.put('x', [2, 2, 2, 2], {n: 2}),
                  db.putMany(['y'], [[1, 1, 1, 1]]), db.delete('y'),
                  db.putMany(named(5000), fill(1), of(1)), db.putMany(named(5000), fill(2), of(2)),
                  db.write([{put: 'id-7', vector: [3, 3, 3, 3], metadata: {n: 3}}, {delete: 'id-8'}]),
                  db.put('id-7', [4, 4, 4, 4], {n: 4}), db.delete('id-4999'),
                  db.put('id-4999', [5, 5, 5, 5], {n: 5}),
                ];
                const done = await Promise.all(calls);
                const stale = [];
                for (const id of named(5000)) {
                  const {metadata, vector} = (await db.get(id)) ?? {metadata: {n: 0}, vector: [0]};
                  const n = {'id-7': 4, 'id-8': 0, 'id-4999': 5}[id] ?? 2;
                  if (metadata.n !== n || vector[0] !== n) stale.push(id);
                }
                return [(await db.get('x')).metadata.n, await db.has('y'), stale, done[3], done[8]];
                """);
    assertThat(result).isEqualTo("[2,false,[],true,true]");
  }

  @Test
  void aWriteOfAnotherIdDoesNotWaitForALoad() {
    String order =
        page.run(
            OPEN
                + """
                const order = [];
                const load = db.putMany(named(20000), new Float32Array(80000).fill(1), null, {
                  onProgress: () => order.push('part')});
                await db.put('other', [1, 2, 3, 4]);
                order.push('put');
                await load;
                return [order.indexOf('put') < 10, order.length];
                """);
    assertThat(order).isEqualTo("[true,21]");
  }

  /** What the search graph is behind with is held back, and a later write must not go first. */
  @Test
  void writesThatAreHeldBackKeepTheirOrder() {
    String result =
        page.run(
            """
            const db = await edgevec.open('held', {dimension: 64, metric: 'l2', durability: 'relaxed'});
            const load = db.putMany(named(6000), clustered(6000, 64));
            let done = false;
            load.then(() => { done = true; });
            const wrong = [];
            for (let i = 0; i < 400 && (i < 20 || !done); i++) {
              await db.search(vector(i, 64));
              const put = db.put('x', vector(i, 64));
              const removed = db.delete('x');
              const batch = db.write([{put: 'y', vector: vector(i, 64), metadata: {i}}, {delete: 'z'}]);
              const last = db.write([{delete: 'y'}]);
              const results = await Promise.all([put, removed, batch, last]);
              if (!results[1] || (await db.has('x')) || (await db.has('y'))) wrong.push(i);
            }
            await load;
            return wrong;
            """);
    assertThat(result).isEqualTo("[]");
  }

  @Test
  void closingWaitsForWritesThatWereCalledBefore() {
    String result =
        page.run(
            OPEN
                + """
                const calls = Array.from({length: 20}, (_, n) => db.put('a', [n, n, n, n], {n}));
                calls.push(...named(200).map((id) => db.put(id, [1, 2, 3, 4])));
                calls.push(db.putMany(named(900, 'm-'), new Float32Array(3600).fill(1)));
                const removal = db.delete('a');
                const last = db.put('a', [7, 7, 7, 7], {n: 'last'});
                await db.close();
                await Promise.all(calls);
                const again = await edgevec.open('notes');
                return [await removal, await last, (await again.get('a')).metadata, await again.size()];
                """);
    assertThat(result).isEqualTo("[true,\"(undefined)\",{\"n\":\"last\"},1101]");
  }

  @Test
  void closingEndsALoadAfterThePartUnderWay() {
    String result =
        page.run(
            OPEN
                + """
                let reported = 0;
                let closed;
                const load = codeOf(db.putMany(named(20000), new Float32Array(80000).fill(1), null, {
                  onProgress: (n) => { reported = n; closed ??= db.close(); }}));
                const waiting = db.put('id-19999', [1, 2, 3, 4], {n: 'last'});
                const code = await load;
                await closed;
                await waiting;
                const again = await edgevec.open('notes');
                return [code, reported > 0, (await again.size()) > reported,
                  (await again.size()) < 20000, (await again.get('id-19999')).metadata];
                """);
    assertThat(result).isEqualTo("[\"CLOSED\",true,true,true,{\"n\":\"last\"}]");
  }

  /** A batch holds 64 MiB at most. */
  @Test
  void putManyOfLongTextsIsCutByBytes() {
    String result =
        page.run(
            OPEN
                + """
                const text = 'x'.repeat(70000);
                const ids = named(1000);
                await db.putMany(ids, new Float32Array(4000).fill(1), ids.map((id) => ({id, text})));
                await db.putMany(named(30, 'l-'), new Float32Array(120).fill(1),
                  named(30).map((id) => ({id, list: Array(10000).fill('x'.repeat(80))})));
                const {metadata} = await db.get('id-999');
                return [await db.size(), metadata.id, metadata.text.length];
                """);
    assertThat(result).isEqualTo("[1030,\"id-999\",70000]");
  }

  @Test
  void anEmptyWriteIsNoError() {
    String result =
        page.run(
            OPEN
                + """
                await db.write([]);
                await db.putMany([], []);
                const {lastSequence} = await db.stats();
                await db.close();
                return [lastSequence, await codeOf(db.write([])), await codeOf(db.putMany([], []))];
                """);
    assertThat(result).isEqualTo("[0,\"CLOSED\",\"CLOSED\"]");
  }

  @Test
  void aWholeNumberComesBackAsANumberIfThatIsExact() {
    String result =
        page.run(
            OPEN
                + """
                const given = {a: 5n, b: 5, c: -5n, d: 2n ** 53n - 1n, e: 2n ** 53n, f: 2 ** 53,
                  g: -(2n ** 63n), h: 0n, i: -0, j: 1e300};
                await db.put('a', [1, 1, 1, 1], given);
                const {metadata} = await db.get('a');
                const [hit] = await db.search([1, 1, 1, 1]);
                return [Object.entries(metadata).map(([key, v]) => `${key} ${typeof v} ${v}`),
                  Object.is(metadata.i, -0), json(hit.metadata) === json(metadata),
                  await codeOf(db.put('a', [1, 1, 1, 1], {big: 2n ** 63n})),
                  await codeOf(db.put('a', [1, 1, 1, 1], {big: -(2n ** 63n) - 1n})),
                  await codeOf(db.put(5n, [1, 1, 1, 1]))];
                """);
    assertThat(result)
        .isEqualTo(
            "[[\"a number 5\",\"b number 5\",\"c number -5\",\"d number 9007199254740991\","
                + "\"e bigint 9007199254740992\",\"f number 9007199254740992\","
                + "\"g bigint -9223372036854775808\",\"h number 0\",\"i number 0\",\"j number 1e+300\"],"
                + "true,true,\"INVALID_METADATA\",\"INVALID_METADATA\",\"INVALID_ID\"]");
  }

  @Test
  void messagesNameTheEntryAndTheArgument() {
    String messages =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 2, metric: 'l2'});
            const message = async (promise) => (await failure(promise)).message;
            const many = named(1500);
            const flat = new Float32Array(3000).fill(1);
            const at = (i, value) => many.map((_, j) => (i === j ? value : undefined));
            return [
              await message(db.put(1n, [1, 2])),
              await message(db.put('a', [1, 2n])),
              await message(db.put('a', [1, 2], {when: new Map()})),
              await message(db.put('a', [1, 2], {tags: ['b', [Symbol()]]})),
              await message(db.putMany(at(1234, 5).map((id, i) => id ?? 'id-' + i), flat)),
              await message(db.putMany(many, many.map((_, i) => (i === 1234 ? [1] : [1, 2])))),
              await message(db.putMany(many, flat, at(1234, {when: undefined}))),
              await message(db.putMany(many, flat, at(1234, {['k'.repeat(200) + 'ü'.repeat(30)]: 1}))),
              await message(db.putMany(many, flat.map((_, i) => (i === 2468 ? NaN : 1)))),
              await message(db.write([{delete: 'a'}, {put: 'b', vector: [1]}])),
              await message(db.write([{delete: 'a'}, {put: '', vector: [1, 2]}])),
              await message(db.write([{put: 'a', vector: [1, 2], metdata: {}}])),
              await message(db.write([{put: 'a', vector: [1, 2], metadata: []}])),
            ].join('\\n');
            """);
    assertThat(messages.replace("\\\"", "'").replace("\\n", "\n").replace("\"", "").lines())
        .zipSatisfy(
            List.of(
                "The id is 1n;",
                "The vector of 'a' has 2n at index 1;",
                "The metadata of 'a' cannot be stored: the value of 'when' is or holds an object;",
                "The metadata of 'a' cannot be stored: the value of 'tags' is or holds a symbol;",
                "The id (entry 1234) is 5;",
                "The vector of 'id-1234' (entry 1234) has 1 components;",
                "The metadata of 'id-1234' (entry 1234) cannot be stored: the value of 'when' is or holds undefined;",
                "The metadata of 'id-1234' (entry 1234) cannot be stored: the key 'kkk",
                "The vector of 'id-1234' has NaN at index 0;",
                "The vector of 'b' (change 1) has 1 components;",
                "The id (change 1), '', has 0 characters;",
                "change 0 has no option 'metdata';",
                "The metadata of 'a' (change 0) must be a plain object,"),
            (message, start) -> assertThat(message).startsWith(start));
  }

  @Test
  void whatTheCallersCodeThrowsIsTheCause() {
    String result =
        page.run(
            OPEN
                + """
                const own = {no: 'Error'};
                const throwing = Object.defineProperty({}, 'k', {get() { throw own; }, enumerable: true});
                const seen = [];
                for (const call of [() => db.search([1, 1, 1, 1], throwing),
                    () => db.put('a', [1, 1, 1, 1], throwing)]) {
                  await call().catch((e) => seen.push(e.code, e.cause === own));
                }
                return seen;
                """);
    assertThat(result).isEqualTo("[\"INVALID_ARGUMENT\",true,\"INVALID_METADATA\",true]");
  }
}
