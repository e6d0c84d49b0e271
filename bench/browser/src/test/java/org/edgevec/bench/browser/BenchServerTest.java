package org.edgevec.bench.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchServerTest {

  private static final ServedData DATA =
      new ServedData(
          "numbers",
          2,
          3,
          (first, count) -> {
            float[][] rows = new float[count][];
            for (int i = 0; i < count; i++) {
              rows[i] = new float[] {first + i, -0.5f - first - i};
            }
            return rows;
          },
          new float[][] {{7, 8}});

  @TempDir private Path packages;

  private BenchServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(packages.resolve("some"));
    Files.writeString(packages.resolve("some/index.js"), "export {};");
    server = BenchServer.start(packages);
    server.add(DATA);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void servesRowsAndQueriesAsLittleEndianFloats() throws Exception {
    assertThat(floats("/data/numbers/base")).containsExactly(0, -0.5f, 1, -1.5f, 2, -2.5f);
    assertThat(floats("/data/numbers/base?from=1&to=2")).containsExactly(1, -1.5f);
    assertThat(floats("/data/numbers/base?from=3&to=3")).isEmpty();
    assertThat(floats("/data/numbers/queries")).containsExactly(7, 8);
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    assertThat(get("/data/numbers/base?from=2&to=4").statusCode()).isEqualTo(404);
    assertThat(get("/data/numbers/base?from=2&to=1").statusCode()).isEqualTo(404);
    assertThat(get("/data/numbers/base?from=-1&to=1").statusCode()).isEqualTo(404);
    assertThat(get("/data/numbers/other").statusCode()).isEqualTo(404);
    assertThat(get("/data/letters/base").statusCode()).isEqualTo(404);
    server.remove(DATA);
    assertThat(get("/data/numbers/base").statusCode()).isEqualTo(404);
  }

  @Test
  void pagesAndPackagesAreIsolatedAndPackagesCounted() throws Exception {
    for (String path : new String[] {"/bench.html", "/bench.js", "/npm/some/index.js"}) {
      HttpResponse<byte[]> response = get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.headers().firstValue("Cross-Origin-Opener-Policy"))
          .as(path)
          .hasValue("same-origin");
      assertThat(response.headers().firstValue("Cross-Origin-Embedder-Policy"))
          .as(path)
          .hasValue("require-corp");
    }
    assertThat(server.downloads().sizeOf(Set.of("some")).files()).isEqualTo(1);
  }

  private float[] floats(String path) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(get(path).body()).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url(path))).build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }
}
