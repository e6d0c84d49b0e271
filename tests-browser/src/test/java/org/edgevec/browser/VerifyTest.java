package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checking a database and rescuing a damaged one, on a page and in a worker. */
@Timeout(60)
class VerifyTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  /**
   * Writes two snapshots and a log of ten batches; {@code arg}: in a worker. Without a graph: a
   * checkpoint is made by itself once it is complete, at whatever moment that is.
   */
  private static final String MAKE =
      """
      const db = await edgevec.open('notes',
        {dimension: 64, metric: 'l2', worker: arg, hnsw: {minEntries: 1_000_000}});
      const put = (from, to) => db.putMany(Array.from({length: to - from}, (_, i) => 'id' + (from + i)),
        Array.from({length: to - from}, (_, i) => vector(from + i, 64)));
      await put(0, 20_000);
      await db.checkpoint();
      await put(20_000, 21_000);
      await db.checkpoint();
      for (let i = 0; i < 10; i++) await put(30_000 + i, 30_001 + i);
      const steps = [];
      const onProgress = (done, total) => steps.push([done, total]);
      const grows = (s) => s.every(([done, total], i) =>
        total === s[0][1] && done >= (i ? s[i - 1][0] : 0)) && s[0][0] === 0 && s.at(-1)[0] === s[0][1];
      """;

  /** Makes a damaged copy, 'bad', of the closed database; {@code damage} flips bits in files. */
  private static final String DAMAGE =
      """
      await db.close();
      const files = await edgevec.exportFiles('notes');
      const damaged = Object.fromEntries(Object.entries(files).map(([f, b]) => [f, b.slice()]));
      const named = (start, n) => Object.keys(damaged).filter((f) => f.startsWith(start)).sort().at(n);
      const segment = named('segment', 0), wal = named('wal', -1), manifests = [named('manifest', 0), named('manifest', -1)];
      const frame = (damaged[wal].length - 64) / 10;
      """;

  private TestPage page;

  @BeforeEach
  void openPage() {
    page = SESSION.page();
  }

  private JsonObject object(String body, Object arg) {
    return JsonParser.parseString(page.run(body, arg)).getAsJsonObject();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOpenDatabaseIsVerifiedBesideWrites(boolean worker) {
    JsonObject told =
        object(
            MAKE
                + """
                const pending = db.verify({onProgress});
                await db.put('meanwhile', vector(1, 64));
                const report = await pending;
                return {report, grows: grows(steps), count: steps.length,
                  widest: Math.max(...steps.map(([d], i) => d - (i ? steps[i - 1][0] : 0))),
                  total: steps[0][1], size: await db.size()};
                """,
            worker);
    JsonObject report = told.getAsJsonObject("report");
    assertThat(report.get("intact").getAsBoolean()).isTrue();
    assertThat(report.get("entries").getAsInt()).isEqualTo(21_000);
    assertThat(report.getAsJsonArray("damage")).isEmpty();
    assertThat(report.getAsJsonArray("notes")).isEmpty();
    assertThat(report.get("bytes")).isEqualTo(told.get("total"));
    assertThat(told.get("grows").getAsBoolean()).isTrue();
    assertThat(told.get("count").getAsInt()).isGreaterThan(3);
    assertThat(told.get("widest").getAsInt()).isLessThanOrEqualTo(4 << 20);
    assertThat(told.get("size").getAsInt()).isEqualTo(21_011);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheListenerThrowsIsWhatIsRejectedWithAndTheDatabaseGoesOn(boolean worker) {
    JsonObject told =
        object(
            MAKE
                + """
                const mine = new RangeError('mine');
                const reason = await db.verify({onProgress: () => { throw mine; }}).catch((e) => e);
                await db.put('more', vector(2, 64));
                return {same: reason === mine, intact: (await db.verify()).intact};
                """,
            worker);
    assertThat(told.get("same").getAsBoolean()).isTrue();
    assertThat(told.get("intact").getAsBoolean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closingEndsAVerification(boolean worker) {
    String code =
        page.run(
            MAKE
                + """
                const reason = db.verify().catch((e) => e);
                await db.close();
                return (await reason).code;
                """,
            worker);
    assertThat(code).isEqualTo("\"CLOSED\"");
  }

  @Test
  void allDamageOfAClosedDatabaseIsListedAndNothingChanged() {
    JsonObject told =
        object(
            MAKE
                + DAMAGE
                + """
                const clean = await edgevec.verify('notes', {onProgress});
                damaged[segment][64 + 65536 * 2 + 9] ^= 1;
                damaged[segment][64 + 65536 * 7 + 9] ^= 1;
                damaged[wal][64 + 3 * frame + 50] ^= 1;
                await edgevec.importFiles('bad', damaged);
                const report = await edgevec.verify('bad');
                const after = await edgevec.exportFiles('bad');
                return {clean, grows: grows(steps), frame,
                  places: report.damage.map(({file, offset}) => file.split('-')[0] + '@' + offset),
                  whats: report.damage.every(({what}) => what.length > 5),
                  same: Object.keys(after).length === Object.keys(damaged).length
                    && Object.keys(after).every((f) => after[f].every((b, i) => b === damaged[f][i]))};
                """,
            false);
    assertThat(told.getAsJsonObject("clean").get("intact").getAsBoolean()).isTrue();
    assertThat(told.get("grows").getAsBoolean()).isTrue();
    JsonArray places = new JsonArray();
    places.add("segment@" + (64 + 65_536 * 2));
    places.add("segment@" + (64 + 65_536 * 7));
    places.add("wal@" + (64 + 3 * told.get("frame").getAsInt()));
    assertThat(told.getAsJsonArray("places")).isEqualTo(places);
    assertThat(told.get("whats").getAsBoolean()).isTrue();
    assertThat(told.get("same").getAsBoolean()).isTrue();
  }

  @Test
  void aDamagedDatabaseIsSalvagedIntoANewOne() {
    JsonObject told =
        object(
            MAKE
                + DAMAGE
                + """
                damaged[wal][64 + 3 * frame + 50] ^= 1;
                await edgevec.importFiles('bad', damaged);
                const stopped = await edgevec.salvage('bad', 'copy', {onProgress: (done, total) => {
                  if (done > total / 2 && done < total) throw new RangeError('mine');
                }}).catch((e) => e.name);
                const missing = await edgevec.open('copy').catch((e) => e.code);
                const report = await edgevec.salvage('bad', 'copy', {onProgress});
                const copy = await edgevec.open('copy');
                const size = await copy.size();
                const kept = [await copy.has('id30002'), await copy.has('id30003')];
                const vectors = (await copy.get('id20999')).vector.join() === vector(20999, 64).join();
                await copy.put('new', vector(5, 64));
                await copy.close();
                return {stopped, missing, report, grows: grows(steps), size, kept, vectors,
                  intact: (await edgevec.verify('copy')).intact,
                  again: await edgevec.salvage('bad', 'copy').catch((e) => e.code),
                  itself: await edgevec.salvage('bad', 'bad').catch((e) => e.code)};
                """,
            false);
    assertThat(told.get("stopped").getAsString()).isEqualTo("RangeError");
    assertThat(told.get("missing").getAsString()).isEqualTo("NOT_FOUND");
    JsonObject report = told.getAsJsonObject("report");
    assertThat(report.get("entries").getAsInt()).isEqualTo(21_003);
    assertThat(report.get("lostBatches").getAsInt()).isEqualTo(7);
    assertThat(report.getAsJsonArray("notes")).hasSize(1);
    assertThat(told.get("grows").getAsBoolean()).isTrue();
    assertThat(told.get("size").getAsInt()).isEqualTo(21_003);
    assertThat(told.get("kept")).hasToString("[true,false]");
    assertThat(told.get("vectors").getAsBoolean()).isTrue();
    assertThat(told.get("intact").getAsBoolean()).isTrue();
    assertThat(told.get("again").getAsString()).isEqualTo("INVALID_ARGUMENT");
    assertThat(told.get("itself").getAsString()).isEqualTo("INVALID_ARGUMENT");
  }

  /** TeaVM's addSuppressed traps; see NoSuppressedExceptions. */
  @Test
  void twoDamagedSnapshotsAreRefusedWithAType() {
    JsonObject told =
        object(
            MAKE
                + DAMAGE
                + """
                for (const manifest of manifests) damaged[manifest][70] ^= 1;
                await edgevec.importFiles('bad', damaged);
                const code = (promise) => promise.then(() => 'none', (e) => e.code);
                return {open: await code(edgevec.open('bad')),
                  salvage: await code(edgevec.salvage('bad', 'copy')),
                  damage: (await edgevec.verify('bad')).damage.length};
                """,
            false);
    assertThat(told.get("open").getAsString()).isEqualTo("CORRUPT");
    assertThat(told.get("salvage").getAsString()).isEqualTo("CORRUPT");
    assertThat(told.get("damage").getAsInt()).isEqualTo(2);
  }

  @Test
  void whatCannotBeVerifiedIsRefusedWithAType() {
    assertThat(page.failure("edgevec.verify('nope')").code()).isEqualTo("NOT_FOUND");
    assertThat(page.failure("edgevec.salvage('nope', 'copy')").code()).isEqualTo("NOT_FOUND");
    assertThat(page.failure("edgevec.verify('')").code()).isEqualTo("INVALID_ARGUMENT");
    assertThat(page.failure("edgevec.verify('a', {progress: 1})").code())
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(page.failure("edgevec.verify('a', {onProgress: 1})").code())
        .isEqualTo("INVALID_ARGUMENT");
    page.run("window.db = await edgevec.open('notes', {dimension: 4, metric: 'l2'});");
    assertThat(page.failure("edgevec.verify('notes', {lockWaitMillis: 0})").code())
        .isEqualTo("LOCKED");
    page.run("await db.close();");
    assertThat(page.failure("db.verify()").code()).isEqualTo("CLOSED");
  }
}
