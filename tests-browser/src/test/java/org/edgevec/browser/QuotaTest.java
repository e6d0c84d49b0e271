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
