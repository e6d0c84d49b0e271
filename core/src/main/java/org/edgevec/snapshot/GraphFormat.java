package org.edgevec.snapshot;

import java.util.function.Consumer;
import org.edgevec.HnswOptions;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.MalformedException;
import org.edgevec.index.HnswGraph;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;

/**
 * The layout of a graph file: the links between the entries of a snapshot.
 *
 * <pre>
 * header: body length, m, count of ordinals that are decided
 * body, in blocks, all u32:
 *   entry point            an ordinal, or 0xffffffff in a graph without links
 *   for each ordinal       0 if it is absent, 1 and a node if it is a copy of that, or else
 *     (level + 1) x 65536 + count, and count neighbours on level 0
 *     for each level from 1 to its own: count, and count neighbours
 * </pre>
 */
final class GraphFormat {

  private static final int NOTHING = -1;

  /**
   * So many bytes of memory a graph may take for each byte that is stored of it and of its entries:
   * as many as one whose nodes have room for 256 neighbors and two of them each. More is asked for
   * by none that was linked; its lists have room for what its file does not have.
   */
  private static final int MAX_MEMORY_PER_BYTE = 40;

  private static final int MEMORY_OF_ANY_GRAPH = 4 << 20;

  /** What an ordinal begins with that is a copy; of version 2 on. */
  private static final int COPY = 1;

  private GraphFormat() {}

  /**
   * Writes a graph, which must not change meanwhile.
   *
   * @param listener told of the bytes of the file
   */
  static PartRef write(
      StorageBackend storage, StoreId id, long number, HnswGraph graph, ProgressListener listener) {
    long bodyBytes = bodyBytes(graph);
    long fileBytes = BlockWriter.fileBytes(bodyBytes);
    byte[] header =
        new FileHeader(FileHeader.Kind.GRAPH, id, number, bodyBytes, graph.m(), graph.size())
            .encode();
    storage.atomicWrite(
        StoreFiles.Kind.GRAPH.name(number),
        sink -> writeBody(new BlockWriter(sink, header, fileBytes, listener), graph));
    return new PartRef(StoreFiles.Kind.GRAPH, number, fileBytes, FileHeader.crcOf(header));
  }

  private static long bodyBytes(HnswGraph graph) {
    long words = 1 + graph.size();
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      for (int level = 0; level <= graph.level(ordinal); level++) {
        words += graph.neighbors(ordinal, level)[graph.start(ordinal, level)];
      }
      words += graph.level(ordinal) == HnswGraph.COPY ? 1 : Math.max(0, graph.level(ordinal));
    }
    return words * Integer.BYTES;
  }

  private static void writeBody(BlockWriter out, HnswGraph graph) {
    out.u32(graph.entryPoint());
    int[] nodes = graph.nodesOfCopies();
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      if (graph.level(ordinal) == HnswGraph.COPY) {
        out.u32(COPY);
        out.u32(nodes[ordinal]);
      } else {
        writeNode(out, graph, ordinal);
      }
    }
    out.finish();
  }

  private static void writeNode(BlockWriter out, HnswGraph graph, int ordinal) {
    int top = graph.level(ordinal);
    if (top < 0) {
      out.u32(0);
    }
    for (int level = 0; level <= top; level++) {
      int[] list = graph.neighbors(ordinal, level);
      int start = graph.start(ordinal, level);
      out.u32(list[start] | (level == 0 ? top + 1 << 16 : 0));
      out.ints(list, start + 1, list[start]);
    }
  }

  /**
   * Loads a graph, also one of an older version.
   *
   * @param ordinalCount how many entries the snapshot has
   * @param segmentBytes how many bytes its segments
   * @throws CorruptDataException if it is not the graph that the manifest names, is damaged, or
   *     does not fit the snapshot
   */
  static StoredGraph load(
      StorageBackend storage, StoreId id, PartRef ref, int ordinalCount, long segmentBytes) {
    Opened opened = open(storage, id, ref);
    long maxBytes = maxBytes(ref, segmentBytes);
    try {
      return new StoredGraph(read(opened, ordinalCount, maxBytes), opened.header().version());
    } catch (MalformedException e) {
      throw new CorruptDataException(ref.fileName(), opened.in().fileOffset(), e.what());
    }
  }

  /**
   * Reads a graph as loading it would, past blocks that do not hold, and lets go of it.
   *
   * @param onDamage is told of each of them
   * @throws CorruptDataException if the header does not hold
   */
  static void check(
      StorageBackend storage,
      StoreId id,
      PartRef ref,
      int ordinalCount,
      long segmentBytes,
      Consumer<CorruptDataException> onDamage) {
    Opened opened = open(storage, id, ref);
    long maxBytes = maxBytes(ref, segmentBytes);
    opened.in().check(() -> read(opened, ordinalCount, maxBytes), onDamage);
  }

  private static long maxBytes(PartRef ref, long segmentBytes) {
    return MEMORY_OF_ANY_GRAPH + (ref.fileBytes() + segmentBytes) * MAX_MEMORY_PER_BYTE;
  }

  /**
   * A graph as it is stored.
   *
   * @param version the file's format version
   */
  record StoredGraph(HnswGraph graph, int version) {

    /**
     * Whether its links are to be relied on. Those of version 1 were chosen by scores too coarse
     * for some data, and with no regard to equal vectors.
     */
    boolean isLinkedWell() {
      return version > 1;
    }
  }

  /** A graph file whose header holds. */
  private record Opened(FileHeader header, BlockReader in) {}

  private static Opened open(StorageBackend storage, StoreId id, PartRef ref) {
    BufferedFile file = new BufferedFile(storage, ref.fileName());
    byte[] encoded = file.header();
    FileHeader header = FileHeader.decode(encoded, ref.fileName(), FileHeader.Kind.GRAPH);
    header.expect(id, ref.number(), ref.fileName());
    if (FileHeader.crcOf(encoded) != ref.headerCrc() || file.size() != ref.fileBytes()) {
      throw new CorruptDataException(
          ref.fileName(), 0, "it is not the graph that the manifest names");
    }
    return new Opened(header, new BlockReader(file, encoded, header.first()));
  }

  /**
   * Reads a body.
   *
   * @throws CorruptDataException if a block does not hold
   * @throws MalformedException if the blocks hold, and what they say cannot be
   */
  private static HnswGraph read(Opened opened, int ordinalCount, long maxBytes) {
    BlockReader in = opened.in();
    long m = opened.header().second();
    long size = opened.header().third();
    if (m < HnswOptions.MIN_M || m > HnswOptions.MAX_M) {
      throw new MalformedException("m is " + m);
    }
    if (size < 0 || size > ordinalCount || (size + 1) * Integer.BYTES > in.remaining()) {
      throw new MalformedException(size + " nodes for " + ordinalCount + " entries");
    }
    HnswGraph graph = new HnswGraph((int) m);
    int entryPoint = in.u32();
    boolean hasCopies = opened.header().version() > 1;
    long bytes = 0;
    for (int ordinal = 0; ordinal < size; ordinal++) {
      int head = in.u32();
      if (hasCopies && head == COPY) {
        readCopy(in, graph);
      } else {
        int level = level(head);
        bytes += level < 0 ? 0 : 4L * ((level + 2) * (graph.m() + 1));
        if (bytes > maxBytes) {
          throw new MalformedException("lists that take more than " + maxBytes + " bytes");
        }
        readNode(in, head, level, graph);
      }
    }
    in.expectEnd();
    checkNeighbors(graph);
    enter(graph, entryPoint);
    return graph;
  }

  /** A copy's node comes before it, so that chains end and are as they were. */
  private static void readCopy(BlockReader in, HnswGraph graph) {
    int node = in.u32();
    if (node < 0 || node >= graph.size() || graph.level(node) < 0) {
      throw new MalformedException("a copy of " + node + ", which is no node before it");
    }
    graph.addCopy(node);
  }

  private static int level(int head) {
    int level = (head >>> 16) - 1;
    if (level < 0 ? head != 0 : level > HnswGraph.MAX_LEVEL) {
      throw new MalformedException("a node that is not written");
    }
    return level;
  }

  private static void readNode(BlockReader in, int head, int level, HnswGraph graph) {
    int ordinal = graph.size();
    graph.add(level);
    for (int l = 0; l <= level; l++) {
      int count = l == 0 ? head & 0xffff : in.u32();
      if (count < 0 || count > graph.maxNeighbors(l)) {
        throw new MalformedException(count + " neighbors on level " + l);
      }
      int[] list = graph.neighbors(ordinal, l);
      int start = graph.start(ordinal, l);
      list[start] = count;
      in.ints(list, start + 1, count);
    }
  }

  private static void checkNeighbors(HnswGraph graph) {
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      for (int level = 0; level <= graph.level(ordinal); level++) {
        checkNeighbors(graph, ordinal, level);
      }
    }
  }

  /** Insists that a list names other nodes that are on its level, too. */
  private static void checkNeighbors(HnswGraph graph, int ordinal, int level) {
    int[] list = graph.neighbors(ordinal, level);
    int start = graph.start(ordinal, level);
    for (int i = start + 1; i <= start + list[start]; i++) {
      int neighbor = list[i];
      boolean holds =
          neighbor >= 0
              && neighbor < graph.size()
              && neighbor != ordinal
              && graph.level(neighbor) >= level;
      if (!holds) {
        throw new MalformedException("neighbor " + neighbor + " of node " + ordinal);
      }
    }
  }

  private static void enter(HnswGraph graph, int entryPoint) {
    graph.chooseEntryPoint();
    boolean holds =
        graph.entryPoint() < 0
            ? entryPoint == NOTHING
            : entryPoint >= 0
                && entryPoint < graph.size()
                && graph.level(entryPoint) == graph.maxLevel();
    if (!holds) {
      throw new MalformedException("entry point " + entryPoint);
    }
    graph.enterAt(entryPoint);
  }
}
