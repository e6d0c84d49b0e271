package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.bytes.Bits;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.Vectors;

/**
 * Which node has a vector: a hash table with open addressing. A search for a stored vector sets out
 * from that, and what is equal to a node's becomes its copy, wherever walks lead.
 *
 * <p>It is filled behind the graph, ordinal by ordinal, since a stored graph comes without it: of
 * ordinals from {@link #size} on it knows nothing yet. Nodes that are no more stay in it, and are
 * passed over, until it grows.
 *
 * <p><b>Threads.</b> As {@link HnswGraph}: one thread changes it, others may look nodes up beside
 * it. They may miss what is being added; what they find they have compared.
 */
public final class NodesByVector {

  public static final int NONE = -1;

  private static final int MIN_CAPACITY = 1 << 8;

  /** Of the vectors of nodes and copies, by ordinal. */
  private volatile int[] hashes = {};

  /** The nodes, each plus 1 at the first place from its hash on that was free; 0 where it is. */
  private volatile int[] slots = {};

  private int used;
  private int size;

  /** Ordinals below this were taken notice of. */
  int size() {
    return size;
  }

  /** The node that has a vector, to the bit, or {@link #NONE}. */
  public int find(float[] vector, HnswGraph graph, VectorArena vectors) {
    int[] table = slots;
    if (table.length == 0) {
      return NONE;
    }
    int[] known = hashes;
    int hash = Vectors.hash(vector);
    int mask = table.length - 1;
    int at = hash & mask;
    int ordinal = table[at] - 1;
    while (ordinal >= 0) {
      if (ordinal < known.length
          && known[ordinal] == hash
          && ordinal < graph.size()
          && graph.level(ordinal) >= 0
          && vectors.isEqual(ordinal, vector)) {
        return ordinal;
      }
      at = (at + 1) & mask;
      ordinal = table[at] - 1;
    }
    return NONE;
  }

  /** Takes notice of the next ordinal, which is in the graph. */
  void add(HnswGraph graph, VectorArena vectors) {
    int ordinal = size;
    if (graph.level(ordinal) != HnswGraph.ABSENT) {
      makeRoom(ordinal, graph);
      hashes[ordinal] = Vectors.hash(vectors.get(ordinal));
      if (graph.level(ordinal) >= 0) {
        put(slots, ordinal, hashes[ordinal]);
        used++;
      }
    }
    size = ordinal + 1;
  }

  private void makeRoom(int ordinal, HnswGraph graph) {
    if (ordinal >= hashes.length) {
      hashes =
          Arrays.copyOf(
              hashes, (int) Math.min(Integer.MAX_VALUE - 64, Math.max(MIN_CAPACITY, ordinal * 2L)));
    }
    if (used >= slots.length / 2) {
      fillAnew(graph);
    }
  }

  private void fillAnew(HnswGraph graph) {
    int nodes = 0;
    for (int ordinal = 0; ordinal < size; ordinal++) {
      nodes += graph.level(ordinal) >= 0 ? 1 : 0;
    }
    int capacity = Math.max(MIN_CAPACITY, Integer.highestOneBit(nodes) * 4);
    int[] table = new int[capacity];
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (graph.level(ordinal) >= 0) {
        put(table, ordinal, hashes[ordinal]);
      }
    }
    used = nodes;
    slots = table;
  }

  private static void put(int[] table, int ordinal, int hash) {
    table[place(table, 0, hash)] = ordinal + 1;
  }

  /** The first place from a hash on that holds a number. */
  private static int place(int[] table, int number, int hash) {
    int mask = table.length - 1;
    int at = hash & mask;
    while (table[at] != number) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Takes notice that a copy becomes the node. Nobody may read. */
  void replace(int node, int heir) {
    if (heir < size) {
      slots[place(slots, node + 1, hashes[heir])] = heir + 1;
    }
  }

  /**
   * Takes over what another one knows, of ordinals that moved up.
   *
   * @param drop those that are left out, as bits
   * @param graph by the new ordinals
   */
  void takeOver(NodesByVector source, long[] drop, HnswGraph graph) {
    int[] known = source.hashes;
    hashes = new int[source.size - Bits.count(drop, 0, source.size)];
    for (int ordinal = 0; ordinal < source.size; ordinal++) {
      if (!Bits.get(drop, ordinal)) {
        hashes[size++] = ordinal < known.length ? known[ordinal] : 0;
      }
    }
    fillAnew(graph);
  }
}
