package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who opens a database that another has open waits until that one has closed, for a while. */
@Timeout(120)
@ParameterizedClass
@EnumSource(Host.class)
class LockWaitTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  /** A database whose closing takes a while: it stores its search graph first. */
  private static final String LARGE =
      """
      const first = await edgevec.open('notes', {dimension: 32, metric: 'l2', durability: 'relaxed'});
      await first.putMany(named(20000), clustered(20000, 32));
      """;

  /** How a call ends, and after how many milliseconds. */
  private static final String TIMED =
      """
      const timed = async (promise) => {
        const begun = performance.now();
        const code = await promise.then((db) => (db?.close?.(), 'opened'), (e) => e.code ?? String(e));
        return {code, millis: performance.now() - begun};
      };
      """;

  private record Ended(String code, double millis) {}

  @Parameter Host host;

  private static Ended ended(TestPage page, String body) {
    return new Gson().fromJson(page.run(TIMED + body), Ended.class);
  }

  @Test
  void whoOpensAgainWhileItClosesGetsIt() {
    TestPage page = SESSION.page(host);
    Ended ended =
        ended(
            page,
            LARGE
                + """
                const closing = timed(first.close()); // Nobody waits for it.
                const again = await edgevec.open('notes');
                const size = await again.size();
                await again.put('x', vector(1, 32));
                await again.close();
                return {code: `${size} ${(await closing).code}`, millis: (await closing).millis};
                """);
    assertThat(ended.code()).isEqualTo("20000 opened");
    System.out.printf("%s: closing took %.0f ms, and opening waited%n", host, ended.millis());
  }

  @Test
  void openingClosingAndOpeningWithoutWaitingEndsOpen() {
    TestPage page = SESSION.page(host);
    String seen =
        page.run(
            """
            const options = {dimension: 4, metric: 'l2'};
            // As React's StrictMode mounts, unmounts and mounts.
            const closings = [1, 2].map(async () => (await edgevec.open('notes', options)).close());
            const three = await edgevec.open('notes', options);
            await three.put('a', vector(1));
            const size = await three.size();
            await three.close();
            await Promise.all(closings); // Workers may have asked in any order.
            const {held, pending} = await navigator.locks.query();
            const left = [...held, ...pending].filter((lock) => lock.name === 'edgevec/notes');
            return [size, left.length];
            """);
    assertThat(seen).isEqualTo("[1,0]");
  }

  @Test
  void twoOpenersWaitInTheirOrder() {
    TestPage page = SESSION.page(host);
    String order =
        page.run(
            """
            const order = [];
            let end;
            const ended = new Promise((resolve) => { end = resolve; });
            const use = async (name) => {
              const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
              order.push(name);
              await ended;
              await db.close();
            };
            // Workers of their own may begin in another order than they were made in.
            const asked = async (count) => {
              for (let asking = 0; asking < count; ) {
                await sleep(5);
                const {held, pending} = await navigator.locks.query();
                asking = [...held, ...pending].filter((lock) => lock.name === 'edgevec/notes').length;
              }
            };
            const uses = [use('a')];
            await asked(1);
            uses.push(use('b'));
            await asked(2);
            uses.push(use('c'));
            await asked(3);
            end();
            await Promise.all(uses);
            return order;
            """);
    assertThat(order).isEqualTo("[\"a\",\"b\",\"c\"]");
  }

  @Test
  void anotherTabsClosingIsWaitedForAndItsKeepingOnlySoLong() {
    TestPage first = SESSION.page(host);
    first.run("window.db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});");
    TestPage second = SESSION.page(host);
    second.run("1;");
    Ended kept = ended(second, "return timed(edgevec.open('notes', {lockWaitMillis: 700}));");
    assertThat(kept.code()).isEqualTo("LOCKED");
    assertThat(kept.millis()).isBetween(690.0, 2500.0);
    Ended refused = ended(second, "return timed(edgevec.open('notes', {lockWaitMillis: 0}));");
    assertThat(refused.code()).isEqualTo("LOCKED");
    assertThat(refused.millis()).isLessThan(600);
    first.begin("await sleep(800); await db.close();");
    Ended opened = ended(second, "return timed(edgevec.open('notes'));");
    assertThat(opened.code()).isEqualTo("opened");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "exportFiles", "destroy", "salvage", "importFiles"})
  void allElseThatNeedsItAloneWaitsAsWell(String call) {
    TestPage page = SESSION.page(host);
    String more = call.equals("salvage") ? "'copy', " : call.equals("importFiles") ? "files, " : "";
    String promise = "edgevec." + call + "('notes', " + more + "{lockWaitMillis: %s})";
    String made =
        """
        const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
        await db.put('a', vector(1));
        """;
    String files =
        """
        await db.close();
        const files = await edgevec.exportFiles('notes');
        if (ARG) await edgevec.destroy('notes');
        """
            .replace("ARG", String.valueOf(call.equals("importFiles")));
    Ended ended =
        ended(
            page,
            made
                + files
                + """
                const kept = navigator.locks.request('edgevec/notes', () => sleep(900));
                await sleep(50);
                const refused = await timed(REFUSED);
                if (refused.code !== 'LOCKED') return refused;
                const waited = await timed(WAITED);
                await kept;
                return waited;
                """
                    .replace("REFUSED", promise.formatted(100))
                    .replace("WAITED", promise.formatted(9000)));
    assertThat(ended.code()).isEqualTo("opened");
    assertThat(ended.millis()).isBetween(300.0, 8000.0);
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    TestPage page = SESSION.page(host);
    for (String millis : List.of("-1", "0.5", "NaN", "Infinity", "'5'", "null", "2 ** 31")) {
      for (String call :
          List.of("open('a', ", "verify('a', ", "destroy('a', ", "salvage('a', 'b', ")) {
        TestPage.Failure failure =
            page.failure("edgevec." + call + "{lockWaitMillis: " + millis + "})");
        assertThat(failure.code()).as(call + millis).isEqualTo("INVALID_ARGUMENT");
        assertThat(failure.message()).contains("lockWaitMillis", "2147483647");
      }
    }
  }

  /** What stands for the lock manager fails in the page; a worker has its own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Promise.reject(new DOMException('not active', 'InvalidStateError'))",
        "Promise.reject(new DOMException('no storage here', 'SecurityError'))",
        "(() => { throw new TypeError('odd'); })()",
        "new Promise(() => {})",
        "Promise.reject(new DOMException('by itself', 'AbortError'))",
      })
  void aLockManagerThatFailsIsToldAndNothingStaysHeld(String result) {
    if (host == Host.WORKER) {
      return;
    }
    TestPage page = SESSION.page(host);
    String seen =
        page.run(
            """
            const first = await edgevec.open('other', {dimension: 4, metric: 'l2'});
            await first.close();
            const {setTimeout: real} = window;
            window.setTimeout = (body, millis, ...args) =>
              real(body, millis > 50000 ? millis / 60 : millis, ...args);
            const {request} = navigator.locks;
            navigator.locks.request = () => RESULT;
            const codes = [await codeOf(edgevec.open('notes', {dimension: 4, metric: 'l2'})),
              await codeOf(edgevec.destroy('notes'))];
            delete navigator.locks.request;
            window.setTimeout = real;
            const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
            await db.close();
            return codes;
            """
                .replace("RESULT", result));
    assertThat(seen).isEqualTo("[\"IO\",\"IO\"]");
  }

  @Test
  void aLockThatIsTakenByForceEndsTheWritingOfTheFirst() {
    TestPage page = SESSION.page(host);
    String seen =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
            await db.put('a', vector(1));
            let give;
            const thief = navigator.locks.request('edgevec/notes', {steal: true},
              () => new Promise((done) => { give = done; }));
            await sleep(100);
            const code = await codeOf(db.put('b', vector(2)));
            const found = (await db.search(vector(1), {k: 1}))[0].id;
            const closed = await db.close().then(() => 'closed', (e) => e.code);
            give();
            await thief;
            const again = await edgevec.open('notes');
            const size = await again.size();
            await again.put('c', vector(3));
            await again.close();
            return [code, found, closed, size];
            """);
    assertThat(seen).isIn("[\"LOST\",\"a\",\"closed\",1]", "[\"LOST\",\"a\",\"LOST\",1]");
  }

  @Test
  void aReloadBesideQueuedSearchesOpens() {
    TestPage page = SESSION.page(host);
    page.run(
        """
        const db = await edgevec.open('notes', {dimension: 128, metric: 'l2', durability: 'relaxed'});
        for (let i = 0; i < 4; i++) {
          await db.putMany(named(5000, i + '-'), new Float32Array(5000 * 128).fill(i + 0.1));
        }
        await db.close();
        """);
    page.run(
        """
        window.db = await edgevec.open('notes');
        for (let i = 0; i < 600; i++) {
          db.search(new Float32Array(128).fill(1), {exact: true}).catch(() => {});
        }
        await sleep(20);
        """);
    Ended opened = ended(page.reload(), "return timed(edgevec.open('notes'));");
    assertThat(opened.code()).isEqualTo("opened");
    System.out.printf(
        "%s: opening after a reload beside 600 searches took %.0f ms%n", host, opened.millis());
  }
}
