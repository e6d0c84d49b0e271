package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.edgevec.Hit;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.Stats;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.file.FileStorage;
import org.edgevec.quant.CodedArena;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.ScalarKernel;

/** A search graph that one side built, on the other; and the same one built on both. */
final class GraphExchangeRunner {

  private static final Gson GSON = new Gson();
  private static final int DIMENSION = 32;
  private static final int COUNT = 1500;
  private static final int LATE = 200;
  private static final int QUERIES = 20;
  private static final HnswOptions HNSW = HnswOptions.of(8, 60).minEntries(100);
  private static final SearchRequest WALK = SearchRequest.of(new float[DIMENSION], 10).efSearch(40);

  private GraphExchangeRunner() {}

  private record Scored(String id, double score) {}

  private record Seen(int indexed, int tail, List<String> notes, List<List<Scored>> hits) {}

  private record Made(List<List<Scored>> hits, Map<String, String> files) {}

  /** Searches for each query in {@code arg.queries}, as the JVM's side does. */
  private static final String SEARCH =
      """
      const search = async (db, queries) => {
        const hits = [];
        for (const query of split(floats(queries), 32)) {
          hits.push((await db.search(query, {k: 10, efSearch: 40})).map(({id, score}) => ({id, score})));
        }
        return hits;
      };
      """;

  private static final String FLOATS =
      """
      const floats = (text) => new Float32Array(fromBase64(text).buffer);
      """;

  /** The page finds what the JVM's scalar kernel finds in the same graph, and changes nothing. */
  static void checkFromJvm(TestPage page, Path folder, Kernel kernel) throws IOException {
    float[][] vectors = vectors(COUNT, 1);
    float[][] queries = vectors(QUERIES, 2);
    try (VectorDatabase db = open(folder, Options.of(DIMENSION, Metric.COSINE), kernel)) {
      put(db, vectors, 0);
      db.awaitIndexed(ProgressListener.NONE);
      db.checkpoint();
    }
    Map<String, String> files = StoreFolder.read(folder);
    String json =
        page.run(
            FLOATS
                + SEARCH
                + """
                await imported('notes', arg.files);
                const db = await edgevec.open('notes');
                const {indexedEntries: indexed, tailEntries: tail} = await db.stats();
                const {notes} = await db.recoveryReport();
                const hits = await search(db, arg.queries);
                await db.close();
                return {indexed, tail, notes, hits};
                """,
            Map.of("files", files, "queries", base64(queries)));
    Seen seen = GSON.fromJson(json, Seen.class);
    assertThat(seen.indexed()).isEqualTo(COUNT);
    assertThat(seen.tail()).isZero();
    assertThat(seen.notes()).isEmpty();
    try (VectorDatabase db = open(folder, Options.existing(), new ScalarKernel())) {
      assertThat(seen.hits()).isEqualTo(search(db, queries));
    }
    assertThat(page.strings("return exported('notes');", null)).isEqualTo(files);
  }

  /** The JVM finds what the page finds in the same graph, or nearly, with another kernel. */
  static void checkToJvm(TestPage page, Path folder, Kernel kernel) throws IOException {
    float[][] queries = vectors(QUERIES, 2);
    String json =
        page.run(
            FLOATS
                + SEARCH
                + """
                const db = await edgevec.open('notes', {dimension: 32, metric: 'cosine',
                  hnsw: {m: 8, efConstruction: 60, minEntries: 100}});
                await db.putMany(named(1500), floats(arg.vectors));
                await db.awaitIndexed();
                await db.checkpoint();
                const hits = await search(db, arg.queries);
                await db.close();
                return {hits, files: await exported('notes')};
                """,
            Map.of("vectors", base64(vectors(COUNT, 1)), "queries", base64(queries)));
    Made made = GSON.fromJson(json, Made.class);
    StoreFolder.write(folder, made.files());
    try (VectorDatabase db = open(folder, Options.existing(), kernel)) {
      Stats stats = db.stats();
      assertThat(stats.indexedEntries()).isEqualTo(COUNT);
      assertThat(stats.tailEntries()).isZero();
      assertThat(db.recoveryReport().notes()).isEmpty();
      if (kernel instanceof ScalarKernel) {
        assertThat(search(db, queries)).isEqualTo(made.hits());
      }
      assertThat(recall(db, queries)).isGreaterThanOrEqualTo(0.95);
    }
  }

  /**
   * The same writes, among them deletions of which the graph is mended: the same graph, with the
   * scalar kernel on both sides.
   */
  static void checkSameGraph(TestPage page, Path folder, Metric metric) throws IOException {
    float[][] vectors = vectors(COUNT, 3);
    float[][] late = vectors(LATE, 4);
    try (VectorDatabase db = open(folder, Options.of(DIMENSION, metric), new ScalarKernel())) {
      put(db, vectors, 0);
      db.awaitIndexed(ProgressListener.NONE);
      WriteBatch deletions = new WriteBatch();
      for (int i = 0; i < COUNT; i += 4) {
        deletions.delete("id-" + i);
      }
      db.write(deletions);
      assertThat(db.stats().indexedEntries()).as("purged at once").isEqualTo(COUNT * 3 / 4);
      put(db, late, COUNT);
      db.awaitIndexed(ProgressListener.NONE);
      db.checkpoint();
    }
    Map<String, String> written =
        page.strings(
            FLOATS
                + """
                withoutSimd();
                const db = await edgevec.open('notes', {dimension: 32, metric: arg.metric,
                  hnsw: {m: 8, efConstruction: 60, minEntries: 100}});
                await db.putMany(named(1500), floats(arg.vectors));
                await db.awaitIndexed();
                await db.write(named(375).map((_, i) => ({delete: 'id-' + 4 * i})));
                while ((await db.stats()).indexedEntries > 1125) await sleep(10);
                const ids = named(200).map((_, i) => 'id-' + (1500 + i));
                await db.putMany(ids, floats(arg.late));
                await db.awaitIndexed();
                await db.checkpoint();
                await db.close();
                return exported('notes');
                """,
            Map.of(
                "metric",
                metric.name().toLowerCase(Locale.ROOT),
                "vectors",
                base64(vectors),
                "late",
                base64(late)));
    GraphFile ours = GraphFile.newest(StoreFolder.read(folder));
    GraphFile theirs = GraphFile.newest(written);
    assertThat(ours.bodyBytes()).isGreaterThan(20_000);
    assertThat(theirs.m()).isEqualTo(ours.m());
    assertThat(theirs.decided()).isEqualTo(ours.decided()).isEqualTo(COUNT * 3 / 4 + LATE);
    assertThat(theirs.body()).isEqualTo(ours.body());
  }

  /**
   * What a graph file says. The rest of it differs between any two databases: the random store id,
   * and the checksums, which begin with it.
   *
   * @param m of its header
   * @param decided the number of ordinals in its header
   * @param body the bytes of all blocks, without their checksums
   */
  private record GraphFile(long m, long decided, String body) {

    private static final int HEADER_BYTES = 64;
    private static final int BLOCK_BYTES = 65_532;
    private static final int CRC_BYTES = 4;

    int bodyBytes() {
      return Base64.getDecoder().decode(body).length;
    }

    static GraphFile newest(Map<String, String> files) {
      String name =
          files.keySet().stream()
              .filter(file -> file.startsWith("graph-"))
              .max(String::compareTo)
              .orElseThrow();
      ByteBuffer file = ByteBuffer.wrap(Base64.getDecoder().decode(files.get(name)));
      file.order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer body = ByteBuffer.allocate((int) file.getLong(40));
      file.position(HEADER_BYTES);
      while (body.hasRemaining()) {
        byte[] block = new byte[Math.min(BLOCK_BYTES, body.remaining())];
        file.get(block);
        body.put(block);
        file.position(file.position() + CRC_BYTES);
      }
      assertThat(file.remaining()).as("bytes behind the body").isZero();
      return new GraphFile(
          file.getLong(48), file.getLong(56), Base64.getEncoder().encodeToString(body.array()));
    }
  }

  /** A database on the JVM that scores with that kernel and links within the calls that write. */
  private static VectorDatabase open(Path folder, Options options, Kernel kernel) {
    return VectorDatabase.open(
        FileStorage.open(folder), options.hnsw(HNSW), Platform.inline(CodedArena.on(kernel)));
  }

  private static void put(VectorDatabase db, float[][] vectors, int firstNumber) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < vectors.length; i++) {
      batch.put("id-" + (firstNumber + i), vectors[i]);
    }
    db.write(batch);
  }

  private static List<List<Scored>> search(VectorDatabase db, float[][] queries) {
    List<List<Scored>> all = new ArrayList<>();
    for (float[] query : queries) {
      List<Hit> hits = db.search(walk(query));
      all.add(hits.stream().map(hit -> new Scored(hit.id(), hit.score())).toList());
    }
    return all;
  }

  private static SearchRequest walk(float[] query) {
    return SearchRequest.of(query, WALK.k()).efSearch(WALK.efSearch());
  }

  private static double recall(VectorDatabase db, float[][] queries) {
    int found = 0;
    for (float[] query : queries) {
      List<String> truth = ids(db.search(walk(query).exact()));
      found += (int) ids(db.search(walk(query))).stream().filter(truth::contains).count();
    }
    return found / (double) (WALK.k() * queries.length);
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }

  /**
   * Vectors in 20 clusters, of tenths: many are as near as others but for what rounding leaves, so
   * that the order in which a kernel adds shows in the graph.
   */
  private static float[][] vectors(int count, int seed) {
    Random shape = new Random(7);
    float[][] centers = new float[20][];
    Arrays.setAll(centers, i -> around(new float[DIMENSION], shape));
    Random random = new Random(seed);
    float[][] vectors = new float[count][];
    Arrays.setAll(vectors, i -> tenths(around(centers[i % centers.length], random)));
    return vectors;
  }

  private static float[] around(float[] center, Random random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = 2 * center[i] + (float) random.nextGaussian();
    }
    return vector;
  }

  private static float[] tenths(float[] vector) {
    float[] rounded = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      rounded[i] = Math.round(3 * vector[i]) / 10f;
    }
    return rounded;
  }

  private static String base64(float[][] vectors) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * DIMENSION * vectors.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      for (float component : vector) {
        bytes.putFloat(component);
      }
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
