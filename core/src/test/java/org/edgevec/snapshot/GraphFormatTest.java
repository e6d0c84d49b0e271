package org.edgevec.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.Metric;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.index.GraphMaintenance;
import org.edgevec.index.HnswGraph;
import org.edgevec.snapshot.GraphFormat.StoredGraph;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreFiles.Kind;
import org.edgevec.storage.StoreId;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.ScalarKernel;
import org.junit.jupiter.api.Test;

class GraphFormatTest {

  private static final StoreId ID = new StoreId(1, 2);
  private static final String NAME = Kind.GRAPH.name(3);

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final MemoryStorage storage = MemoryStorage.open(disk);

  /** A graph over points on a line; those at the given places are dead. */
  private static HnswGraph graph(int count, int m, int... absent) {
    HeapArena vectors = new HeapArena(1, Metric.L2, new ScalarKernel());
    vectors.reserve(count);
    byte[] bytes = new byte[4];
    for (int i = 0; i < count; i++) {
      LittleEndian.putFloats(new float[] {i * 7 % count}, 0, bytes, 0, 1);
      vectors.read(i, 0, bytes, 0, 1);
      vectors.settle(i);
    }
    long[] dead = new long[(count + 63) / 64];
    for (int ordinal : absent) {
      dead[ordinal >>> 6] |= 1L << ordinal;
    }
    HnswGraph graph = new HnswGraph(m);
    GraphMaintenance maintenance = new GraphMaintenance(graph, vectors, 20);
    while (maintenance.plan(count, dead)) {
      maintenance.apply();
    }
    return graph;
  }

  private PartRef write(HnswGraph graph) {
    return GraphFormat.write(storage, ID, 3, graph, ProgressListener.NONE);
  }

  @Test
  void aGraphComesBackAsItWas() {
    HnswGraph graph = graph(20_000, 3, 5, 700, 19_999);
    assertThat(graph.maxLevel()).isGreaterThan(3);
    List<Long> told = new ArrayList<>();
    PartRef ref =
        GraphFormat.write(
            storage,
            ID,
            3,
            graph,
            (done, total) -> {
              assertThat(total).isEqualTo(storage.list().isEmpty() ? total : 0);
              told.add(done);
            });
    assertThat(ref.fileName()).isEqualTo(NAME);
    assertThat(ref.fileBytes()).isEqualTo(storage.size(NAME)).isGreaterThan(2 * 65_536);
    assertThat(told).isSorted().last().isEqualTo(ref.fileBytes());
    HnswGraph loaded = GraphFormat.load(storage, ID, ref, 20_000, 0).graph();
    assertThat(loaded.m()).isEqualTo(3);
    assertThat(loaded.size()).isEqualTo(20_000);
    assertThat(loaded.linkedCount()).isEqualTo(19_997);
    assertThat(loaded.entryPoint()).isEqualTo(graph.entryPoint());
    for (int ordinal = 0; ordinal < 20_000; ordinal++) {
      assertThat(loaded.level(ordinal)).isEqualTo(graph.level(ordinal));
      for (int level = 0; level <= graph.level(ordinal); level++) {
        assertThat(list(loaded, ordinal, level)).isEqualTo(list(graph, ordinal, level));
      }
    }
    List<CorruptDataException> damage = new ArrayList<>();
    GraphFormat.check(storage, ID, ref, 20_000, 0, damage::add);
    assertThat(damage).isEmpty();
  }

  private static List<Integer> list(HnswGraph graph, int ordinal, int level) {
    List<Integer> list = new ArrayList<>();
    int start = graph.start(ordinal, level);
    for (int i = 0; i <= graph.neighbors(ordinal, level)[start]; i++) {
      list.add(graph.neighbors(ordinal, level)[start + i]);
    }
    return list;
  }

  @Test
  void anEmptyGraphComesBackEmpty() {
    HnswGraph loaded = GraphFormat.load(storage, ID, write(graph(3, 2, 0, 1, 2)), 3, 0).graph();
    assertThat(loaded.size()).isEqualTo(3);
    assertThat(loaded.linkedCount()).isZero();
    assertThat(loaded.entryPoint()).isEqualTo(HnswGraph.ABSENT);
  }

  @Test
  void aGraphOfMoreEntriesThanThereAreIsRefused() {
    PartRef ref = write(graph(5, 2));
    GraphFormat.load(storage, ID, ref, 5, 0);
    GraphFormat.load(storage, ID, ref, 6, 0);
    assertRefused(ref, 4, "5 nodes for 4 entries");
  }

  @Test
  void anotherFileThanTheManifestNamesIsRefused() {
    PartRef ref = write(graph(5, 2));
    String what = "it is not the graph that the manifest names";
    assertRefused(
        new PartRef(StoreFiles.Kind.GRAPH, 3, ref.fileBytes(), ref.headerCrc() + 1), 5, what);
    assertRefused(
        new PartRef(StoreFiles.Kind.GRAPH, 3, ref.fileBytes() + 1, ref.headerCrc()), 5, what);
    assertThatThrownBy(() -> GraphFormat.load(storage, new StoreId(1, 3), ref, 5, 0))
        .hasMessageContaining("it belongs to another database");
  }

  @Test
  void whatNoGraphCanSayIsRefusedThoughEveryChecksumHolds() {
    // Two nodes on level 0, each the other's neighbor.
    assertThat(load(2, 2, 0, 0x10001, 1, 0x10001, 0).linkedCount()).isEqualTo(2);
    // The second on level 1, too.
    assertThat(load(2, 2, 1, 0x10001, 1, 0x20001, 0, 0).maxLevel()).isEqualTo(1);
    assertMalformed("m is 1", 1, 1, 0, 0x10000);
    assertMalformed("m is 129", 129, 1, 0, 0x10000);
    assertThat(load(128, 1, 0, 0x10000).m()).isEqualTo(128);
    assertMalformed("-1 nodes for 9 entries", 2, -1, 0);
    assertMalformed("9 nodes for 9 entries", 2, 9, 0, 0x10000);
    assertMalformed("a node that is not written", 2, 1, -1, 2);
    assertMalformed("a node that is not written", 2, 1, 0, 0x200000);
    assertMalformed("5 neighbors on level 0", 2, 1, 0, 0x10005, 0, 0, 0, 0, 0);
    assertMalformed("3 neighbors on level 1", 2, 1, 0, 0x20000, 3, 0, 0, 0);
    assertMalformed("-1 neighbors on level 1", 2, 1, 0, 0x20000, -1);
    assertMalformed("neighbor 2 of node 0", 2, 2, 0, 0x10001, 2, 0x10001, 0);
    assertMalformed("neighbor -1 of node 0", 2, 2, 0, 0x10001, -1, 0x10001, 0);
    assertMalformed("neighbor 1 of node 1", 2, 2, 0, 0x10001, 1, 0x10001, 1);
    assertMalformed("neighbor 1 of node 0", 2, 2, 0, 0x10001, 1, 0);
    assertMalformed("neighbor 1 of node 0", 2, 2, 0, 0x20000, 1, 1, 0x10000);
    assertMalformed("entry point 2", 2, 2, 2, 0x10001, 1, 0x10001, 0);
    assertMalformed("entry point -2", 2, 2, -2, 0x10001, 1, 0x10001, 0);
    assertMalformed("entry point -1", 2, 2, -1, 0x10001, 1, 0x10001, 0);
    assertMalformed("entry point 0", 2, 2, 0, 0x10001, 1, 0x20001, 0, 0);
    assertMalformed("entry point 0", 2, 1, 0, 0);
    assertMalformed("4 bytes too many", 2, 1, 0, 0x10000, 7);
    assertMalformed("the body ends too early", 2, 1, 0, 0x10001);
  }

  /** Reading it did not end; found by fuzzing. */
  @Test
  void aBodyThatEndsWithinANumberIsRefused() {
    byte[] header = new FileHeader(FileHeader.Kind.GRAPH, ID, 3, 11, 2, 1).encode();
    storage.atomicWrite(
        NAME,
        sink -> {
          BlockWriter out = new BlockWriter(sink, header, 0, ProgressListener.NONE);
          out.u32(0);
          out.u32(0x10001);
          out.bytes(new byte[3]);
          out.finish();
        });
    PartRef ref =
        new PartRef(StoreFiles.Kind.GRAPH, 3, storage.size(NAME), FileHeader.crcOf(header));
    assertRefused(ref, 1, "the body ends within a number");
  }

  @Test
  void anyEntryPointOfTheHighestLevelIsKept() {
    assertThat(load(2, 2, 1, 0x10001, 1, 0x10001, 0).entryPoint()).isEqualTo(1);
  }

  @Test
  void aCheckTellsOfEveryBlockThatDoesNotHold() {
    PartRef ref = write(graph(9000, 2));
    byte[] file = disk.files().get(NAME).clone();
    file[64 + 9] ^= 1;
    file[64 + 65_536 + 7] ^= 1;
    storage.atomicWrite(NAME, sink -> sink.write(file, 0, file.length));
    List<Long> told = new ArrayList<>();
    GraphFormat.check(storage, ID, ref, 9000, 0, e -> told.add(e.offset()));
    assertThat(told).containsExactly(64L, 64L + 65_536);
  }

  @Test
  void aCheckGoesOnBehindANodeThatCannotBe() {
    int[] words = new int[20_001];
    words[0] = -1;
    words[1] = 2;
    PartRef ref = store(2, 20_000, words);
    byte[] file = disk.files().get(NAME).clone();
    file[64 + 65_536 + 7] ^= 1;
    storage.atomicWrite(NAME, sink -> sink.write(file, 0, file.length));
    List<String> told = new ArrayList<>();
    GraphFormat.check(storage, ID, ref, 20_000, 0, e -> told.add(e.offset() + " " + e.what()));
    assertThat(told)
        .containsExactly(
            "72 a node that is not written", (64 + 65_536) + " a block's checksum does not match");
  }

  /** A copy names a node before it, which is none itself: so no chain ever ends in itself. */
  @Test
  void aCopyOfWhatIsNoNodeBeforeItIsRefused() {
    HnswGraph graph = load(2, 4, 0, 0x10000, 1, 0, 0, 1, 0);
    assertThat(graph.level(1)).isEqualTo(HnswGraph.COPY);
    assertThat(graph.linkedCount()).isEqualTo(3);
    assertThat(graph.nodesOfCopies()).hasSize(4);
    String what = " of %s, which is no node before it";
    // Itself, one behind it, none at all.
    assertMalformed("a copy" + what.formatted(1), 2, 2, 0, 0x10000, 1, 1);
    assertMalformed("a copy" + what.formatted(2), 2, 3, 0, 0x10000, 1, 2, 0x10000);
    assertMalformed("a copy" + what.formatted(-1), 2, 2, 0, 0x10000, 1, -1);
    assertMalformed("a copy" + what.formatted(0), 2, 1, -1, 1, 0);
    // A copy, and one that is absent.
    assertMalformed("a copy" + what.formatted(1), 2, 3, 0, 0x10000, 1, 0, 1, 1);
    assertMalformed("a copy" + what.formatted(1), 2, 3, 0, 0x10000, 0, 1, 1);
    // It has no lists, and is not where a search begins.
    assertMalformed("neighbor 1 of node 0", 2, 2, 0, 0x10001, 1, 1, 0);
    assertMalformed("entry point 1", 2, 2, 1, 0x10000, 1, 0);
    assertMalformed("the body ends too early", 2, 2, 0, 0x10000, 1);
  }

  @Test
  void copiesComeBackAsTheyWere() {
    HnswGraph graph = new HnswGraph(2);
    graph.add(0);
    graph.add(1);
    for (int i = 0; i < 5000; i++) {
      graph.addCopy(i % 3 == 0 ? 1 : 0);
    }
    graph.enterAt(1);
    HnswGraph loaded = GraphFormat.load(storage, ID, write(graph), 5002, 0).graph();
    assertThat(loaded.linkedCount()).isEqualTo(5002);
    assertThat(loaded.nodesOfCopies()).isEqualTo(graph.nodesOfCopies());
    assertThat(loaded.nodesOfCopies()[5]).isEqualTo(1);
    assertThat(loaded.nodesOfCopies()[6]).isZero();
  }

  @Test
  void aGraphOfVersion1IsReadAndHasNoCopies() {
    StoredGraph stored =
        GraphFormat.load(storage, ID, store(1, 2, 2, new int[] {0, 0x10001, 1, 0x10001, 0}), 2, 0);
    assertThat(stored.version()).isEqualTo(1);
    assertThat(stored.isLinkedWell()).isFalse();
    assertThat(stored.graph().linkedCount()).isEqualTo(2);
    assertRefused(store(1, 2, 2, new int[] {0, 0x10000, 1, 0}), 2, "a node that is not written");
  }

  private PartRef store(int m, int size, int... words) {
    return store(2, m, size, words);
  }

  private PartRef store(int version, int m, int size, int[] words) {
    long bodyBytes = 4L * words.length;
    byte[] header =
        new FileHeader(FileHeader.Kind.GRAPH, version, ID, 3, bodyBytes, m, size).encode();
    storage.atomicWrite(
        NAME,
        sink -> {
          BlockWriter out = new BlockWriter(sink, header, 0, ProgressListener.NONE);
          out.ints(words, 0, words.length);
          out.finish();
        });
    return new PartRef(StoreFiles.Kind.GRAPH, 3, storage.size(NAME), FileHeader.crcOf(header));
  }

  private HnswGraph load(int m, int size, int... words) {
    return GraphFormat.load(storage, ID, store(m, size, words), 9, 0).graph();
  }

  private void assertMalformed(String what, int m, int size, int... words) {
    assertRefused(store(m, size, words), 9, what);
    List<String> told = new ArrayList<>();
    GraphFormat.check(storage, ID, store(m, size, words), 9, 0, e -> told.add(e.what()));
    assertThat(told).containsExactly(what);
  }

  private void assertRefused(PartRef ref, int ordinals, String what) {
    assertThatThrownBy(() -> GraphFormat.load(storage, ID, ref, ordinals, 0))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo(NAME);
              assertThat(e.what()).isEqualTo(what);
            });
  }

  /** Two megabytes with right checksums that ask for 270: a hundred times what they are. */
  @Test
  void aGraphThatAsksForFarMoreMemoryThanItHasBytesIsRefused() {
    int nodes = 32_000;
    int levels = HnswGraph.MAX_LEVEL + 1;
    int[] words = new int[1 + nodes * levels];
    for (int i = 0; i < nodes; i++) {
      words[1 + i * levels] = levels << 16;
    }
    PartRef ref = store(128, nodes, words);
    assertThatThrownBy(() -> GraphFormat.load(storage, ID, ref, nodes, nodes * 27L))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("lists that take more");
    List<String> told = new ArrayList<>();
    GraphFormat.check(storage, ID, ref, nodes, nodes * 27L, e -> told.add(e.what()));
    assertThat(told).hasSize(1);
  }
}
