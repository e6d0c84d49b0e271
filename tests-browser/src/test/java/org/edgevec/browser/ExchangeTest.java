package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
import org.edgevec.WriteBatch;
import org.edgevec.file.EdgeVec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that one side wrote, the other opens. */
@Timeout(60)
class ExchangeTest {

  private static final int DIMENSION = 24;

  private static final List<String> ODD_KEYS =
      List.of("__proto__", "constructor", "toJSON", "10", "9", "length", "then", "\ufeff");

  private static final int[] ODD_CHARACTERS = {
    0x80, 0xe9, 0x7ff, 0x800, 0x2028, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff, 0x10000, 0x10ffff
  };

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

  /** Of all types, and what is odd of each. */
  @Test
  void everyValueIsTheSameOnBothSides() throws IOException {
    Map<String, Object> object = new HashMap<>();
    object.put("__proto__", List.of(Map.of("x", "y"), Map.of()));
    object.put("\ufeffé 🌍", Instant.ofEpochMilli(-1));
    object.put("null", null);
    Metadata metadata =
        Metadata.of(
            "longs", List.of(0, -1, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, Long.MIN_VALUE),
            "doubles", List.of(-0.0, 0.1, Double.MIN_VALUE, Double.MAX_VALUE, 1e300, 0x1p63),
            "odd", List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
            "texts", List.of("", "\ufeff", "é".repeat(100), "\0", "x".repeat(70_000)),
            "none", List.of(),
            "mixed", Arrays.asList(null, true, List.of(List.of()), Instant.ofEpochMilli(5)),
            "object", object,
            "false", false);
    Path folder = parent.resolve("notes");
    float[] vector = new float[DIMENSION];
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(DIMENSION, Metric.L2))) {
      db.put("jvm", vector, metadata);
      db.put("nanos", vector, Metadata.of("t", Instant.ofEpochSecond(-1, 1)));
    }
    TestPage page = SESSION.page();
    page.run("await imported('notes', arg);", StoreFolder.read(folder));
    Map<String, String> files =
        page.strings(
            """
            const db = await edgevec.open('notes');
            const {metadata} = await db.get('jvm');
            const same = metadata.longs[4] === 2n ** 53n + 1n && Object.is(metadata.doubles[0], -0)
              && metadata.object['\ufeffé 🌍'].getTime() === -1 && metadata.texts[3] === '\0'
              && Object.hasOwn(metadata.object, '__proto__') && metadata.object.null === null
              && (await db.get('nanos')).metadata.t.getTime() === -1000;
            if (!same) throw new Error(json(metadata));
            await db.put('page', new Float32Array(24), metadata);
            await db.close();
            return exported('notes');
            """,
            null);
    StoreFolder.write(parent.resolve("again"), files);
    try (VectorDatabase db = EdgeVec.open(parent.resolve("again"))) {
      assertThat(db.get("page").orElseThrow().metadata()).isEqualTo(metadata);
    }
  }

  /** What the page reads and puts again has the same bytes: seeded. */
  @Test
  void anyMetadataIsTheSameOnBothSides() throws IOException {
    long seed = System.nanoTime();
    System.out.println("ExchangeTest: metadata of seed " + seed);
    Random random = new Random(seed);
    Path folder = parent.resolve("notes");
    float[] vector = new float[DIMENSION];
    int count = 2000;
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(DIMENSION, Metric.L2))) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < count; i++) {
        batch.put("jvm-" + i, vector, Metadata.copyOf(object(random, 3)));
      }
      db.write(batch);
    }
    TestPage page = SESSION.page();
    page.run("await imported('notes', arg);", StoreFolder.read(folder));
    Map<String, String> files =
        page.strings(
            """
            const db = await edgevec.open('notes');
            const ids = [], metadatas = [];
            for await (const {id, metadata} of db.entries()) {
              ids.push(id.replace('jvm', 'page'));
              metadatas.push(metadata);
            }
            await db.putMany(ids, new Float32Array(24 * ids.length), metadatas);
            await db.close();
            return exported('notes');
            """,
            null);
    StoreFolder.write(parent.resolve("again"), files);
    try (VectorDatabase db = EdgeVec.open(parent.resolve("again"))) {
      for (int i = 0; i < count; i++) {
        assertThat(db.get("page-" + i).orElseThrow().metadata())
            .isEqualTo(db.get("jvm-" + i).orElseThrow().metadata());
      }
    }
  }

  private static Map<String, Object> object(Random random, int depth) {
    Map<String, Object> object = new HashMap<>();
    for (int left = random.nextInt(6); left > 0; left--) {
      String key = random.nextInt(3) == 0 ? ODD_KEYS.get(random.nextInt(8)) : text(random, 9);
      object.put(key.isEmpty() ? "k" : key, value(random, depth));
    }
    return object;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 7 : 10)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> random.nextInt(64);
      // Whole ones come back as whole numbers.
      case 3 -> random.nextInt(1 << 20) + 0.5 / (1 + random.nextInt(9));
      case 4 -> Instant.ofEpochMilli(random.nextLong() % 8_640_000_000_000_001L);
      case 5 -> text(random, 70);
      case 6 -> List.of(text(random, 40), text(random, 3));
      case 7, 8 -> {
        List<Object> list = new ArrayList<>();
        for (int left = random.nextInt(5); left > 0; left--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> object(random, depth - 1);
    };
  }

  /** Up to so many characters, most of them of one byte, or all of them. */
  private static String text(Random random, int most) {
    boolean isAscii = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(most + 1); left > 0; left--) {
      int odd = ODD_CHARACTERS[random.nextInt(ODD_CHARACTERS.length)];
      text.appendCodePoint(isAscii || random.nextInt(4) > 0 ? random.nextInt(128) : odd);
    }
    return text.toString();
  }

  private static float[] vector(Random random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }
}
