package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.edgevec.storage.StorageBackendContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Safari's engine: the storage contract, and what a page does with the package. */
@Timeout(120)
final class WebKitTest {

  private static PackageServer server;
  private static WebKit webKit;

  @BeforeAll
  static void start() throws IOException {
    webKit = WebKit.start();
    server = PackageServer.start();
    System.out.println("WebKitTest: " + webKit.version());
  }

  @AfterAll
  static void end() {
    if (server != null) {
      webKit.close();
      server.close();
    }
  }

  private static void show(Host host) {
    webKit.load(server.url(host.path), "window.ready");
  }

  @TestFactory
  Stream<DynamicTest> contract() {
    webKit.load(server.url("/contract.html"), "window.ready");
    List<String> names = StorageBackendContract.cases().stream().map(c -> c.name()).toList();
    return IntStream.range(0, names.size())
        .mapToObj(i -> DynamicTest.dynamicTest(names.get(i), () -> runCase(i)));
  }

  private static void runCase(int number) {
    assertThat(webKit.run("return contract.runCase(arg, 'case-' + arg);", number))
        .isEqualTo("\"kept\"");
  }

  /** What the JVM wrote, with its graph. */
  @ParameterizedTest
  @EnumSource
  void aStoreOfTheJvmOpens(Host host) throws IOException {
    show(host);
    Path golden = ModuleFolder.resolve("../core/src/test/resources/golden/v2-copies");
    assertThat(
            webKit.run(
                """
                await imported('golden', arg);
                const report = await edgevec.verify('golden');
                const db = await edgevec.open('golden');
                const found = [];
                for (const {id, vector} of (await all(db.entries())).slice(0, 30)) {
                  const [hit] = await db.search(vector, {k: 1});
                  found.push(json((await db.get(hit.id)).vector) === json(vector));
                }
                await db.close();
                await edgevec.destroy('golden');
                return [report.damage, found.length, found.every(Boolean)];
                """,
                StoreFolder.read(golden)))
        .isEqualTo("[[],30,true]");
  }

  /** By the graph and the SIMD kernels, beside exact scoring. */
  @ParameterizedTest
  @EnumSource
  void searchesFind(Host host) {
    show(host);
    assertThat(
            webKit.run(
                """
                const db = await edgevec.open('search', {dimension: 96, metric: 'cosine'});
                let bits = 1;
                const random = () => (bits = (Math.imul(bits, 1103515245) + 12345) >>> 0) / 2 ** 32 - 0.5;
                const vectors = Array.from({length: 3000}, () => Float32Array.from({length: 96}, random));
                await db.putMany(vectors.map((_, i) => 'v' + i), vectors, vectors.map((_, i) => ({i})));
                await db.awaitIndexed();
                let same = 0, self = 0;
                for (let i = 0; i < 50; i++) {
                  const query = Float32Array.from({length: 96}, random);
                  const exact = (await db.search(query, {k: 10, exact: true})).map(({id}) => id);
                  same += (await db.search(query, {k: 10, efSearch: 200})).filter(({id}) => exact.includes(id)).length;
                  const [own] = await db.search(vectors[i], {k: 1});
                  self += own.id === 'v' + i && own.metadata.i === i ? 1 : 0;
                }
                const {indexedEntries} = await db.stats();
                await db.close();
                await edgevec.destroy('search');
                return [indexedEntries, same >= 475, self];
                """))
        .isEqualTo("[3000,true,50]");
  }

  /** The lock of one that was closed is free, also where its worker ends with it. */
  @ParameterizedTest
  @EnumSource
  void whatIsClosedCanBeDestroyedAndMadeAnew(Host host) {
    show(host);
    assertThat(
            webKit.run(
                """
                for (let round = 0; round < 20; round++) {
                  const db = await edgevec.open('again', {dimension: 3, metric: 'l2', lockWaitMillis: 10000});
                  if (await db.size() !== 0) return 'not destroyed';
                  await db.put('a', [1, 2, round]);
                  await db.close();
                  const second = await edgevec.open('again');
                  if ((await second.get('a')).vector[2] !== round) return 'lost';
                  await second.close();
                  if (!await edgevec.destroy('again')) return 'was not there';
                }
                return 'done';
                """))
        .isEqualTo("\"done\"");
  }

  /** What was acknowledged is there after a reload in the middle of writes; batches are whole. */
  @ParameterizedTest
  @EnumSource
  void aReloadMidWriteLosesNothing(Host host) {
    show(host);
    webKit.evaluate(
        """
        (async () => {
          const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
          let last = 0;
          for (let i = 0; ; i++) {
            const batch = Array.from({length: 20}, (_, k) => ({put: 'batch-' + i + '-' + k, vector: vector(i)}));
            await Promise.all([
              db.put('single-' + i, vector(i), {i}),
              db.write(batch),
            ]);
            localStorage.setItem('acknowledged', last = i);
            if (i === 20) db.checkpoint();
          }
        })();
        """);
    webKit.run(
        "while (Number(localStorage.getItem('acknowledged')) < 40)"
            + " await new Promise((resolve) => setTimeout(resolve, 10));");
    show(host);
    assertThat(
            webKit.run(
                """
                const last = Number(localStorage.getItem('acknowledged'));
                const db = await edgevec.open('notes');
                const found = new Map((await all(db.entries())).map((entry) => [entry.id, entry.vector]));
                const lost = [], sizes = new Map();
                for (let i = 0; i <= last; i++) {
                  for (const id of ['single-' + i, 'batch-' + i + '-0', 'batch-' + i + '-19']) {
                    if (json(found.get(id)) !== json(vector(i))) lost.push(id);
                  }
                }
                for (const id of found.keys()) {
                  const [kind, i] = id.split('-');
                  if (kind === 'batch') sizes.set(i, (sizes.get(i) ?? 0) + 1);
                }
                const halves = [...sizes].filter(([, size]) => size !== 20);
                await db.put('goes on', vector(0));
                await db.close();
                await edgevec.destroy('notes');
                localStorage.clear();
                return {enough: last >= 40, lost, halves};
                """))
        .isEqualTo("{\"enough\":true,\"lost\":[],\"halves\":[]}");
  }

  /**
   * A page that goes to the browser's back/forward cache gives its database back; who comes back to
   * it is told, and can open it again. What is lost on the way depends on the moment, so this is
   * done a few times. (A worker has nothing under way then: see docs/decisions.md.)
   */
  @ParameterizedTest
  @EnumSource
  void aPageThatIsPutAsideKeepsNobodyWaiting(Host host) {
    for (int round = 0; round < 2; round++) {
      putAside(host);
    }
  }

  private static void putAside(Host host) {
    show(host);
    webKit.evaluate(
        """
        addEventListener('pageshow', ({persisted}) => { window.wasAside = persisted; });
        const ids = Array.from({length: 4000}, (_, i) => 'many-' + i);
        const vectors = ids.map((_, i) => vector(i));
        const repeat = async (what) => {
          for (let i = 0; ; i++) {
            await what(i);
            window.written = i;
            if (window.isEnough) window.resting = (window.resting ?? 0) + 1;
            while (window.isEnough && !window.wasAside) await sleep(10);
          }
        };
        (async () => {
          const db = window.db = await edgevec.open('aside', {dimension: 4, metric: 'l2'});
          const loops = await Promise.allSettled([
            repeat((i) => db.put('id-' + i, vector(i))),
            repeat(() => db.putMany(ids, vectors)),
          ]);
          window.ended = loops.map(({reason: {code, message}}) => code + ': ' + message);
        })();
        """);
    webKit.run("while (!(window.written > 20)) await sleep(10);");
    if (host == Host.WORKER) {
      webKit.run(
          """
          window.isEnough = true;
          while (window.resting !== 2) await sleep(10);
          await db.awaitIndexed();
          await db.checkpoint();
          """);
    }
    webKit.load(server.url("/test.html?other"), "window.ready");
    assertThat(
            webKit.run(
                """
                const db = await edgevec.open('aside');
                const size = await db.size();
                await db.put('meanwhile', vector(1));
                await db.close();
                return size > 20;
                """))
        .isEqualTo("true");
    webKit.back("window.ready");
    String away =
        " went away while it was open (the browser put its page aside). Close it and open it again.";
    assertThat(
            webKit.run(
                """
                while (window.wasAside && !window.ended) await sleep(10);
                const told = window.wasAside ? window.ended.find((it) => it.startsWith('LOST')) : 'made anew';
                const later = window.wasAside ? await codeOf(db.put('late', vector(1))) : 'none';
                await window.db?.close().catch(() => {});
                const again = await edgevec.open('aside');
                const found = await again.has('meanwhile');
                await again.close();
                await edgevec.destroy('aside');
                return [told, later, found];
                """))
        .isIn(
            "[\"made anew\",\"none\",true]",
            "[\"LOST: edgevec/aside" + away + "\",\"READ_ONLY\",true]",
            "[\"LOST: The database" + away + "\",\"LOST\",true]");
  }

  /** Nobody is to get a lock who cannot give it back. */
  @ParameterizedTest
  @EnumSource
  void aPageThatIsPutAsideWaitsForNoLock(Host host) {
    show(host);
    webKit.run(
        """
        const held = new Promise((resolve) => addEventListener('pagehide', resolve));
        await new Promise((granted) =>
          navigator.locks.request('edgevec/waiting', () => { granted(); return held; }));
        addEventListener('pageshow', ({persisted}) => { window.wasAside = persisted; });
        window.waiting = edgevec.open('waiting', {dimension: 4, metric: 'l2', lockWaitMillis: 50_000});
        window.waiting.catch(({code}) => { window.ended = code; });
        const isWaiting = ({name}) => name === 'edgevec/waiting';
        while (!(await navigator.locks.query()).pending.some(isWaiting)) await sleep(10);
        """);
    webKit.load(server.url("/test.html?other"), "window.ready");
    assertThat(
            webKit.run(
                """
                const db = await edgevec.open('waiting', {dimension: 4, metric: 'l2', lockWaitMillis: 10_000});
                await db.put('meanwhile', vector(1));
                await db.close();
                await edgevec.destroy('waiting');
                return 'done';
                """))
        .isEqualTo("\"done\"");
    webKit.back("window.ready");
    assertThat(
            webKit.run(
                "while (window.wasAside && !window.ended) await sleep(10);"
                    + " return window.wasAside ? window.ended : 'made anew';"))
        .isIn("\"IO\"", "\"LOST\"", "\"made anew\"");
  }
}
