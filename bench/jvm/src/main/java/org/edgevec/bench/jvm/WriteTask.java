package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.Percentiles;
import org.edgevec.file.EdgeVec;
import org.edgevec.shape.ClusteredVectors;
import org.jspecify.annotations.Nullable;

/** Measures how fast a store makes vectors durable. */
abstract class WriteTask implements Task {

  private static final Gson GSON = new Gson();
  private static final int DISTINCT = 1_000;

  private @Nullable Writer writer;
  private float[][] vectors = {};
  private int written;

  /** Where to store, and vectors of how many components. */
  record Open(String folder, int dimension) {}

  /**
   * What to write.
   *
   * @param threads that write at the same time
   * @param calls of each thread
   * @param batch vectors in a call
   */
  record Load(int threads, int calls, int batch) {}

  /**
   * What was reached.
   *
   * @param perSecond vectors
   * @param perSync calls for each confirmation of the disk, or 0 if that is not known
   */
  record Reached(double perSecond, double p50Millis, double p99Millis, double perSync) {}

  abstract Writer open(Path folder, int dimension) throws Exception;

  @Override
  public Object handle(String command, JsonObject arguments) throws Exception {
    return switch (command) {
      case "open" -> open(GSON.fromJson(arguments, Open.class));
      case "write" -> write(GSON.fromJson(arguments, Load.class));
      default -> throw new IllegalArgumentException(command);
    };
  }

  private PeerTask.Text open(Open open) throws Exception {
    vectors = new ClusteredVectors(open.dimension(), DataSpec.SEED).base(0, DISTINCT);
    writer = open(Folders.empty(Path.of(open.folder())), open.dimension());
    return new PeerTask.Text("open");
  }

  private Reached write(Load load) throws Exception {
    Writer target = writer;
    if (target == null) {
      throw new IllegalStateException("not open");
    }
    long syncs = target.syncs();
    int calls = load.threads() * load.calls();
    ExecutorService threads = Executors.newFixedThreadPool(load.threads());
    long begin = System.nanoTime();
    double[] millis = run(threads, target, load);
    double seconds = (System.nanoTime() - begin) / 1e9;
    threads.shutdown();
    written += calls * load.batch();
    Percentiles latency = new Percentiles(millis);
    double perSync = syncs == 0 ? 0 : calls / (double) (target.syncs() - syncs);
    return new Reached(calls * load.batch() / seconds, latency.median(), latency.at(99), perSync);
  }

  /** Latencies of all calls. */
  private double[] run(ExecutorService threads, Writer target, Load load) throws Exception {
    List<Future<double[]>> results = new ArrayList<>();
    for (int t = 0; t < load.threads(); t++) {
      int first = written + t * load.calls() * load.batch();
      results.add(threads.submit(() -> run(target, load, first)));
    }
    double[] all = {};
    for (Future<double[]> result : results) {
      double[] more = result.get();
      all = Arrays.copyOf(all, all.length + more.length);
      System.arraycopy(more, 0, all, all.length - more.length, more.length);
    }
    return all;
  }

  private double[] run(Writer target, Load load, int first) throws Exception {
    double[] millis = new double[load.calls()];
    for (int call = 0; call < millis.length; call++) {
      int from = first + call * load.batch();
      long begin = System.nanoTime();
      if (load.batch() == 1) {
        target.put(id(from), vectors[from % DISTINCT]);
      } else {
        target.putAll(ids(from, load.batch()), vectors(from, load.batch()));
      }
      millis[call] = (System.nanoTime() - begin) / 1e6;
    }
    return millis;
  }

  private static String id(int number) {
    return "vector-" + number;
  }

  private static String[] ids(int from, int count) {
    String[] ids = new String[count];
    Arrays.setAll(ids, i -> id(from + i));
    return ids;
  }

  private float[][] vectors(int from, int count) {
    float[][] result = new float[count][];
    Arrays.setAll(result, i -> vectors[(from + i) % DISTINCT]);
    return result;
  }

  @Override
  public void close() throws Exception {
    Writer target = writer;
    if (target != null) {
      target.close();
    }
  }

  /** EdgeVec with its default options: strict, graph and checkpoints by themselves. */
  static final class OfEdgeVec extends WriteTask {

    @Override
    Writer open(Path folder, int dimension) {
      VectorDatabase db = EdgeVec.open(folder, Options.of(dimension, Metric.L2));
      return new Writer() {
        @Override
        public void put(String id, float[] vector) {
          db.put(id, vector);
        }

        @Override
        public void putAll(String[] ids, float[][] vectors) {
          WriteBatch batch = new WriteBatch();
          for (int i = 0; i < ids.length; i++) {
            batch.put(ids[i], vectors[i]);
          }
          db.write(batch);
        }

        @Override
        public long syncs() {
          return db.stats().syncs();
        }

        @Override
        public void close() {
          db.close();
        }
      };
    }
  }

  /**
   * SQLite, which makes as durable: its log (WAL) is synced at each commit. Vectors are blobs. It
   * has one writer at a time, so all threads share a connection.
   */
  static final class OfSqlite extends WriteTask {

    @Override
    Writer open(Path folder, int dimension) throws SQLException {
      Connection connection =
          DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("vectors.db"));
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("CREATE TABLE vectors (id TEXT PRIMARY KEY, vector BLOB NOT NULL)");
      }
      connection.setAutoCommit(false);
      return new SqliteWriter(
          connection, connection.prepareStatement("INSERT OR REPLACE INTO vectors VALUES (?, ?)"));
    }
  }

  private record SqliteWriter(Connection connection, PreparedStatement insert) implements Writer {

    @Override
    public synchronized void put(String id, float[] vector) throws SQLException {
      insert(id, vector);
      connection.commit();
    }

    @Override
    public synchronized void putAll(String[] ids, float[][] vectors) throws SQLException {
      for (int i = 0; i < ids.length; i++) {
        insert(ids[i], vectors[i]);
      }
      connection.commit();
    }

    private void insert(String id, float[] vector) throws SQLException {
      ByteBuffer bytes =
          ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(vector);
      insert.setString(1, id);
      insert.setBytes(2, bytes.array());
      insert.executeUpdate();
    }

    @Override
    public long syncs() {
      return 0;
    }

    @Override
    public void close() throws SQLException {
      insert.close();
      connection.close();
    }
  }
}
