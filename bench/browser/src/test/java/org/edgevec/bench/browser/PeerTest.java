package org.edgevec.bench.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PeerTest {

  private static final Path NPM = BenchFolder.resolve("src/main/npm");

  @ParameterizedTest
  @EnumSource(Peer.class)
  void everyPeerHasAModuleAndPinnedPackages(Peer peer) throws IOException {
    assertThat(BenchFolder.resolve("src/main/web/peers/" + peer.module() + ".js")).isRegularFile();
    if (peer != Peer.EDGEVEC_JAVA && peer != Peer.EDGEVEC_JAVA_OTHER) {
      JsonObject versions = read("package.json").getAsJsonObject("dependencies");
      assertThat(peer.packages())
          .allSatisfy(name -> assertThat(versions.get(name).getAsString()).matches("[0-9.]+"));
    }
  }

  @Test
  void theLockFileNamesNoRegistry() throws IOException {
    assertThat(Files.readString(NPM.resolve("package-lock.json")))
        .contains("\"integrity\"")
        .doesNotContain("\"resolved\"")
        .doesNotContain("://");
  }

  private static JsonObject read(String name) throws IOException {
    return JsonParser.parseString(Files.readString(NPM.resolve(name))).getAsJsonObject();
  }
}
