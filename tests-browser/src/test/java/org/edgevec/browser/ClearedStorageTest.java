package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A site's data is cleared, or the worker ends, under work: nothing stays pending. */
@Timeout(180)
class ClearedStorageTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private static final int ROUNDS = 3;

  /** Begins work of every kind that goes on until it fails, and tells how each ends. */
  private static final String WORK =
      """
      window.db = await edgevec.open('cleared', {dimension: 16, metric: 'l2', ifLost: 'create'});
      const until = (work) => (async () => {
        for (let i = 0; ; i++) await work(i);
      })().catch((e) => e.code ?? String(e));
      window.ends = [
        until((i) => db.put('id-' + i, vector(i, 16))),
        until((i) => db.write([{put: 'a', vector: vector(i, 16)}, {delete: 'id-' + i}])),
        until(() => db.checkpoint()),
        until(() => db.verify()),
      ];
      """;

  @ParameterizedTest
  @EnumSource(Host.class)
  void allWorkIsSettledAndTheNameIsFreeAgain(Host host) {
    TestPage page = SESSION.page(host);
    for (int round = 0; round < ROUNDS; round++) {
      page.run(WORK + "await sleep(" + (200 + 37 * round) + ");");
      clear(page);
      String ends =
          page.run(
              """
              const codes = await Promise.all(ends);
              const closed = await db.close().then(() => 'closed', (e) => e.code);
              const again = await edgevec.open('cleared',
                {dimension: 16, metric: 'l2', ifLost: 'create'});
              await again.put('b', vector(1, 16));
              await again.close();
              await edgevec.destroy('cleared');
              return [codes.filter((c) => !['LOST', 'READ_ONLY', 'IO'].includes(c)), closed];
              """);
      assertThat(ends).isIn("[[],\"closed\"]", "[[],\"LOST\"]");
    }
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void anIdleDatabaseTellsTheNextCall(Host host) {
    TestPage page = SESSION.page(host);
    page.run(
        """
        window.db = await edgevec.open('cleared', {dimension: 4, metric: 'l2'});
        await db.put('a', vector(1));
        await sleep(600);
        """);
    clear(page);
    assertThat(page.failure("db.put('b', vector(2))").code()).isEqualTo("LOST");
    assertThat(page.run("return (await db.search(vector(1), {k: 1})).map(({id}) => id);"))
        .isEqualTo("[\"a\"]");
    page.run("await db.close();");
    assertThat(page.failure("edgevec.open('cleared', {dimension: 4, metric: 'l2'})").code())
        .isEqualTo("LOST");
  }

  @Test
  void aWorkerThatEndsByItselfSettlesAllCalls() {
    TestPage page = SESSION.page(Host.WORKER);
    page.page()
        .evaluate(
            """
            () => {
              const blob = (text) => URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));
              const first = blob("addEventListener('message', ({data}) => { if (data.end) close(); });");
              window.Worker = class extends Worker {
                constructor(url, options) {
                  super(blob(`import '${first}'; import '${url}';`), options);
                  window.worker = this;
                }
              };
            }
            """);
    String ends =
        page.run(
            """
            const db = await edgevec.open('ends', {dimension: 4, metric: 'l2'});
            await db.put('kept', vector(1));
            worker.postMessage({end: true});
            const codes = [];
            for (const call of [db.put('a', vector(1)), db.checkpoint(), db.search(vector(1))]) {
              codes.push(await codeOf(call));
            }
            codes.push(await codeOf(db.size()), await codeOf(db.close()));
            const again = await edgevec.open('ends');
            const kept = await again.has('kept');
            await again.close();
            const {pending} = await navigator.locks.query();
            return [[...new Set(codes)], kept, pending.length];
            """);
    assertThat(ends).isEqualTo("[[\"CRASHED\"],true,0]");
  }

  @Test
  void databasesAreMadeAndDestroyedInWorkersInARow() {
    TestPage page = SESSION.page(Host.WORKER);
    String held =
        page.run(
            """
            for (let i = 0; i < 5; i++) {
              const db = await edgevec.open('row', {dimension: 4, metric: 'l2'});
              await db.put('a', vector(1));
              await db.close();
              await edgevec.destroy('row');
            }
            await sleep(100);
            const {held, pending} = await navigator.locks.query();
            return [held.length, pending.length];
            """);
    assertThat(held).isEqualTo("[0,0]");
  }

  private static void clear(TestPage page) {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("origin", SESSION.origin());
    arguments.addProperty("storageTypes", "indexeddb");
    SESSION.context().newCDPSession(page.page()).send("Storage.clearDataForOrigin", arguments);
  }
}
