package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slices of linking that fail between a page's tasks: who waits for them is told. */
@Timeout(120)
class IndexingFailureTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private TestPage page;

  @BeforeEach
  void openPage() {
    page = SESSION.page(Host.PAGE);
  }

  /** How linking fails. */
  private enum Failing {
    /** By an exception, as compiled Java throws it. */
    BY_EXCEPTION(
        "java['teavm.js.throwException'](java['teavm.js.wrapException'](new Error('a defect')));",
        "a defect"),
    /** By a trap, which no code of the module can catch: so does an index out of range end it. */
    BY_TRAP("kernels.norm(-16, 100);", "out of bounds");

    private final String script;
    private final String message;

    Failing(String script, String message) {
      this.script = script;
      this.message = message;
    }
  }

  /**
   * Puts functions before the package's kernels that fail while {@code failing}, which only linking
   * then meets. {@code find} searches without meeting it.
   */
  private static final String FAILING =
      """
      const instantiate = WebAssembly.instantiate;
      let java, failing = false, searching = false, failures = 0;
      WebAssembly.instantiate = async (module, {kernels, ...imports}) => {
        const failable = Object.entries(kernels ?? {}).map(([name, kernel]) => [name, (...args) => {
          if (failing && !searching && /^squaredDistance/.test(name)) {
            failures++;
            FAIL
          }
          return kernel(...args);
        }]);
        const instance = await instantiate(module,
          kernels ? {...imports, kernels: Object.fromEntries(failable)} : imports);
        java = kernels ? instance.exports : java;
        return instance;
      };
      const db = await edgevec.open('notes', {dimension: 8, metric: 'l2', hnsw: {minEntries: 1}});
      const find = (vector) => {
        searching = true;
        const hits = db.search(vector, {k: 1});
        searching = false;
        return hits;
      };
      const vectors = split(clustered(600, 8), 8);
      """;

  private record Told(
      String code,
      String message,
      String error,
      int size,
      boolean isTail,
      String found,
      int failures,
      String[] after) {}

  @ParameterizedTest
  @EnumSource
  void whoWaitsIsToldAndMayTryAgain(Failing failing) {
    String json =
        page.run(
            FAILING.replace("FAIL", failing.script)
                + """
                failing = true;
                await db.putMany(named(500), vectors.slice(0, 500));
                const waiting = await Promise.all([0, 1, 2].map(() => failure(db.awaitIndexed())));
                const {code, message} = waiting[1];
                // Writes and searches that go on, while slices fail.
                for (let i = 500; i < 600; i++) await db.put('id-' + i, vectors[i]);
                const [{id}] = await find(vectors[599]);
                const stats = await db.stats();
                await sleep(1500);
                const after = [await codeOf(db.awaitIndexed())];
                failing = false;
                await db.awaitIndexed();
                const {tailEntries, maintenanceError} = await db.stats();
                after.push(tailEntries, maintenanceError, (await find(vectors[599]))[0].id);
                await db.close();
                return {code, message, error: stats.maintenanceError, size: stats.size,
                  isTail: stats.tailEntries > 500, found: id, failures, after: after.map(String)};
                """);
    Told told = new Gson().fromJson(json, Told.class);
    assertThat(told.code()).isEqualTo("INTERNAL");
    assertThat(told.message()).contains("search graph", failing.message, "tries again");
    assertThat(told.error()).contains(failing.message);
    assertThat(told.size()).isEqualTo(600);
    assertThat(told.isTail()).isTrue();
    assertThat(told.found()).isEqualTo("id-599");
    assertThat(told.failures()).as("a few seconds' failures").isBetween(2, 200);
    assertThat(told.after()).containsExactly("INTERNAL", "0", "null", "id-599");
    assertThat(page.takeErrors()).isNotEmpty().allMatch(error -> error.contains(failing.message));
  }

  @ParameterizedTest
  @EnumSource
  void closingIsNotHeldUp(Failing failing) {
    String codes =
        page.run(
            FAILING.replace("FAIL", failing.script)
                + """
                failing = true;
                await db.putMany(named(500), vectors.slice(0, 500));
                const first = await codeOf(db.awaitIndexed());
                const waiting = codeOf(db.awaitIndexed());
                await db.close();
                failing = false;
                const again = await edgevec.open('notes', {hnsw: {minEntries: 1}});
                await again.awaitIndexed();
                return [first, (await again.stats()).indexedEntries, await waiting];
                """);
    // The latter if a second went by before all was closed.
    assertThat(codes).isIn("[\"INTERNAL\",500,\"CLOSED\"]", "[\"INTERNAL\",500,\"INTERNAL\"]");
    page.takeErrors();
  }
}
