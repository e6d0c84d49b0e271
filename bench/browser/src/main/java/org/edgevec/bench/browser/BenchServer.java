package org.edgevec.bench.browser;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.staticfiles.Location;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves on localhost the pages, the installed packages ({@code /npm/}), the bundle of the browser
 * tests with what loads it ({@code /bundle/}, {@code /tests/}) and the data sets ({@code /data/}),
 * all cross-origin isolated: the page's clock then has a resolution of 5 µs instead of 100.
 */
final class BenchServer implements AutoCloseable {

  private static final Map<String, String> HEADERS =
      Map.of(
          "Cache-Control",
          "no-cache",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Embedder-Policy",
          "require-corp");

  private static final String PACKAGES = "/npm";

  private final Map<String, ServedData> sets = new ConcurrentHashMap<>();
  private final Downloads downloads;
  private final Javalin server;

  private BenchServer(Path packages) {
    downloads = new Downloads(packages);
    server = Javalin.create(config -> configure(config, packages));
  }

  /**
   * Starts on a free port.
   *
   * @param packages the {@code node_modules} to serve
   */
  static BenchServer start(Path packages) {
    BenchServer started = new BenchServer(packages);
    started.server.before(context -> HEADERS.forEach(context::header));
    started.server.before(PACKAGES + "/*", started::note);
    started.server.get("/data/{set}/{part}", started::sendData);
    started.server.start("127.0.0.1", 0);
    return started;
  }

  private static void configure(JavalinConfig config, Path packages) {
    config.showJavalinBanner = false;
    // PGlite takes a compressed archive that is compressed again for an archive.
    config.http.disableCompression();
    serve(config, PACKAGES, packages);
    serve(config, "/bundle", BenchFolder.resolve("../../tests-browser/target/bundle"));
    serve(config, "/tests", BenchFolder.resolve("../../tests-browser/src/main/web"));
    serve(config, "/", BenchFolder.resolve("src/main/web"));
  }

  private static void serve(JavalinConfig config, String path, Path folder) {
    config.staticFiles.add(
        files -> {
          files.hostedPath = path;
          files.directory = folder.toString();
          files.location = Location.EXTERNAL;
          files.headers = HEADERS;
          files.mimeTypes.add("text/javascript; charset=utf-8", "js", "mjs");
          files.mimeTypes.add("application/wasm", "wasm");
        });
  }

  /** Lets pages fetch a data set by its name. */
  void add(ServedData data) {
    sets.put(data.name(), data);
  }

  /** Forgets a data set, so that its memory can be used again. */
  void remove(ServedData data) {
    sets.remove(data.name());
  }

  /** What was fetched so far. */
  Downloads downloads() {
    return downloads;
  }

  /** The address of a page, given as a path that begins with a slash. */
  String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  @Override
  public void close() {
    server.stop();
  }

  private void note(Context context) {
    downloads.note(context.path().substring(PACKAGES.length() + 1));
  }

  private void sendData(Context context) {
    ServedData data = sets.get(context.pathParam("set"));
    if (data == null) {
      throw new NotFoundResponse("There is no such data set.");
    }
    int from = context.queryParamAsClass("from", Integer.class).getOrDefault(0);
    int to = context.queryParamAsClass("to", Integer.class).getOrDefault(data.count());
    byte[] bytes =
        switch (context.pathParam("part")) {
          case "base" -> rows(data, from, to);
          case "queries" -> floats(data.queries(), data.dimension());
          default -> throw new NotFoundResponse("There is no such part.");
        };
    context.status(HttpStatus.OK).contentType("application/octet-stream").result(bytes);
  }

  private static byte[] rows(ServedData data, int from, int to) {
    if (from < 0 || to > data.count() || from > to) {
      throw new NotFoundResponse("There are no rows " + from + " to " + to + ".");
    }
    return floats(data.rows().get(from, to - from), data.dimension());
  }

  /** In the byte order of the browsers' typed arrays. */
  private static byte[] floats(float[][] vectors, int dimension) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(4L * vectors.length * dimension))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      put(buffer, vector);
    }
    return buffer.array();
  }

  private static void put(ByteBuffer buffer, float[] vector) {
    for (float value : vector) {
      buffer.putFloat(value);
    }
  }
}
