package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.microsoft.playwright.CDPSession;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tasks of the module that end by something else than an exception of Java's: a trap, the end of
 * the stack. What such a task held it holds for ever, so all calls must be told, and the database
 * must open anew.
 */
@Timeout(120)
class TrapTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  /**
   * For a page or a worker: puts a function before some of the module's imports that fails once,
   * where and how {@code fault} says, after it did not as often as {@code fault.spare} says.
   */
  private static final String FAULT =
      """
      const {instantiate} = WebAssembly;
      const fault = globalThis.fault = {at: '', by: '', spare: 0, slow: 0, writes: [], memories: []};
      const endStack = () => endStack() + 1;
      const failIf = (place, kernels) => {
        if (fault.at !== place || fault.spare-- > 0) return;
        fault.at = '';
        if (fault.by === 'trap') kernels.norm(-16, 100);
        if (fault.by === 'stack') endStack();
        throw fault.by;
      };
      const before = (functions, place, kernels) => Object.fromEntries(
        Object.entries(functions).map(([name, body]) => [name, (...args) => {
          failIf(place, kernels);
          return body(...args);
        }]));
      const slowly = (promise) => {
        const {slow} = fault;
        return slow ? promise.then(() => new Promise((done) => setTimeout(done, slow))) : promise;
      };
      WebAssembly.instantiate = async (module, {bodies, kernels, teavmAsync, teavmDate, ...imports}) => {
        if (!bodies) return instantiate(module, imports);
        const number = fault.writes.push(0) - 1;
        fault.memories.push(new WeakRef(imports.env.memory));
        const wrapped = Object.entries(bodies).map(([name, body]) => [name, (...args) => {
          if (!/readwrite/.test(body)) return body(...args);
          failIf('write', kernels);
          fault.writes[number]++;
          const promise = slowly(body(...args));
          // Before the module hears of it, which it does by looking at the clock.
          promise.then(() => { if (fault.at === 'written') fault.at = 'clock'; });
          return promise;
        }]);
        return instantiate(module, {...imports, bodies: Object.fromEntries(wrapped),
          kernels: before(kernels, 'kernel', kernels),
          // At the beginning of a task, and where it looks at the clock, as exports do, too.
          teavmAsync: {offer: (task, run, time) => teavmAsync.offer(task, (it) => {
            failIf('now', kernels);
            run(it);
          }, time)},
          teavmDate: before(teavmDate, 'clock', kernels)});
      };
      addEventListener('message', (event) => {
        if (event.data.arm) {
          Object.assign(fault, event.data.arm);
          event.stopImmediatePropagation();
        }
      });
      """;

  /** Runs FAULT before the package, here and in workers; {@code arm} says what is to fail. */
  private static final String SETUP =
      """
      (() => {
        const script = %s;
        (0, eval)('{' + script + '}');
        const blob = (text) => URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));
        const first = blob(script);
        let last = {postMessage: ({arm}) => Object.assign(fault, arm)};
        window.Worker = class extends Worker {
          constructor(url, options) {
            super(blob(`import '${first}'; import '${url}';`), options);
            last = this;
          }
        };
        window.arm = (fault) => last.postMessage({arm: fault});
        /** How promises end: 'done', or the code of what they are rejected with. */
        window.ends = (promises) => Promise.all(
          promises.map((promise) => promise.then(() => 'done', (e) => e.code ?? String(e))));
      })();
      """
          .formatted(new Gson().toJson(FAULT));

  private static TestPage page(Host host) {
    TestPage page = SESSION.page(host);
    page.page().evaluate(SETUP);
    return page;
  }

  /**
   * What happened.
   *
   * @param ends how the calls ended that were under way
   * @param later how calls ended that came afterwards
   * @param lost acknowledged ids that are not there after opening anew
   */
  private record Told(
      List<String> ends, List<String> later, String message, List<String> lost, int size) {}

  private static Stream<Arguments> faults() {
    return Stream.of(Host.values())
        .flatMap(
            host ->
                Stream.of("trap", "stack", "a string")
                    .flatMap(
                        by ->
                            Stream.of(
                                Arguments.of(host, by, "write", 0),
                                Arguments.of(host, by, "write", 1),
                                Arguments.of(host, by, "written", 0),
                                Arguments.of(host, by, "now", 0))));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void allCallsAreToldAndTheDatabaseOpensAnew(Host host, String by, String at, int spare) {
    TestPage page = page(host);
    String json =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
            await db.put('kept', vector(0));
            await db.putMany(named(20), vectors(20));
            const ids = named(8, 'put-');
            if (arg.at !== 'now') arm(arg);
            const puts = ids.map((id, i) => db.put(id, vector(i)));
            const calls = [...puts, db.putMany(named(9, 'many-'), vectors(9)), db.delete('kept'),
              db.write([{put: 'written', vector: vector(1)}]), db.checkpoint(), db.verify()];
            if (arg.at === 'now') arm(arg);
            const ends = await window.ends(calls);
            const later = await window.ends([db.put('a', vector(1)), db.delete('kept'),
              db.checkpoint(), db.verify(), db.stats(), db.awaitIndexed(), db.size(),
              db.search(vector(1)), db.close()]);
            const {message} = await failure(db.close().then(() => ({ends, later})));
            const again = await edgevec.open('notes');
            const lost = [];
            for (const [i, id] of ids.entries()) {
              if (ends[i] === 'done' && !await again.has(id)) lost.push(id);
            }
            await again.put('b', vector(1));
            await again.checkpoint();
            const size = await again.size();
            await again.close();
            return {ends, later, message, lost, size};
            """
                .replace("vectors(", "((n) => Array.from({length: n}, (_, i) => vector(i)))("),
            Map.of("at", at, "by", by, "spare", spare));
    Told told = new Gson().fromJson(json, Told.class);
    assertThat(told.ends()).contains("CRASHED").isSubsetOf("CRASHED", "done");
    assertThat(told.later()).hasSize(9).containsOnly("CRASHED");
    assertThat(told.message())
        .contains("Open the database again")
        // Firefox says of the stack: too much recursion.
        .containsPattern(
            switch (by) {
              case "trap" -> "bounds";
              case "stack" -> "stack|recursion";
              default -> by;
            });
    assertThat(told.lost()).isEmpty();
    assertThat(told.size()).isBetween(21, 40);
    page.takeErrors();
  }

  @Test
  void anOpenerThatWaitsForALockLeavesNoRequestBehind() {
    TestPage page = page(Host.PAGE);
    String json =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
            const kept = navigator.locks.request('edgevec/other', () => sleep(4000));
            const waiting = edgevec.open('other', {dimension: 4, metric: 'l2'});
            await sleep(300);
            arm({at: 'write', by: 'trap', spare: 0});
            const ends = await window.ends([db.put('a', vector(1)), waiting]);
            const begun = performance.now();
            const again = await edgevec.open('notes');
            const isSoon = performance.now() - begun < 2500;
            await again.close();
            const {pending} = await navigator.locks.query();
            await kept;
            await (await edgevec.open('other', {dimension: 4, metric: 'l2'})).close();
            return [ends, isSoon, pending.length];
            """);
    assertThat(json).isEqualTo("[[\"CRASHED\",\"CRASHED\"],true,0]");
    page.takeErrors();
  }

  @ParameterizedTest
  @EnumSource
  void maintenanceThatTrapsHoldsUpNobody(Host host) {
    TestPage page = page(host);
    String json =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
            // A worker hosts one only.
            const other = location.search ? null
              : await edgevec.open('other', {dimension: 4, metric: 'l2'});
            await db.put('kept', vector(0));
            // The log is sealed when no write came for a while.
            arm({at: 'write', by: 'trap', spare: 0});
            await sleep(ARG);
            const calls = [db.put('a', vector(1)), db.checkpoint(), db.close()];
            if (other) calls.push(other.put('a', vector(1)), other.close());
            const ends = await window.ends(calls);
            const again = await edgevec.open('notes');
            const kept = await again.has('kept');
            await again.put('a', vector(1));
            await again.close();
            return [[...new Set(ends)], kept];
            """
                .replace("ARG", "1500"));
    assertThat(json).isEqualTo("[[\"CRASHED\"],true]");
    assertThat(page.takeErrors()).isNotEmpty();
  }

  @Test
  void nothingIsWrittenAnyMoreAndLocksAreHeldUntilWhatWasBegunIsDone() {
    TestPage page = page(Host.PAGE);
    String json =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
            const other = await edgevec.open('other', {dimension: 4, metric: 'l2'});
            await other.put('kept', vector(0));
            const third = await edgevec.open('third', {dimension: 4, metric: 'l2'});
            // One of the other's writes is under way, and more wait for it; the third's only begin.
            Object.assign(fault, {at: 'write', by: 'trap', spare: 1, slow: 700});
            const calls = named(8).map((id) => other.put(id, vector(1)));
            calls.push(db.put('a', vector(1)), third.put('a', vector(1)));
            const ends = await window.ends(calls);
            const [writes] = fault.writes;
            const held = async () => (await navigator.locks.query()).held.map(({name}) => name);
            const during = await held();
            fault.slow = 0;
            const again = await edgevec.open('other');
            const ids = (await all(again.entries())).map((entry) => entry.id);
            await sleep(500);
            const after = await held();
            await again.close();
            return [[...new Set(ends)], fault.writes[0] - writes, during.sort(), after, ids];
            """);
    // What was under way was stored, though not acknowledged.
    assertThat(json)
        .isEqualTo(
            "[[\"CRASHED\"],0,[\"edgevec/notes\",\"edgevec/other\",\"edgevec/third\"],"
                + "[\"edgevec/other\"],[\"kept\",\"id-0\"]]");
    page.takeErrors();
  }

  @Test
  void theMemoryIsLetGo() {
    TestPage page = page(Host.PAGE);
    page.run(
        """
        window.db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
        await db.put('kept', vector(0));
        arm({at: 'written', by: 'no error with a stack', spare: 0});
        await failure(db.put('a', vector(1)));
        window.again = await edgevec.open('notes');
        await sleep(1500); // Timers still had it.
        """);
    CDPSession session = SESSION.context().newCDPSession(page.page());
    session.send("HeapProfiler.collectGarbage");
    assertThat(page.run("return fault.memories.map((memory) => memory.deref() !== undefined);"))
        .isEqualTo("[false,true]");
    page.takeErrors();
  }

  @ParameterizedTest
  @EnumSource
  void anotherTabMayOpenIt(Host host) {
    TestPage page = page(host);
    page.run(
        """
        window.db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
        await db.put('kept', vector(0));
        arm({at: 'write', by: 'trap', spare: 0});
        await failure(db.put('a', vector(1)));
        """);
    assertThat(SESSION.page().run("return (await edgevec.open('notes')).size();")).isEqualTo("1");
    assertThat(page.failure("db.put('a', vector(1))").code()).isEqualTo("CRASHED");
    page.takeErrors();
  }

  @ParameterizedTest
  @EnumSource
  void aSearchThatTrapsFailsAlone(Host host) {
    TestPage page = page(host);
    String json =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
            await db.putMany(named(20), named(20).map((_, i) => vector(i)));
            arm({at: 'kernel', by: 'trap', spare: 0});
            const first = await codeOf(db.search(vector(7), {k: 1}));
            const [{id}] = await db.search(vector(7), {k: 1});
            await db.put('a', vector(1));
            await db.checkpoint();
            await db.close();
            return [first, id];
            """);
    assertThat(json).isEqualTo("[\"INTERNAL\",\"id-7\"]");
  }
}
