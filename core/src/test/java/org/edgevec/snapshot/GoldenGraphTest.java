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
import org.edgevec.snapshot.GraphFormat.StoredGraph;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreFiles.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the writers of graphs and of manifests that name one to the golden store. How neighbors are
 * chosen may change without the format, and then the same writes give another graph; this one,
 * read, is written again byte for byte, or as long as it was if its version is an older one.
 */
class GoldenGraphTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @ParameterizedTest
  @CsvSource({"v1-graph, 2, 1, 1", "v1-graph, 3, 2, 1", "v2-copies, 2, 1, 2", "v2-copies, 3, 2, 2"})
  void isWrittenAgainAsItWas(String store, long generation, long number, int version)
      throws IOException {
    Map<String, byte[]> golden = golden(store);
    MemoryStorage read = MemoryStorage.open(MemoryStorage.Disk.of(golden));
    Manifest manifest = ManifestFormat.read(read, generation);
    PartRef graph = manifest.part(StoreFiles.Kind.GRAPH);
    assertThat(graph).isNotNull();
    assertThat(graph.number()).isEqualTo(number);
    int count = manifest.segments().stream().mapToInt(SegmentRef::count).sum();
    StoredGraph stored = GraphFormat.load(read, manifest.storeId(), graph, count, 0);
    assertThat(stored.version()).isEqualTo(version);
    assertThat(stored.isLinkedWell()).isEqualTo(version > 1);
    HnswGraph loaded = stored.graph();

    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    MemoryStorage written = MemoryStorage.open(disk);
    PartRef again =
        GraphFormat.write(written, manifest.storeId(), number, loaded, ProgressListener.NONE);
    ManifestFormat.write(written, manifest);

    assertThat(again.fileBytes()).isEqualTo(graph.fileBytes());
    assertThat(loaded.nodesOfCopies().length > 0).isEqualTo(store.equals("v2-copies"));
    if (version == FileHeader.Kind.GRAPH.newestVersion()) {
      assertThat(again).isEqualTo(graph);
      String graphFile = Kind.GRAPH.name(number);
      assertThat(disk.files().get(graphFile)).isEqualTo(golden.get(graphFile));
    }
    String manifestFile = Kind.MANIFEST.name(generation);
    assertThat(disk.files().get(manifestFile)).isEqualTo(golden.get(manifestFile));
  }

  private static Map<String, byte[]> golden(String store) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(GOLDEN.resolve(store))) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }
}
