package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A page that goes away in the middle of writes: what was acknowledged is there, batches are whole.
 * {@link BrowserKills} does the same for longer, and kills the browser, too.
 */
@Timeout(120)
class KilledPageTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  /** Tells a second tab what is acknowledged, and never stops writing. */
  private static final String WRITE =
      """
      const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
      const channel = new BroadcastChannel('acknowledged');
      for (let i = 0; ; i++) {
        const batch = Array.from({length: 20}, (_, k) => (
          {put: 'batch-' + i + '-' + k, vector: vector(i)}));
        await Promise.all([
          db.put('single-' + i, vector(i), {i}).then(() => channel.postMessage('single-' + i)),
          db.write(batch).then(() => batch.forEach(({put}) => channel.postMessage(put))),
        ]);
        if (i === 40) db.checkpoint();
      }
      """;

  private static final String LISTEN =
      """
      window.acknowledged = [];
      new BroadcastChannel('acknowledged').onmessage = ({data}) => acknowledged.push(data);
      """;

  private static final String CHECK =
      """
      const db = await edgevec.open('notes');
      const found = new Map((await all(db.entries())).map((entry) => [entry.id, entry]));
      const lost = acknowledged.filter((id) => !found.has(id));
      const sizes = new Map();
      for (const [id, entry] of found) {
        const [kind, i] = id.split('-');
        if (json(entry.vector) !== json(vector(Number(i)))) lost.push('changed: ' + id);
        if (kind === 'batch') sizes.set(i, (sizes.get(i) ?? 0) + 1);
      }
      const halves = [...sizes].filter(([, size]) => size !== 20);
      const {notes} = await db.recoveryReport();
      await db.put('goes on', vector(0));
      return {enough: acknowledged.length > 1000, lost, halves};
      """;

  private static final String NOTHING_LOST = "{\"enough\":true,\"lost\":[],\"halves\":[]}";

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"CLOSE, PAGE", "CLOSE, WORKER", "RELOAD, PAGE", "RELOAD, WORKER"})
  void anEndedPageLosesNothing(End end, Host host) {
    TestPage listener = SESSION.page();
    listener.run(LISTEN);
    TestPage writer = SESSION.page(host);
    writer.begin(WRITE);
    awaitAcknowledged(listener);
    if (end == End.CLOSE) {
      writer.close();
    } else {
      writer.reload();
    }
    assertThat(listener.run(CHECK)).isEqualTo(NOTHING_LOST);
  }

  /** How a page ends. */
  enum End {
    CLOSE,
    RELOAD
  }

  @ParameterizedTest
  @CsvSource({"PAGE", "WORKER"})
  void aRemovedFrameLosesNothing(Host host) {
    TestPage listener = SESSION.page();
    listener.run(LISTEN);
    listener.run(
        """
        const frame = document.createElement('iframe');
        frame.id = 'writer';
        frame.src = arg;
        document.body.append(frame);
        while (!frame.contentWindow.ready) await sleep(10);
        """,
        host.path);
    listener.page().frames().get(1).evaluate("() => { (async () => {" + WRITE + "})(); }");
    awaitAcknowledged(listener);
    assertThat(listener.run("document.getElementById('writer').remove();" + CHECK))
        .isEqualTo(NOTHING_LOST);
  }

  private static void awaitAcknowledged(TestPage listener) {
    listener.page().waitForFunction("acknowledged.length > 1500");
  }
}
