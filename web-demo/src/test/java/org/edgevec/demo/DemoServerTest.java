package org.edgevec.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DemoServerTest {

  private static final String SECRET = "not for the web";

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private Path site;
  private DemoServer server;

  @BeforeEach
  void serve() throws IOException {
    Files.writeString(folder.resolve("secret.txt"), SECRET);
    site = Files.createDirectory(folder.resolve("site"));
    Files.writeString(site.resolve("index.html"), "<p>Notebook ä</p>");
    for (String name :
        new String[] {"a.js", "a.mjs", "a.css", "a.wasm", "a.onnx", "a.md", "a.json", "a.svg"}) {
      Files.writeString(site.resolve(name), name);
    }
    server = DemoServer.start(site, 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "index.html, text/html",
    "a.js, text/javascript",
    "a.mjs, text/javascript",
    "a.css, text/css",
    "a.svg, image/svg+xml",
    "a.wasm, application/wasm",
    "a.onnx, application/octet-stream",
    "a.md, text/markdown",
    "a.json, application/json"
  })
  void filesHaveTheirTypeAndAreNotCachedUnseen(String name, String type) throws Exception {
    HttpResponse<String> response = get(name);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(response.body()).isEqualTo(Files.readString(site.resolve(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a.js", "a.mjs", "a.css", "a.wasm", "a.onnx", "a.md", "a.json", "missing.js"})
  void everyAnswerHasThePolicy(String path) throws Exception {
    HttpResponse<String> response = get(path);

    assertThat(response.headers().allValues("Content-Security-Policy"))
        .containsExactly(DemoServer.POLICY);
    assertThat(response.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
    assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-cache");
  }

  @Test
  void policyHasNoneOfTheWaysOut() {
    assertThat(DemoServer.POLICY)
        .doesNotContain("'unsafe-eval'", "unsafe-inline", "blob:", "http", "*", "ws:");
    assertThat(DemoServer.POLICY.split("; "))
        .contains(
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "worker-src 'self'",
            "connect-src 'self'");
  }

  @Test
  void thePageCarriesTheSamePolicyForOtherServers() throws IOException {
    String page = Files.readString(Path.of("src/main/web/index.html"));
    // A browser takes this directive from a header alone.
    String policy = DemoServer.POLICY.replace("; frame-ancestors 'none'", "");

    assertThat(page).contains("content=\"" + policy + "\"").doesNotContain("importmap");
  }

  @Test
  void whatTheBrowserHasIsNotSentAgainAndKeepsThePolicy() throws Exception {
    String tag = get("a.onnx").headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> response = send("GET", "a.onnx", "If-None-Match", tag);

    assertThat(response.statusCode()).isEqualTo(304);
    assertThat(response.headers().firstValue("Content-Security-Policy"))
        .contains(DemoServer.POLICY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"large.onnx", "large.wasm", "large.json", "large.js"})
  void nothingIsCompressedAndPartsAreServed(String name) throws Exception {
    Files.write(site.resolve(name), new byte[100_000]);

    HttpResponse<String> whole = send("GET", name, "Accept-Encoding", "gzip, br");
    HttpResponse<String> head = send("HEAD", name, "Accept-Encoding", "gzip, br");
    HttpResponse<String> part = send("GET", name, "Range", "bytes=99990-");

    assertThat(whole.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(whole.body()).hasSize(100_000);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(head.headers().firstValue("Content-Security-Policy")).contains(DemoServer.POLICY);
    assertThat(head.body()).isEmpty();
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 99990-99999/100000");
    assertThat(part.body()).hasSize(10);
  }

  @Test
  void rootIsThePage() throws Exception {
    assertThat(get("").body()).isEqualTo("<p>Notebook ä</p>");
  }

  @Test
  void whatIsNotThereIsNotFoundInPlainText() throws Exception {
    HttpResponse<String> response = get("missing.js");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain");
    assertThat(response.body()).isEqualTo("Not found\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/a/../../secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "//../secret.txt",
        "/..;/secret.txt",
        "/%252e%252e/secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/.%00./secret.txt",
        "/./.././secret.txt"
      })
  void noPathLeadsOutOfTheFolder(String path) throws IOException {
    String response = rawGet(path);

    assertThat(response).startsWith("HTTP/1.1 4").doesNotContain(SECRET);
  }

  @Test
  void symbolicLinkOutOfTheFolderIsNotFollowed() throws Exception {
    Files.createSymbolicLink(site.resolve("link.txt"), folder.resolve("secret.txt"));

    HttpResponse<String> response = get("link.txt");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).doesNotContain(SECRET);
  }

  @Test
  void listensOnTheLoopbackAddressOnly() throws IOException {
    try (ServerSocket samePort = new ServerSocket()) {
      // Taken on 127.0.0.1 alone, so another loopback address is free.
      samePort.bind(
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), server.uri().getPort()));
      assertThat(samePort.isBound()).isTrue();
    }
  }

  @Test
  void takenPortSaysHowToChooseAnother() {
    int taken = server.uri().getPort();

    assertThatThrownBy(() -> DemoServer.start(site, taken))
        .isInstanceOf(PortTakenException.class)
        .hasMessageContainingAll("" + taken, "--port");
  }

  @Test
  void commandOnATakenPortFailsWithTheReasonOnly() {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();

    int exitCode =
        new CommandLine(new DemoCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(errors))
            .execute("--no-open", "--site", site.toString(), "--port", port());

    assertThat(exitCode).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(errors.toString()).contains("Port " + port() + " is taken").hasLineCount(1);
  }

  @Test
  void folderWithoutPageIsRefused() {
    assertThatThrownBy(() -> DemoServer.start(folder, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(folder.toString(), "index.html");
  }

  @Test
  void closedServerFreesItsPort() {
    int port = server.uri().getPort();
    server.close();

    try (DemoServer again = DemoServer.start(site, port)) {
      assertThat(again.uri()).isEqualTo(URI.create("http://localhost:" + port + "/"));
    }
  }

  @Test
  void programPrintsItsAddressAndEndsOnATermination() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DemoServer.class.getName(),
                "--no-open",
                "--port=0",
                "--site=" + site)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      assertThat(line).matches("EdgeVec demo: http://localhost:\\d+/");
      URI page = URI.create(line.substring(line.indexOf("http")));
      assertThat(client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body())
          .contains("Notebook");

      program.toHandle().destroy();
      program.waitFor();
      assertThat(output.readLine()).as("a second line").isNull();
    } finally {
      program.destroyForcibly();
    }
  }

  private String port() {
    return String.valueOf(server.uri().getPort());
  }

  private HttpResponse<String> get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(path)).build();
    return client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> send(String method, String path, String header, String value)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header(header, value)
            .build();
    return client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** Sends the path as it is: a client library would tidy it up first. */
  private String rawGet(String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      OutputStream request = socket.getOutputStream();
      request.write(
          ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      request.flush();
      BufferedReader response =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return response.lines().collect(Collectors.joining("\n"));
    }
  }
}
