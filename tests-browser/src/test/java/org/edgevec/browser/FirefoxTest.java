package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The package in Firefox. */
@Timeout(60)
class FirefoxTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.FIREFOX);

  @ParameterizedTest
  @EnumSource(Host.class)
  void whatWasPutIsFoundAfterAReload(Host host) throws IOException {
    TestPage page = SESSION.page(host);
    page.run(
        """
        const db = await edgevec.open('notes', {dimension: 4, metric: 'cosine'});
        const ids = Array.from({length: 1500}, (_, i) => 'id-' + i);
        await db.putMany(ids, ids.map((_, i) => vector(i)), ids.map((_, i) => ({i})));
        await db.checkpoint();
        await db.write([{delete: 'id-7'}, {put: 'later', vector: vector(-7), metadata: {n: 2n}}]);
        """);
    assertThat(SESSION.page(host).run("return codeOf(edgevec.open('notes', {lockWaitMillis: 0}));"))
        .isEqualTo("\"LOCKED\"");
    assertThat(
            page.reload()
                .run(
                    """
                    const db = await edgevec.open('notes');
                    const hits = await db.search(vector(1234), {k: 1});
                    const report = await db.recoveryReport();
                    const result = [await db.size(), hits[0].id, hits[0].metadata,
                      (await db.get('later')).metadata, report.snapshotEntries,
                      report.replayedBatches, await codeOf(db.put('x', [1])), await db.has('id-7')];
                    await db.close();
                    return result;
                    """))
        .isEqualTo("[1500,\"id-1234\",{\"i\":1234},{\"n\":2},1500,1,\"INVALID_DIMENSION\",false]");
    Map<String, String> files = page.strings("return exported('notes');", null);
    assertThat(files).containsKey("seal.evec");
    assertThat(
            page.run(
                "await imported('copy', arg); return (await edgevec.open('copy')).size();", files))
        .isEqualTo("1500");
  }

  @Test
  void thePackageMayComeFromAnotherOrigin() {
    assertThat(HostingTest.fromAnotherOrigin(SESSION)).isEqualTo("[\"a\",\"a\",\"a\"]");
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void aPolicyThatForbidsEvalIsKept(Host host) {
    PolicyRunner.check(SESSION, host);
  }
}
