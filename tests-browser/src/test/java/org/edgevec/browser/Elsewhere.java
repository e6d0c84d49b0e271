package org.edgevec.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Another server than the page's, which takes whatever it is sent and remembers that. */
final class Elsewhere implements AutoCloseable {

  private final SortedSet<String> arrived = new ConcurrentSkipListSet<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  private Elsewhere(HttpServer server) {
    this.server = server;
  }

  static Elsewhere start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      Elsewhere elsewhere = new Elsewhere(server);
      server.createContext("/", elsewhere::take);
      server.setExecutor(elsewhere.threads);
      server.start();
      return elsewhere;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      arrived.add(exchange.getRequestURI().getPath().substring(1));
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The paths that were asked for, without the slash before them. */
  SortedSet<String> arrived() {
    return arrived;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
