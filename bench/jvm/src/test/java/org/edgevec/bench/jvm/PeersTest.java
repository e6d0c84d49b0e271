package org.edgevec.bench.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {

  @TempDir Path other;

  @Test
  void anotherBuildTakesThePlaceOfWhatIsMeasuredAndOfNothingElse() throws IOException {
    String jar = built("core/target/edgevec-core-0.1.0.jar");
    String classes = built("simd/target/classes");
    assertThat(
            Peers.ofOtherBuild(
                path(
                    "/here/bench/jvm/target/classes",
                    "/here/core/target/edgevec-core-0.1.0.jar",
                    "/here/core/target/edgevec-core-0.1.0-tests.jar",
                    "/here/core/target/test-classes",
                    "/here/simd/target/classes/",
                    "/m2/hnswlib-core-1.2.1.jar"),
                other))
        .isEqualTo(
            path(
                "/here/bench/jvm/target/classes",
                jar,
                "/here/core/target/edgevec-core-0.1.0-tests.jar",
                "/here/core/target/test-classes",
                classes,
                "/m2/hnswlib-core-1.2.1.jar"));
  }

  @Test
  void aCheckoutThatIsNotBuiltIsRefused() {
    assertThatThrownBy(() -> Peers.ofOtherBuild("/here/core/target/classes", other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("build that checkout first");
  }

  private String built(String file) throws IOException {
    Path path = other.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.createFile(path).toAbsolutePath().toString();
  }

  private static String path(String... entries) {
    return String.join(File.pathSeparator, entries);
  }
}
