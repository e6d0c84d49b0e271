package org.edgevec.browser;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Serves on localhost what a user's site would: the npm package as {@code npm install} unpacked it
 * ({@code /npm/edgevec-java/}, to pages of every origin), the contract bundle ({@code /bundle/}),
 * and this module's pages; under {@code /policy/} package and pages with a Content-Security-Policy
 * that forbids to evaluate strings, under {@code /no-wasm/} with one that forbids WebAssembly, too;
 * and under {@code /changed/} the package with files that are not as they should be, see {@link
 * ChangedFiles}.
 */
public final class PackageServer implements AutoCloseable {

  private static final Map<String, String> NOT_STORED = Map.of("Cache-Control", "no-store");

  private static final Map<String, String> FOR_ALL =
      Map.of("Cache-Control", "no-store", "Access-Control-Allow-Origin", "*");

  private static final Map<String, String> POLICY =
      Map.of(
          "Cache-Control",
          "no-store",
          "Content-Security-Policy",
          "script-src 'self' 'wasm-unsafe-eval'");

  private static final Map<String, String> NO_WASM =
      Map.of("Cache-Control", "no-store", "Content-Security-Policy", "script-src 'self'");

  private final Javalin server;

  private PackageServer(Javalin server) {
    this.server = server;
  }

  /** Starts on a free port. */
  public static PackageServer start() {
    return start(messages -> {}, 0);
  }

  /**
   * Starts on {@code port}, or a free one if it is 0.
   *
   * @param messages takes every text that a page sends over the web socket {@code /messages}, on a
   *     thread of the server
   */
  static PackageServer start(Consumer<String> messages, int port) {
    Javalin server =
        Javalin.create(PackageServer::configure)
            .ws("/messages", ws -> ws.onMessage(context -> messages.accept(context.message())));
    new ChangedFiles(ModuleFolder.built("target/npm/node_modules/edgevec-java")).addTo(server);
    return new PackageServer(server.start("127.0.0.1", port));
  }

  private static void configure(JavalinConfig config) {
    Path packages = ModuleFolder.built("target/npm/node_modules");
    Path pages = ModuleFolder.resolve("src/main/web");
    config.showJavalinBanner = false;
    serve(config, "/npm", packages, FOR_ALL);
    serve(config, "/bundle", ModuleFolder.built("target/bundle"), NOT_STORED);
    serve(config, "/policy/npm", packages, POLICY);
    serve(config, "/policy", pages, POLICY);
    serve(config, "/no-wasm/npm", packages, NO_WASM);
    serve(config, "/no-wasm", pages, NO_WASM);
    serve(config, "/", pages, NOT_STORED);
  }

  private static void serve(
      JavalinConfig config, String path, Path folder, Map<String, String> headers) {
    config.staticFiles.add(
        files -> {
          files.hostedPath = path;
          files.directory = folder.toString();
          files.location = Location.EXTERNAL;
          files.headers = headers;
        });
  }

  /** The port it serves on. */
  public int port() {
    return server.port();
  }

  /** The address of a page, given as a path that begins with a slash. */
  public String url(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path).toString();
  }

  @Override
  public void close() {
    server.stop();
  }
}
