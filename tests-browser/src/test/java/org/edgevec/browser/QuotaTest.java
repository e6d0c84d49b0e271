package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The browser's quota runs out under a database. */
@Timeout(120)
class QuotaTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  /** Another IndexedDB database; `store` tells whether there was room for so many bytes. */
  private static final String STORE =
      """
      const database = await new Promise((done) => {
        const request = indexedDB.open('else', 1);
        request.onupgradeneeded = () => request.result.createObjectStore('things', {autoIncrement: true});
        request.onsuccess = () => done(request.result);
      });
      const store = (size) => new Promise((done) => {
        const transaction = database.transaction('things', 'readwrite');
        const bytes = new Uint8Array(size).map((_, i) => (i * 2654435761) >>> 11);
        transaction.objectStore('things').put(bytes);
        transaction.oncomplete = () => done(true);
        transaction.onabort = () => done(false);
      });
      """;

  @ParameterizedTest
  @EnumSource(Host.class)
  void aFullQuotaFailsTheWriteAndKeepsWhatWasAcknowledged(Host host) {
    TestPage page = SESSION.page(host);
    CDPSession session = SESSION.context().newCDPSession(page.page());
    // Before the first write: Chromium remembers for a while how much is free.
    setQuota(session, 2_000_000);
    page.run(
        """
        window.db = await edgevec.open('notes', {dimension: 1024, metric: 'l2'});
        await db.put('first', vector(0, 1024));
        """);
    String full =
        page.run(
            """
            let acknowledged = 0, error;
            for (let i = 0; i < 2000 && !error; i++) {
              try {
                await db.put('id-' + i, vector(i, 1024));
                acknowledged++;
              } catch (e) {
                error = e;
              }
            }
            window.acknowledged = acknowledged;
            const next = await codeOf(db.put('next', vector(1, 1024)));
            const {readOnly} = await db.stats();
            const nearest = (await db.search(vector(0, 1024), {k: 1}))[0].id;
            return [error && error.code, error && error.message.length > 20, next, readOnly,
              acknowledged > 10, await db.size() === acknowledged + 1, nearest];
            """);
    assertThat(full).isEqualTo("[\"FULL\",true,\"READ_ONLY\",true,true,true,\"first\"]");
    String count = page.run("await db.close(); return acknowledged;");
    session.send("Storage.overrideQuotaForOrigin", origin());
    String found =
        page.reload()
            .run(
                """
                const db = await edgevec.open('notes');
                const missing = [];
                for (let i = 0; i < arg; i++) {
                  const entry = await db.get('id-' + i);
                  if (!entry || json(entry.vector) !== json(vector(i, 1024))) missing.push(i);
                }
                await db.put('goes on', vector(1, 1024));
                return [missing, await db.size() - arg <= 3];
                """,
                Integer.parseInt(count));
    assertThat(found).isEqualTo("[[],true]");
  }

  /** Nothing was sealed, so that opening has something to put in order. */
  @ParameterizedTest
  @EnumSource(Host.class)
  void aFullDatabaseThatNobodyClosedOpensToRead(Host host) {
    TestPage page = SESSION.page(host);
    CDPSession session = SESSION.context().newCDPSession(page.page());
    setQuota(session, 4_000_000);
    page.run(
        """
        window.db = await edgevec.open('notes', {dimension: 1024, metric: 'l2'});
        await db.put('first', vector(1, 1024));
        await sleep(300);
        """);
    askAnew(page);
    page.run(
        """
        let error;
        for (let i = 0; !error; i++) await db.put('id-' + i, vector(i, 1024)).catch((e) => error = e);
        """);
    fillTheRest(page);
    String told =
        page.reload()
            .run(
                """
                const db = await edgevec.open('notes');
                const size = await db.size();
                const found = (await db.search(vector(3, 1024), {k: 1}))[0].id;
                await db.close();
                const {damage} = await edgevec.verify('notes');
                const again = await edgevec.open('notes');
                const same = await again.size() === size;
                await again.close();
                return [size > 10, found, damage, same];
                """);
    assertThat(told).isEqualTo("[true,\"id-3\",[],true]");
    session.send("Storage.overrideQuotaForOrigin", origin());
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void aFullDatabaseDeletesAndCloses(Host host) {
    TestPage page = SESSION.page(host);
    CDPSession session = SESSION.context().newCDPSession(page.page());
    setQuota(session, 4_000_000);
    page.run(
        """
        window.db = await edgevec.open('notes', {dimension: 1024, metric: 'l2'});
        await sleep(300);
        await db.put('first', vector(1, 1024));
        await sleep(600); // Sealed.
        """);
    fillTheRest(page);
    String told =
        page.run(
            """
            let acknowledged = 0, error;
            for (let i = 0; i < 3 && !error; i++) {
              await db.delete('first').then(() => acknowledged++, (e) => error = e);
            }
            await db.close();
            const again = await edgevec.open('notes');
            const size = await again.size();
            await again.close();
            return [acknowledged, size];
            """);
    assertThat(told).isEqualTo("[3,0]");
    session.send("Storage.overrideQuotaForOrigin", origin());
  }

  /** Chromium remembers how much is free until something asks for more than that. */
  private static void askAnew(TestPage page) {
    page.run(STORE + "await store(5_000_000); database.close();");
  }

  /** Lets something else take what is left, to the last bytes. */
  private static void fillTheRest(TestPage page) {
    page.run(
        STORE
            + """
            for (let size = 5_000_000; size > 20; size >>= 1) {
              while (await store(size)) {}
            }
            database.close();
            """);
  }

  private static JsonObject origin() {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("origin", SESSION.origin());
    return arguments;
  }

  private static void setQuota(CDPSession session, long bytes) {
    JsonObject arguments = origin();
    arguments.addProperty("quotaSize", bytes);
    session.send("Storage.overrideQuotaForOrigin", arguments);
  }
}
