package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a page may get wrong: each a typed error that says what, and nothing is written. */
@Timeout(60)
class BadInputTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private TestPage page;

  @BeforeEach
  void openPage() {
    page = SESSION.page();
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        call("INVALID_DIMENSION", "db.put('x', [1, 2])", "2", "3"),
        call("INVALID_DIMENSION", "db.put('x', new Float32Array(4).fill(1))", "4", "3"),
        call("INVALID_DIMENSION", "db.put('x', [])", "0", "3"),
        call("INVALID_DIMENSION", "db.search([1, 2])", "2", "3"),
        call("INVALID_VECTOR", "db.put('x', [1, NaN, 0])", "NaN"),
        call("INVALID_VECTOR", "db.put('x', [1, Infinity, 0])", "nfinit"),
        call("INVALID_VECTOR", "db.put('x', new Float32Array([1, 0, -Infinity]))", "nfinit"),
        call("INVALID_VECTOR", "db.put('x', [1e39, 0, 0])", ""),
        call("INVALID_VECTOR", "db.put('x', [0, 0, 0])", "zero"),
        call("INVALID_VECTOR", "db.put('x', [2e30, 0, 0])", "too long", "1e30"),
        call("INVALID_VECTOR", "db.search([0, 1e-31, 0])", "too short", "1e-30"),
        call("INVALID_VECTOR", "db.put('x', ['1', 2, 3])", ""),
        call("INVALID_VECTOR", "db.put('x', [1, undefined, 3])", ""),
        call("INVALID_VECTOR", "db.put('x', null)", ""),
        call("INVALID_VECTOR", "db.put('x')", ""),
        call("INVALID_VECTOR", "db.put('x', 'abc')", ""),
        call("INVALID_VECTOR", "db.put('x', {length: 3})", ""),
        call("INVALID_VECTOR", "db.put('x', new Int32Array(3).fill(1))", ""),
        call("INVALID_VECTOR", "db.search([NaN, 0, 1])", "NaN"),
        call("INVALID_VECTOR", "db.search([0, 0, 0])", "zero"),
        call("INVALID_VECTOR", "db.search()", ""),
        call("INVALID_ID", "db.put('', [1, 2, 3])", ""),
        call("INVALID_ID", "db.put('i'.repeat(513), [1, 2, 3])", "513", "512"),
        call("INVALID_ID", "db.put('ü'.repeat(257), [1, 2, 3])", "514", "512"),
        call("INVALID_ID", "db.put('a\\ud800', [1, 2, 3])", "surrogate"),
        call("INVALID_ID", "db.put(7, [1, 2, 3])", ""),
        call("INVALID_ID", "db.put(1n, [1, 2, 3])", "1n"),
        call("INVALID_ID", "db.get('')", "512"),
        call("INVALID_ID", "db.put(undefined, [1, 2, 3])", ""),
        call("INVALID_ID", "db.get()", ""),
        call("INVALID_ID", "db.delete(null)", ""),
        call("INVALID_ID", "db.has({})", ""),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: undefined})", "undefined"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: {b: undefined}})", "undefined"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: () => 1})", "a"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: new Date(NaN)})", "invalid Date"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: Symbol('s')})", "a"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: [1, , 2]})", "undefined"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: ['b', [new Map()]]})", "a"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: 2n ** 63n})", "a"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: new Float32Array(2)})", "a"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: [new (class A {})()]})", "a"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: {b: [Symbol.iterator]}})", "symbol"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: {b: {'': 1}}})", ""),
        call(
            "INVALID_METADATA",
            "db.put('x', [1, 2, 3], JSON.parse('{\"a\":'.repeat(34) + 1 + '}'.repeat(34)))",
            "deeper than 32"),
        call(
            "INVALID_METADATA",
            "(() => { const a = {}; a.a = [a]; return db.put('x', [1, 2, 3], a); })()",
            "holds itself"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: Array(2e6).fill(null)})", "1 MiB"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: '\\udc00'})", "surrogate"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {'': 1})", ""),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {['k'.repeat(256)]: 1})", "255"),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], {a: 'b'.repeat(1048576)})", ""),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], 'title')", ""),
        call("INVALID_METADATA", "db.put('x', [1, 2, 3], ['title'])", ""),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {k: 0})", "k"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {k: -1})", "k"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {k: 1.5})", "1.5"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {k: NaN})", "NaN"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {k: '5'})", "k"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {k: 10001})", "10001"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {filter: 'year > 1'})", "filter"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {efSearch: 0})", "efSearch is 0", "100000"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {efSearch: -5})", "-5"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {efSearch: 100001})", "100001"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {efSearch: 2 ** 32 + 64})", "efSearch"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {efSearch: 64.5})", "64.5"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {efSearch: NaN})", "NaN"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {efSearch: '64'})", "efSearch"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {efSearch: null})", "efSearch"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {exact: 1})", "exact", "boolean"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {exact: null})", "exact"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], {ef: 64})", "ef", "efSearch"),
        call("INVALID_ARGUMENT", "db.awaitIndexed(() => {})", "awaitIndexed", "object"),
        call("INVALID_ARGUMENT", "db.awaitIndexed({onProgress: 5})", "onProgress", "function"),
        call("INVALID_ARGUMENT", "db.awaitIndexed({signal: 5})", "signal", "AbortSignal"),
        call("INVALID_ARGUMENT", "db.awaitIndexed({signal: new AbortController()})", "signal"),
        call("INVALID_ARGUMENT", "db.awaitIndexed({timeout: 5})", "timeout"),
        call("ABORTED", "db.awaitIndexed({signal: AbortSignal.abort()})", "indexing goes on"),
        call("INVALID_ARGUMENT", "db.search([1, 2, 3], 5)", ""),
        call("INVALID_ARGUMENT", "db.write([{put: 'x', vector: [1, 2, 3], meta: {}}])", "meta"),
        call("INVALID_ARGUMENT", "db.write([{put: 'x', vector: [1, 2, 3]}, {}])", ""),
        call("INVALID_ARGUMENT", "db.write([{put: 'x', delete: 'x', vector: [1, 2, 3]}])", ""),
        call("INVALID_ARGUMENT", "db.write([{update: 'x'}])", ""),
        call("INVALID_ARGUMENT", "db.write({put: 'x', vector: [1, 2, 3]})", ""),
        call("INVALID_ARGUMENT", "db.write([null])", ""),
        call("INVALID_VECTOR", "db.write([{put: 'x', vector: [1, 2, 3]}, {put: 'y'}])", ""),
        call(
            "INVALID_DIMENSION",
            "db.write([{put: 'x', vector: [1, 2, 3]}, {put: 'y', vector: [1]}])",
            "3"),
        call("INVALID_DIMENSION", "db.putMany(['x', 'y'], new Float32Array(5))", "5", "6"),
        call("INVALID_ARGUMENT", "db.putMany(['x', 'y'], [[1, 2, 3]])", "2"),
        call("INVALID_ARGUMENT", "db.putMany(['x'], [[1, 2, 3]], [{}, {}])", "1", "2"),
        call("INVALID_ARGUMENT", "db.putMany('xy', [[1, 2, 3], [1, 2, 3]])", ""),
        call("INVALID_VECTOR", "db.putMany(['x', 'y'], [[1, 2, 3], [1, NaN, 3]])", "NaN"),
        call("INVALID_ARGUMENT", "db.putMany(['x'], [[1, 2, 3]], null, {signal: 5})", "signal"),
        call("INVALID_ARGUMENT", "db.putMany(['x'], [[1, 2, 3]], null, {onProgress: 5})", "5"),
        call("INVALID_ID", "db.putMany(['x', ''], [[1, 2, 3], [1, 2, 3]])", ""),
        call("INVALID_ARGUMENT", "db.putMany(['x'], [[1, 2, 3]], null, {batch: 7})", "batch"));
  }

  private static Arguments call(String code, String call, String... inMessage) {
    return Arguments.of(code, call, inMessage);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("calls")
  void aWrongCallIsRefusedAndWritesNothing(String code, String call, String[] inMessage) {
    page.run(
        """
        window.db = await edgevec.open('notes', {dimension: 3, metric: 'cosine'});
        await db.put('kept', [1, 2, 3], {n: 1});
        """);
    for (Host host : Host.values()) {
      TestPage.Failure failure = page.failure(call);
      assertThat(failure.code()).as("%s in %s: %s", call, host, failure).isEqualTo(code);
      assertThat(failure.message()).as(call).hasSizeGreaterThan(15).contains(inMessage);
      String state =
          page.run(
              """
              const {lastSequence, readOnly} = await db.stats();
              return [(await all(db.entries())).map((entry) => entry.id), lastSequence, readOnly];
              """);
      assertThat(state).isEqualTo("[[\"kept\"],1,false]");
      page.run(
          """
          await db.close();
          window.db = await edgevec.open('notes', {worker: true});
          """);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "INVALID_DIMENSION | {dimension: 0, metric: 'l2'}",
        "INVALID_DIMENSION | {dimension: 4097, metric: 'l2'}",
        "INVALID_DIMENSION | {dimension: 1.5, metric: 'l2'}",
        "INVALID_DIMENSION | {dimension: '3', metric: 'l2'}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'euclid'}",
        "NOT_FOUND         | {dimension: 3}",
        "NOT_FOUND         | {metric: 'l2'}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', durability: 'none'}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', ifLost: 'ignore'}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', worker: 'yes'}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', create: 1}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', efConstruction: 100}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: 16}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: [16]}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {M: 16}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {m: 1}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {m: 129}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {m: 0}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {m: 15.5}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {m: '16'}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {m: null}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {m: 16, efConstruction: 15}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {efConstruction: 15}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {efConstruction: 10001}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {efConstruction: NaN}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {minEntries: 0}}",
        "INVALID_ARGUMENT  | {dimension: 3, metric: 'l2', hnsw: {minEntries: 2 ** 31}}",
        "INVALID_ARGUMENT  | `cosine`",
        "NOT_FOUND         | {dimension: 3, metric: 'l2', create: false}",
        "NOT_FOUND         | {dimension: 3, metric: 'l2', salvage: true}",
        "NOT_FOUND         | {}",
        "NOT_FOUND         | undefined",
      })
  void wrongOptionsAreRefusedAndMakeNothing(String code, String options) {
    TestPage.Failure failure = page.failure("edgevec.open('new', " + options + ")");
    assertThat(failure.code()).as("%s: %s", options, failure).isEqualTo(code);
    assertThat(failure.message()).hasSizeGreaterThan(15);
    assertThat(page.run("return (await indexedDB.databases()).map((db) => db.name);"))
        .isEqualTo("[]");
  }

  @ParameterizedTest(name = "open({0})")
  @CsvSource({"''", "undefined", "5", "null"})
  void aNameMustBeAString(String name) {
    String argument = name.isEmpty() ? "''" : name;
    for (String function : new String[] {"open", "destroy", "exportFiles"}) {
      assertThat(page.failure("edgevec." + function + "(" + argument + ")").code())
          .as(function)
          .isEqualTo("INVALID_ARGUMENT");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {"{dimension: 4, metric: 'cosine'} | 4", "{dimension: 3, metric: 'dot'} | DOT"})
  void optionsThatContradictTheStoredOnesAreRefused(String options, String inMessage) {
    page.run(
        """
        const db = await edgevec.open('notes', {dimension: 3, metric: 'cosine'});
        await db.put('a', [1, 2, 3]);
        await db.close();
        """);
    TestPage.Failure failure = page.failure("edgevec.open('notes', " + options + ")");
    assertThat(failure.code()).isEqualTo("OPTIONS_MISMATCH");
    assertThat(failure.message()).contains(inMessage);
    assertThat(
            page.run(
                """
                const db = await edgevec.open('notes', {dimension: 3, metric: 'cosine'});
                return db.size();
                """))
        .isEqualTo("1");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"l2, 9.2e18, 9.1e18", "dot, 1.8e19, 1.79e19"})
  void vectorsTooLongForTheirMetricAreRefused(String metric, String limit, String held) {
    page.run("window.db = await edgevec.open('long', {dimension: 2, metric: '" + metric + "'});");
    for (String call : new String[] {"put('x', [1e20, 0])", "search([0, 1e20])"}) {
      TestPage.Failure failure = page.failure("db." + call);
      assertThat(failure.code()).isEqualTo("INVALID_VECTOR");
      assertThat(failure.message()).contains("too long", limit);
    }
    String scores =
        page.run(
            """
            await db.put('a', [%s, 0]);
            await db.put('b', [-%s, 0]);
            const hits = await db.search([%s, 0], {k: 2});
            return hits.map(({id, score}) => [id, Number.isFinite(score)]);
            """
                .formatted(held, held, held));
    assertThat(scores).isEqualTo("[[\"a\",true],[\"b\",true]]");
  }

  @Test
  void filesThatAreNoDatabaseAreNotImported() {
    TestPage.Failure nothing = page.failure("edgevec.importFiles('new', {})");
    assertThat(nothing.code()).isEqualTo("NOT_A_DATABASE");
    TestPage.Failure other =
        page.failure("edgevec.importFiles('new', {'notes.txt': new Uint8Array(5)})");
    assertThat(other.code()).isIn("NOT_A_DATABASE", "INVALID_ARGUMENT");
    assertThat(page.failure("edgevec.importFiles('new', {'a': 'text'})").code())
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(page.failure("edgevec.open('new')").code()).isEqualTo("NOT_FOUND");
    assertThat(page.failure("edgevec.exportFiles('new')").code()).isEqualTo("NOT_FOUND");
  }

  @Test
  void aNameThatExistsIsNotImportedOver() {
    String result =
        page.run(
            """
            const db = await edgevec.open('notes', {dimension: 3, metric: 'l2'});
            await db.put('a', [1, 2, 3]);
            await db.close();
            const files = await edgevec.exportFiles('notes');
            const code = await codeOf(edgevec.importFiles('notes', files));
            await edgevec.importFiles('copy', files);
            const copy = await edgevec.open('copy');
            return [code, await copy.size()];
            """);
    assertThat(result).isEqualTo("[\"INVALID_ARGUMENT\",1]");
  }
}
