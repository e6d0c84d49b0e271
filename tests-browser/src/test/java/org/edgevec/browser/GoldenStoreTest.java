package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.GoldenScript;
import org.edgevec.VectorDatabase;
import org.edgevec.file.EdgeVec;
import org.edgevec.file.FileStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The golden store in a browser: what the JVM wrote opens, and what is written is the same. */
@Timeout(60)
class GoldenStoreTest {

  private static final Path V1 = golden("v1");
  private static final Path V1_GRAPH = golden("v1-graph");
  private static final Path V2_COPIES = golden("v2-copies");
  private static final Path V2_VALUES = golden("v2-values");

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @TempDir Path parent;

  private static Path golden(String name) {
    return ModuleFolder.resolve("../core/src/test/resources/golden").resolve(name);
  }

  @Test
  void theSameWritesGiveTheSameBytes() throws IOException {
    assertThat(contract("writeGolden", "plain")).isEqualTo("written");
    Map<String, String> written = SESSION.page().strings("return exported('golden');", null);
    assertThat(new TreeMap<>(written)).isEqualTo(StoreFolder.read(V1));
    StoreFolder.write(parent.resolve("golden"), written);
    try (VectorDatabase db = EdgeVec.open(parent.resolve("golden"))) {
      GoldenScript.check(db);
    }
  }

  @Test
  void theStoreOfVersion1Opens() throws IOException {
    TestPage page = SESSION.page();
    page.run("await imported('golden', arg);", StoreFolder.read(V1));
    assertThat(contract("checkGolden", "plain")).isEqualTo("right");
    String opened =
        page.run(
            """
            const db = await edgevec.open('golden');
            const {generation, replayedBatches, notes} = await db.recoveryReport();
            const {metadata} = await db.get('entry-23');
            return [db.dimension, db.metric, await db.size(), generation, replayedBatches, notes,
              metadata, (await db.get('ключ 鍵 🔑')).metadata];
            """);
    assertThat(opened)
        .isEqualTo(
            "[8,\"cosine\",62,3,2,[],{\"even\":false,\"half\":11.5,\"number\":-23000000161,"
                + "\"tags\":[\"tag2\",\"\",\"golden\"],\"title\":\"Entry number 23\"},"
                + "{\"empty\":\"\",\"text\":\"Grüße, 世界 🌍\"}]");
  }

  /** The graph is worked out and written by the same code, with the scalar kernel. */
  @Test
  void theSameWritesGiveTheSameGraph() throws IOException {
    assertThat(contract("writeGolden", "copies")).isEqualTo("written");
    Map<String, String> written = SESSION.page().strings("return exported('golden');", null);
    Path onJvm = parent.resolve("copies");
    GoldenScript.writeCopies(FileStorage.open(onJvm));
    assertThat(new TreeMap<>(written)).isEqualTo(StoreFolder.read(onJvm));
  }

  @Test
  void theStoreOfVersion1WithAGraphOpens() throws IOException {
    TestPage page = SESSION.page();
    page.run("await imported('golden', arg);", StoreFolder.read(V1_GRAPH));
    assertThat(contract("checkGolden", "linked")).isEqualTo("right");
    String opened =
        page.run(
            """
            const db = await edgevec.open('golden', {hnsw: {m: 4, efConstruction: 20, minEntries: 10}});
            await db.awaitIndexed();
            const {indexedEntries, tailEntries} = await db.stats();
            const {generation, replayedBatches, notes} = await db.recoveryReport();
            const found = [];
            for (const {id, vector} of (await all(db.entries()))) {
              found.push((await db.search(vector, {k: 1, efSearch: 8}))[0].id === id);
            }
            return [indexedEntries, tailEntries, generation, replayedBatches,
              notes.map((note) => note.includes('an earlier EdgeVec linked it')),
              found.length, found.every(Boolean)];
            """);
    assertThat(opened).isEqualTo("[102,0,3,2,[true],102,true]");
  }

  @Test
  void theStoreOfVersion2WithCopiesOpens() throws IOException {
    TestPage page = SESSION.page();
    page.run("await imported('golden', arg);", StoreFolder.read(V2_COPIES));
    assertThat(contract("checkGolden", "copies")).isEqualTo("right");
  }

  @Test
  void theStoreWithValuesOfAllTypesIsTheSameOnBothSides() throws IOException {
    TestPage page = SESSION.page();
    page.run("await imported('golden', arg);", StoreFolder.read(V2_VALUES));
    assertThat(contract("checkGolden", "values")).isEqualTo("right");
    String values =
        page.run(
            """
            const db = await edgevec.open('golden');
            const found = [];
            for (const i of [10, 11, 12, 13]) found.push((await db.get('entry-' + i)).metadata);
            await db.close();
            await edgevec.destroy('golden');
            return found;
            """);
    assertThat(values)
        .isEqualTo(
            "[{\"i\":10,\"nothing\":null},{\"time\":\"1969-12-31T23:59:56.123Z\"},"
                + "{\"list\":[12,0.5,\"é\",null,true,[\"x\"],[]]},"
                + "{\"object\":{\"a\":{\"__proto__\":{},\"b\":13}}}]");
    assertThat(contract("writeGolden", "values")).isEqualTo("written");
    Map<String, String> written = SESSION.page().strings("return exported('golden');", null);
    assertThat(new TreeMap<>(written)).isEqualTo(StoreFolder.read(V2_VALUES));
  }

  private static String contract(String function, String kind) {
    TestPage page = SESSION.page("/contract.html");
    String call = "contract." + function + "('golden', '" + kind + "')";
    String result = (String) page.page().evaluate(call);
    page.close();
    return result;
  }
}
