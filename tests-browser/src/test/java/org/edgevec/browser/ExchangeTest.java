package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.file.EdgeVec;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that one side wrote, the other opens. */
@Timeout(60)
class ExchangeTest {

  private static final int DIMENSION = 24;

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @TempDir Path parent;

  /** What a page tells of an entry: its vector as the bits of its floats. */
  record Told(String id, List<Integer> bits, Map<String, Object> metadata) {}

  private record Written(Map<String, String> files, List<Told> entries) {}

  private record Scored(String id, double score) {}

  @ParameterizedTest
  @EnumSource(Metric.class)
  void whatThePageWroteOpensOnTheJvm(Metric metric) throws IOException {
    String json =
        SESSION
            .page()
            .run(
                """
                const db = await edgevec.open('notes', {dimension: 24, metric: arg});
                for (let i = 0; i < 200; i++) {
                  db.put('id-' + i, vector(i, 24),
                    i % 3 ? {text: 'Nr. ' + i + ' 🌍', odd: i % 2 === 1, part: i + 0.5,
                      tags: ['a', String(i)]} : undefined);
                }
                await db.checkpoint();
                for (let i = 0; i < 50; i++) await db.delete('id-' + i);
                await db.put('id-60', vector(999, 24), {replaced: true});
                await db.checkpoint();
                await db.putMany(['x', 'y'], [vector(1, 24), vector(2, 24)]);
                const entries = (await all(db.entries())).map(({id, vector, metadata}) => (
                  {id, bits: new Int32Array(vector.buffer, vector.byteOffset, 24), metadata}));
                await db.close();
                return {files: await exported('notes'), entries};
                """,
                metric.name().toLowerCase(Locale.ROOT));
    Written written = new Gson().fromJson(json, Written.class);
    StoreFolder.write(parent.resolve("notes"), written.files());
    try (VectorDatabase db = EdgeVec.open(parent.resolve("notes"))) {
      assertThat(db.metric()).isEqualTo(metric);
      List<Told> found = new ArrayList<>();
      db.entries().forEach(entry -> found.add(told(entry)));
      assertThat(found).hasSize(152).isEqualTo(written.entries());
      assertThat(db.recoveryReport().notes()).isEmpty();
      db.put("goes on", found(db, "x"));
    }
  }

  private static float[] found(VectorDatabase db, String id) {
    return db.get(id).orElseThrow().vector();
  }

  private static Told told(Entry entry) {
    List<Integer> bits = new ArrayList<>();
    for (float value : entry.vector()) {
      bits.add(Float.floatToRawIntBits(value));
    }
    return new Told(entry.id(), bits, entry.metadata().asMap());
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void whatTheJvmWroteIsSearchedOnThePageWithTheSameScores(Metric metric) throws IOException {
    Path folder = parent.resolve("notes");
    Random random = new Random(7);
    List<Hit> expected;
    float[] query = vector(random);
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(DIMENSION, metric))) {
      for (int i = 0; i < 300; i++) {
        db.put("id-" + i, vector(random), Metadata.of("i", i, "beyond", Long.MAX_VALUE - i));
        if (i == 100 || i == 200) {
          db.checkpoint();
          db.delete("id-" + (i - 50));
        }
      }
      expected = db.search(SearchRequest.of(query, 20));
    }
    TestPage page = SESSION.page();
    page.run("await imported('notes', arg);", StoreFolder.read(folder));
    List<Double> numbers = new ArrayList<>();
    for (float value : query) {
      numbers.add((double) value);
    }
    String json =
        page.run(
            """
            const db = await edgevec.open('notes');
            const hits = await db.search(arg, {k: 20});
            const beyond = (await db.get('id-7')).metadata.beyond;
            if (beyond !== 9223372036854775800n) throw new Error('beyond is ' + beyond);
            return hits.map(({id, score}) => ({id, score}));
            """,
            numbers);
    Scored[] found = new Gson().fromJson(json, Scored[].class);
    assertThat(found)
        .containsExactly(
            expected.stream().map(hit -> new Scored(hit.id(), hit.score())).toArray(Scored[]::new));
    // Nothing was changed by looking at it.
    page.reload();
    Map<String, String> again = page.strings("return exported('notes');", null);
    assertThat(again).isEqualTo(StoreFolder.read(folder));
  }

  private static float[] vector(Random random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }
}
