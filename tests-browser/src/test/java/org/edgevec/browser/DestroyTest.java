package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What destroying reports is what becomes of the database, also later. */
@Timeout(120)
@ParameterizedClass
@EnumSource(Engine.class)
class DestroyTest {

  @RegisterExtension static final BrowserSession CHROMIUM = BrowserSession.in(Engine.CHROMIUM);
  @RegisterExtension static final BrowserSession FIREFOX = BrowserSession.in(Engine.FIREFOX);

  private static final String MAKE =
      """
      const db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});
      await db.put('a', vector(1));
      await db.close();
      """;

  /** Somebody else's code that has the IndexedDB database open. */
  private static final String FOREIGN =
      """
      const foreign = await new Promise((resolve, reject) => {
        const request = indexedDB.open('edgevec/notes');
        request.onsuccess = () => resolve(request.result);
        request.onerror = reject;
      });
      """;

  @Parameter Engine engine;

  private TestPage page() {
    return (engine == Engine.CHROMIUM ? CHROMIUM : FIREFOX).page();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAForeignConnectionBlocksIsNotDeletedLater(boolean isReloaded) {
    TestPage page = page();
    String told =
        page.run(
            MAKE
                + FOREIGN
                + """
                const {code, message} = await failure(edgevec.destroy('notes'));
                window.foreign = foreign;
                return [code, message];
                """);
    assertThat(told).startsWith("[\"LOCKED\"").contains("another connection keeps it open");
    if (isReloaded) {
      page.reload();
    }
    String after =
        page.run(
            """
            window.foreign?.close();
            await sleep(500);
            const again = await edgevec.open('notes', {create: false});
            const ids = (await all(again.entries())).map(({id}) => id);
            await again.put('b', vector(2));
            await again.close();
            const {intact} = await edgevec.verify('notes');
            const versions = (await indexedDB.databases()).map(({version}) => version);
            return [ids, intact, versions, await edgevec.destroy('notes'), await edgevec.destroy('notes')];
            """);
    assertThat(after).isEqualTo("[[\"a\"],true,[1],true,false]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aForeignConnectionThatGivesWayDoesNotStandInTheWay(boolean isLater) {
    String told =
        page()
            .run(
                MAKE
                    + FOREIGN
                    + """
                    foreign.onversionchange = () => LATER ? setTimeout(() => foreign.close(), 1000)
                      : foreign.close();
                    const destroyed = await edgevec.destroy('notes');
                    const code = await codeOf(edgevec.open('notes', {create: false}));
                    return [destroyed, code, (await indexedDB.databases()).length];
                    """
                        .replace("LATER", String.valueOf(isLater)));
    assertThat(told).isEqualTo("[true,\"NOT_FOUND\",0]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsOpenIsRefusedAndStays(boolean isWorker) {
    String told =
        page()
            .run(
                """
                const db = await edgevec.open('notes', {dimension: 4, metric: 'l2', worker: WORKER});
                await db.put('a', vector(1));
                const code = await codeOf(edgevec.destroy('notes', {lockWaitMillis: 300}));
                await sleep(300);
                await db.put('b', vector(2));
                const size = await db.size();
                const destroyed = edgevec.destroy('notes'); // Waits for the closing.
                await db.close();
                return [code, size, await destroyed];
                """
                    .replace("WORKER", String.valueOf(isWorker)));
    assertThat(told).isEqualTo("[\"LOCKED\",2,true]");
  }
}
