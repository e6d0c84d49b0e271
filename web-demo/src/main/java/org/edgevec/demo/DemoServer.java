package org.edgevec.demo;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.staticfiles.Location;
import io.javalin.http.staticfiles.StaticFileConfig;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/**
 * A web server for one folder, reachable from this machine only.
 *
 * <p>It listens on the loopback address and answers GET and HEAD with the folder's files, each with
 * its type and {@code Cache-Control: no-cache}, so that a rebuilt page is seen on reload. A folder
 * in it answers with its {@code index.html}. Anything else is 404 in plain text; no path leads out
 * of the folder.
 *
 * <p>Every answer has {@link #POLICY}, which keeps what a page and its workers load and send to
 * this server. It is a header because a policy in a page's {@code <meta>} binds that page alone: a
 * worker has the policy that its own script came with, or none.
 *
 * <p>Nothing is compressed: on the loopback address that takes time and saves none. A model of 23
 * MB came in 3.7 s with gzip and in 0.03 s without (least of five each, on a busy machine).
 */
public final class DemoServer implements AutoCloseable {

  /**
   * The Content-Security-Policy of every answer: scripts, workers, styles, pictures and requests of
   * this server alone. WebAssembly may be compiled; strings may not be evaluated, and no script is
   * taken from a page's text or from memory.
   */
  public static final String POLICY =
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self';"
          + " connect-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Cache-Control", "no-cache",
          "Content-Security-Policy", POLICY,
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final Javalin server;
  private final URI uri;

  private DemoServer(Javalin server) {
    this.server = server;
    this.uri = URI.create("http://localhost:" + server.port() + "/");
  }

  /**
   * Serves the files in {@code site}. Returns when requests are answered; {@link #close} ends it.
   *
   * @param port 0 for any free one
   * @throws IllegalArgumentException if {@code site} has no {@code index.html}, or the port is
   *     outside 0 to 65535
   * @throws PortTakenException if another program listens there
   */
  public static DemoServer start(Path site, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("There is no port " + port + ". Choose 0 to 65535.");
    }
    if (!Files.isRegularFile(site.resolve("index.html"))) {
      throw new IllegalArgumentException(
          "There is no index.html in " + site.toAbsolutePath() + ". Build the demo first.");
    }
    requireFree(port);
    Javalin server = Javalin.create(config -> configure(config, site));
    server.before(context -> HEADERS.forEach(context::header));
    server.error(HttpStatus.NOT_FOUND, DemoServer::notFound);
    try {
      server.start(LOOPBACK.getHostAddress(), port);
    } catch (JavalinBindException e) {
      server.stop();
      throw new PortTakenException(port, e);
    }
    DemoServer started = new DemoServer(server);
    started.warmUp();
    return started;
  }

  /** The first request loads hundreds of classes: better now than while a visitor waits. */
  private void warmUp() {
    try (InputStream page = uri.toURL().openStream()) {
      page.readAllBytes();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException("The server does not answer at " + uri, e);
    }
  }

  /** The page's address. */
  public URI uri() {
    return uri;
  }

  /** Stops answering. Closing again does nothing. */
  @Override
  public void close() {
    server.stop();
  }

  /** Serves the demo until it is interrupted; see {@code --help}. */
  public static void main(String[] args) {
    int exitCode = new CommandLine(new DemoCommand()).execute(args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** Asked first, because Javalin logs an error of its own before it throws. */
  private static void requireFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(LOOPBACK, port));
    } catch (IOException e) {
      throw new PortTakenException(port, e);
    }
  }

  private static void configure(JavalinConfig config, Path site) {
    config.showJavalinBanner = false;
    config.http.disableCompression();
    config.staticFiles.add(files -> serveFolder(files, site));
  }

  private static void serveFolder(StaticFileConfig files, Path site) {
    files.directory = site.toAbsolutePath().toString();
    files.location = Location.EXTERNAL;
    files.headers = HEADERS;
    files.mimeTypes.add("text/javascript; charset=utf-8", "js", "mjs");
    files.mimeTypes.add("application/wasm", "wasm");
    files.mimeTypes.add("application/octet-stream", "onnx");
    files.mimeTypes.add("text/markdown; charset=utf-8", "md");
    files.mimeTypes.add("text/html; charset=utf-8", "html");
    files.mimeTypes.add("text/css; charset=utf-8", "css");
    files.mimeTypes.add("application/json", "json");
    files.mimeTypes.add("image/svg+xml", "svg");
  }

  private static void notFound(Context context) {
    context.contentType(ContentType.TEXT_PLAIN).result("Not found\n");
  }
}
