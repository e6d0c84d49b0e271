package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What can stand in the way of opening a database in a browser, and under an open one. */
@Timeout(60)
class OpeningTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private static final String LOG = "wal-0000000000000001.evec";

  private static final String MAKE =
      """
      const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
      await db.put('a', vector(1), {n: 1});
      await db.put('b', vector(2));
      """;

  private TestPage page;

  @BeforeEach
  void openPage() {
    page = SESSION.page();
  }

  // Locks -----------------------------------------------------------------------------------------

  @Test
  void aSecondTabIsRefusedUntilTheFirstCloses() {
    page.run("window.db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});");
    TestPage second = SESSION.page();
    TestPage.Failure failure = second.failure("edgevec.open('notes', {lockWaitMillis: 0})");
    assertThat(failure.code()).isEqualTo("LOCKED");
    assertThat(failure.message()).contains("notes", "tab");
    for (String call : List.of("open", "verify", "exportFiles", "destroy")) {
      String promise = "edgevec." + call + "('notes', {lockWaitMillis: 0})";
      assertThat(second.failure(promise).code()).as(call).isEqualTo("LOCKED");
    }
    assertThat(second.failure("edgevec.open('notes', {worker: true, lockWaitMillis: 0})").code())
        .isEqualTo("LOCKED");
    page.run("await db.put('a', vector(1)); await db.close();");
    assertThat(second.run("return (await edgevec.open('notes')).size();")).isEqualTo("1");
  }

  @Test
  void aSecondOpenerOnTheSamePageIsRefused() {
    page.run(MAKE);
    assertThat(page.failure("edgevec.open('notes', {lockWaitMillis: 0})").code())
        .isEqualTo("LOCKED");
    assertThat(page.failure("edgevec.open('notes', {worker: true, lockWaitMillis: 0})").code())
        .isEqualTo("LOCKED");
  }

  @Test
  void anotherTabMayOpenWhenTheFirstIsClosedOrKilled() {
    page.run(MAKE);
    page.close();
    TestPage second = SESSION.page();
    assertThat(second.run("return (await edgevec.open('notes', {worker: true})).size();"))
        .isEqualTo("2");
    Renderers.kill(SESSION.browser());
    second.awaitCrash();
    assertThat(SESSION.page().run("return (await edgevec.open('notes')).size();")).isEqualTo("2");
  }

  @Test
  void aFailedOpeningLeavesTheDatabaseUnlocked() {
    page.run(MAKE + "await db.close();");
    assertThat(page.failure("edgevec.open('notes', {dimension: 9, metric: 'l2'})").code())
        .isEqualTo("OPTIONS_MISMATCH");
    assertThat(page.run("return (await edgevec.open('notes')).size();")).isEqualTo("2");
  }

  // Loss ------------------------------------------------------------------------------------------

  @Test
  void aVanishedDatabaseIsReportedAndNeverSilentlyNew() {
    page.run(MAKE + "await db.close();");
    page.run(
        """
        await new Promise((resolve, reject) => {
          const request = indexedDB.deleteDatabase('edgevec/notes');
          request.onsuccess = resolve;
          request.onerror = reject;
        });
        """);
    page.reload();
    for (String options :
        new String[] {
          "{dimension: 4, metric: 'l2'}",
          "{dimension: 4, metric: 'l2', worker: true}",
          "{}",
          "{dimension: 4, metric: 'l2', ifLost: 'error'}",
        }) {
      TestPage.Failure failure = page.failure("edgevec.open('notes', " + options + ")");
      assertThat(failure.code()).as(options).isEqualTo("LOST");
      assertThat(failure.message()).contains("notes", "ifLost");
    }
    assertThat(
            page.run(
                """
                const db = await edgevec.open(
                  'notes', {dimension: 4, metric: 'l2', ifLost: 'create'});
                const {created, vanished} = await db.recoveryReport();
                await db.put('c', vector(3));
                await db.close();
                const again = await edgevec.open('notes');
                const report = await again.recoveryReport();
                return [created, vanished, report.vanished, await again.size()];
                """))
        .isEqualTo("[true,true,false,1]");
  }

  @Test
  void aDestroyedDatabaseIsNoLoss() {
    assertThat(
            page.run(
                MAKE
                    + """
                    await db.close();
                    await edgevec.destroy('notes');
                    const missing = await codeOf(edgevec.open('notes'));
                    const fresh = await edgevec.open('notes', {dimension: 2, metric: 'dot'});
                    const {created, vanished} = await fresh.recoveryReport();
                    return [missing, created, vanished];
                    """))
        .isEqualTo("[\"NOT_FOUND\",true,false]");
  }

  @Test
  void whatIsNotThereCanBeDestroyedAndMissedAgainAndAgain() {
    // Each call goes on waiting after a request of the browser's failed.
    assertThat(
            page.run(
                """
                return [await edgevec.destroy('never'), await codeOf(edgevec.open('never')),
                  await edgevec.destroy('never'), await codeOf(edgevec.exportFiles('never'))];
                """))
        .isEqualTo("[false,\"NOT_FOUND\",false,\"NOT_FOUND\"]");
  }

  @Test
  void aDatabaseDeletedUnderAnOpenHandleIsLostForIt() {
    page.run("window.db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});");
    page.run("await db.put('a', vector(1));");
    SESSION
        .page()
        .run(
            """
            await new Promise((resolve, reject) => {
              const request = indexedDB.deleteDatabase('edgevec/notes');
              request.onsuccess = resolve;
              request.onerror = reject;
            });
            """);
    checkLostAndReopen();
  }

  @Test
  void siteDataClearedUnderAnOpenHandleIsLostForIt() {
    page.run("window.db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});");
    page.run("await db.put('a', vector(1));");
    CDPSession session = SESSION.context().newCDPSession(page.page());
    JsonObject arguments = new JsonObject();
    arguments.addProperty("origin", SESSION.origin());
    arguments.addProperty("storageTypes", "indexeddb");
    session.send("Storage.clearDataForOrigin", arguments);
    checkLostAndReopen();
  }

  private void checkLostAndReopen() {
    TestPage.Failure failure = page.failure("db.put('b', vector(2))");
    assertThat(failure.code()).isEqualTo("LOST");
    assertThat(failure.message()).contains("notes");
    assertThat(page.run("return codeOf(db.put('c', vector(2)));"))
        .isIn("\"LOST\"", "\"READ_ONLY\"");
    assertThat(
            page.run(
                """
                await db.close();
                const again = await edgevec.open(
                  'notes', {dimension: 4, metric: 'l2', ifLost: 'create'});
                await again.put('d', vector(4));
                return [(await again.recoveryReport()).vanished, await again.size()];
                """))
        .isEqualTo("[true,1]");
  }

  // What is there is not right
  // ---------------------------------------------------------------------

  @Test
  void anotherProgramsDatabaseOfThatNameIsLeftAlone() {
    page.run(
        """
        await new Promise((resolve, reject) => {
          const request = indexedDB.open('edgevec/notes', 1);
          request.onupgradeneeded = () => {
            request.result.createObjectStore('mine').put('value', 'key');
          };
          request.onsuccess = () => { request.result.close(); resolve(); };
          request.onerror = reject;
        });
        """);
    TestPage.Failure failure = page.failure("edgevec.open('notes', {dimension: 4, metric: 'l2'})");
    assertThat(failure.code()).isEqualTo("NOT_A_DATABASE");
    assertThat(failure.message()).contains("notes");
    assertThat(
            page.run(
                """
                return new Promise((resolve, reject) => {
                  const request = indexedDB.open('edgevec/notes');
                  request.onsuccess = () => {
                    const store = request.result.transaction('mine').objectStore('mine');
                    store.get('key').onsuccess = (event) => resolve(
                      [request.result.version, event.target.result]);
                  };
                  request.onerror = reject;
                });
                """))
        .isEqualTo("[1,\"value\"]");
  }

  @Test
  void aFlippedBitInTheLogIsCorruptionWithItsPlace() {
    page.run(MAKE + "await db.close();");
    String before = page.run("return exported('notes');");
    page.run(StoredBytes.change(LOG, "bytes[bytes.length - 10] ^= 4;"));
    TestPage.Failure failure = page.reload().failure("edgevec.open('notes')");
    assertThat(failure.code()).as(failure.toString()).isEqualTo("CORRUPT");
    assertThat(failure.file()).isEqualTo(LOG);
    // The second frame: behind the header and the first, which has metadata.
    assertThat(failure.offset()).isBetween(128L, 250L);
    assertThat(failure.message()).contains(failure.file(), "salvage");
    String salvaged =
        page.run(
            """
            const db = await edgevec.open('notes', {salvage: true});
            const refused = await codeOf(db.put('c', vector(3)));
            const {readOnly} = await db.stats();
            const ids = (await all(db.entries())).map((entry) => entry.id);
            await db.close();
            return [refused, readOnly, ids];
            """);
    assertThat(salvaged).isEqualTo("[\"READ_ONLY\",true,[\"a\"]]");
    page.run(StoredBytes.change(LOG, "bytes[bytes.length - 10] ^= 4;"));
    assertThat(page.run("return exported('notes');")).isEqualTo(before);
    assertThat(page.run("return (await edgevec.open('notes')).size();")).isEqualTo("2");
  }

  @Test
  void aDamagedNewestSnapshotIsServedByTheOneBefore() {
    page.run(MAKE + "await db.checkpoint(); await db.put('c', vector(3)); await db.checkpoint();");
    page.reload().run(StoredBytes.change("manifest-0000000000000003.evec", "bytes[70] ^= 1;"));
    assertThat(
            page.run(
                """
                const db = await edgevec.open('notes');
                const {usedPreviousSnapshot, notes} = await db.recoveryReport();
                return [usedPreviousSnapshot, notes.length > 0, await db.size()];
                """))
        .isEqualTo("[true,true,3]");
  }

  @Test
  void aNewerFormatVersionIsRefusedAndUntouched() {
    page.run(MAKE + "await db.close();");
    page.run(StoredBytes.change("manifest-0000000000000001.evec", StoredBytes.SET_VERSION_3));
    String before = page.run("return exported('notes');");
    TestPage.Failure failure = page.reload().failure("edgevec.open('notes')");
    assertThat(failure.code()).isEqualTo("UNSUPPORTED_VERSION");
    assertThat(failure.message()).contains("3", "newer");
    assertThat(page.run("return exported('notes');")).isEqualTo(before);
  }
}
