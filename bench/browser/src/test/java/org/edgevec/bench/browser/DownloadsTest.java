package org.edgevec.bench.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.edgevec.bench.browser.Downloads.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadsTest {

  @TempDir private Path packages;

  @Test
  void countsWhatWasFetchedOfThePackagesOnce() throws IOException {
    write("plain/index.js", new byte[10_000]);
    write("plain/unused.js", new byte[10_000]);
    write("plain/index.js.map", new byte[10_000]);
    write("@scope/name/packed.gz", noise(500));
    write("other/index.js", new byte[10_000]);
    Downloads downloads = new Downloads(packages);
    downloads.note("plain/index.js");
    downloads.note("plain/index.js");
    downloads.note("plain/index.js.map");
    downloads.note("plain/missing.js");
    downloads.note("@scope/name/packed.gz");
    downloads.note("other/index.js");

    Size plain = downloads.sizeOf(Set.of("plain"));
    assertThat(plain.files()).isEqualTo(1);
    assertThat(plain.plainBytes()).isEqualTo(10_000);
    assertThat(plain.zippedBytes()).isLessThan(200);
    // What cannot be made smaller is sent as it is.
    assertThat(downloads.sizeOf(Set.of("@scope/name"))).isEqualTo(new Size(1, 500, 500));
    assertThat(downloads.sizeOf(Set.of("plain", "@scope/name")).files()).isEqualTo(2);
    assertThat(downloads.sizeOf(Set.of("unknown"))).isEqualTo(new Size(0, 0, 0));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = packages.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
