package org.edgevec.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.edgevec.ProgressListener;
import org.edgevec.index.HnswGraph;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the writers of graphs and of manifests that name one to the golden store. How neighbors are
 * chosen may change without the format, and then the same writes give another graph; this one,
 * read, is written again byte for byte.
 */
class GoldenGraphTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/v1-graph");

  @ParameterizedTest
  @CsvSource({"2, 1", "3, 2"})
  void isWrittenAgainAsItWas(long generation, long number) throws IOException {
    Map<String, byte[]> golden = golden();
    MemoryStorage read = MemoryStorage.open(MemoryStorage.Disk.of(golden));
    Manifest manifest = ManifestFormat.read(read, generation);
    GraphRef graph = manifest.graph();
    assertThat(graph).isNotNull();
    assertThat(graph.number()).isEqualTo(number);
    int count = manifest.segments().stream().mapToInt(SegmentRef::count).sum();
    HnswGraph loaded = GraphFormat.load(read, manifest.storeId(), graph, count);

    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    MemoryStorage written = MemoryStorage.open(disk);
    GraphRef again =
        GraphFormat.write(written, manifest.storeId(), number, loaded, ProgressListener.NONE);
    ManifestFormat.write(written, manifest);

    assertThat(again).isEqualTo(graph);
    String graphFile = Kind.GRAPH.name(number);
    String manifestFile = Kind.MANIFEST.name(generation);
    assertThat(disk.files().get(graphFile)).isEqualTo(golden.get(graphFile));
    assertThat(disk.files().get(manifestFile)).isEqualTo(golden.get(manifestFile));
  }

  private static Map<String, byte[]> golden() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(GOLDEN)) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }
}
