package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The browser has a record's key and cannot read its value: Chromium and Firefox keep large values
 * in files of their own, which get lost. That is a damaged part, not the end of all reading.
 */
@Timeout(120)
class LostValueTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  /** A database of two snapshots and a log; lets each reading of one file's records fail. */
  private static final String SETUP =
      """
      const db = await edgevec.open('lost', {dimension: 8, metric: 'l2', hnsw: {minEntries: 1}});
      const write = async (prefix) => {
        await db.putMany(named(60, prefix), named(60).map((_, i) => vector(i, 8)));
        await db.awaitIndexed();
      };
      await write('a-');
      await db.checkpoint();
      await write('b-');
      await db.checkpoint();
      await write('c-');
      await db.close();
      const files = Object.keys(await edgevec.exportFiles('lost')).sort();
      const file = files.filter((name) => name.startsWith(arg.kind)).at(-1);
      const id = await new Promise((done) => {
        const request = indexedDB.open('edgevec/lost');
        request.onsuccess = () => {
          const database = request.result;
          const found = database.transaction('files').objectStore('files').get(file);
          found.onsuccess = () => {
            database.close();
            done(found.result.id);
          };
        };
      });
      const {getAll} = IDBObjectStore.prototype;
      IDBObjectStore.prototype.getAll = function (range, ...rest) {
        const request = getAll.call(this, range, ...rest);
        if (this.name !== 'chunks' || range.lower[0] !== id) return request;
        const {transaction} = this;
        const error = new DOMException('Data lost due to missing file.', arg.error);
        request.addEventListener('success', (event) => {
          event.stopImmediatePropagation();
          for (const it of [request, transaction]) {
            Object.defineProperty(it, 'error', {get: () => error});
          }
          request.dispatchEvent(new Event('error', {bubbles: true, cancelable: true}));
          try { transaction.abort(); } catch {}
        });
        return request;
      };
      """;

  private record Told(
      String file,
      List<Map<String, Object>> damage,
      String opened,
      double size,
      boolean usedPrevious,
      double salvaged,
      boolean exported,
      String copyOpened,
      double copySize) {}

  @ParameterizedTest
  @CsvSource({
    "manifest, NotReadableError",
    "segment, NotReadableError",
    "segment, UnknownError",
    "segment, DataError",
    "graph, NotReadableError",
    "seal, UnknownError"
  })
  void allElseServesAndTheDamageIsTold(String kind, String error) {
    Told told = run(kind, error);
    assertThat(told.opened()).isEqualTo("opened");
    assertThat(told.size()).isEqualTo(180);
    assertThat(told.usedPrevious()).isEqualTo(kind.equals("manifest") || kind.equals("segment"));
    assertDamage(told);
    assertThat(told.salvaged()).isEqualTo(180);
    assertThat(told.exported()).isTrue();
    assertThat(told.copyOpened()).isEqualTo("opened");
    assertThat(told.copySize()).isEqualTo(180);
  }

  @ParameterizedTest
  @CsvSource({"wal, NotReadableError", "wal, UnknownError"})
  void aLostPartOfTheLogIsRefusedAndSalvagedUpToThere(String kind, String error) {
    Told told = run(kind, error);
    assertThat(told.opened()).isEqualTo("CORRUPT " + told.file() + " 0");
    assertDamage(told);
    assertThat(told.salvaged()).isEqualTo(120);
    assertThat(told.exported()).isTrue();
    assertThat(told.copyOpened()).startsWith("CORRUPT " + told.file());
  }

  private static void assertDamage(Told told) {
    assertThat(told.damage())
        .anySatisfy(
            it -> {
              assertThat(it).containsEntry("file", told.file());
              assertThat(it.get("what").toString()).contains("cannot read the record");
            })
        .allSatisfy(it -> assertThat(it).containsEntry("file", told.file()));
  }

  private static Told run(String kind, String error) {
    String json =
        SESSION
            .page()
            .run(
                SETUP
                    + """
                    const told = {file};
                    told.damage = (await edgevec.verify('lost')).damage;
                    told.salvaged = (await edgevec.salvage('lost', 'saved')).entries;
                    const copy = await edgevec.exportFiles('lost');
                    told.exported = json(Object.keys(copy).sort()) === json(files);
                    const opened = async (name) => {
                      try {
                        const it = await edgevec.open(name);
                        const size = await it.size();
                        const {usedPreviousSnapshot} = await it.recoveryReport();
                        await it.put('more', vector(1, 8));
                        await it.checkpoint();
                        await it.close();
                        return {how: 'opened', size, usedPreviousSnapshot};
                      } catch (e) {
                        return {how: [e.code, e.file, e.offset].join(' '), size: 0};
                      }
                    };
                    const first = await opened('lost');
                    told.opened = first.how;
                    told.size = first.size;
                    told.usedPrevious = !!first.usedPreviousSnapshot;
                    IDBObjectStore.prototype.getAll = getAll;
                    await edgevec.importFiles('copy', copy);
                    const second = await opened('copy');
                    told.copyOpened = second.how;
                    told.copySize = second.size;
                    return told;
                    """,
                Map.of("kind", kind, "error", error));
    return new Gson().fromJson(json, Told.class);
  }
}
