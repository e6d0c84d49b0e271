package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.bytes.Bits;

/**
 * The links of a hierarchical navigable small world graph (Malkov and Yashunin, 2016,
 * arXiv:1603.09320): for every vector and every level up to its own, a few near neighbours.
 *
 * <p>Ordinals below {@link #size} are decided: linked, as a <em>node</em> or as a <em>copy</em> of
 * one that has an equal vector (see {@link Copies}), or <em>absent</em>, because they were dead
 * when their turn came or were taken out by {@link GraphPurge}. Only nodes have lists. Level 0
 * holds up to {@code 2 m} neighbours a node in blocks of {@code int}s, each node {@code 2 m + 1} of
 * them with the count first; the levels above, which few nodes reach, hold up to {@code m} in an
 * array a node. What room is left in a list holds the node's own ordinal.
 *
 * <p><b>Threads.</b> One thread at a time changes it, and beside that others may read, without a
 * lock: {@link #setNeighbors}, {@link #prepare} and {@link #commit} leave them what can be followed
 * safely, at every moment and in whatever order a processor makes their stores visible. Every other
 * change keeps readers out by a lock.
 *
 * <p>A reader takes the {@linkplain #entryPoint entry point} first and the {@linkplain #size size}
 * then, once, and follows no link to an ordinal that is not below that size. The size is written
 * after all that makes a node, and the entry point after the size, and both are volatile, as are
 * the arrays that grow. So of every node below its size a reader has the level, the room for its
 * lists, and each list as it was then or, slot by slot, as it became later.
 *
 * <p>Such a mixture of two lists can be followed like a list, because of what each slot holds
 * before, in between and afterwards. The count's slot never holds more than there is room for. Any
 * other holds an ordinal that was linked on that level when it was written, or the list's own, and
 * never a number that only lies there: so behind a count that is too large for the slots that are
 * visible there is at worst the node itself, which was visited. And the ordinals that stay behind
 * in no list, those that {@link #remove} makes absent, are in no slot either. A mixture may lack a
 * neighbor or name one twice, no more.
 */
public final class HnswGraph {

  /** The level of an ordinal that is not linked. */
  public static final int ABSENT = -1;

  /** The level of an ordinal that is linked as a copy of a node. */
  public static final int COPY = -2;

  /** No node is on a higher level. */
  public static final int MAX_LEVEL = 30;

  private static final int BLOCK_SHIFT = 10;
  private static final int BLOCK_MASK = (1 << BLOCK_SHIFT) - 1;
  private static final int INITIAL_CAPACITY = 1 << BLOCK_SHIFT;
  private static final int[] NONE = {};

  private final int m;
  private final int stride;

  // Volatile: who sees an array that has grown sees what was copied into it.
  private volatile int[][] base = new int[0][];
  private volatile int[][] upper = new int[0][];
  private volatile byte[] levels = new byte[0];

  /** Written before the size, so that who reads that first counts no node too few. */
  private int linkedCount;

  private final Copies copies = new Copies();
  private final NodesByVector nodes = new NodesByVector();

  /** Volatile: who reads it sees the lists of all ordinals below. */
  private volatile int size;

  private volatile int entryPoint = ABSENT;
  private long version;

  /**
   * An empty graph.
   *
   * @param m neighbours of a node on the levels above 0, half of those on level 0
   */
  public HnswGraph(int m) {
    this.m = m;
    this.stride = 2 * m + 1;
  }

  /** Neighbours of a node on the levels above 0, at most. */
  public int m() {
    return m;
  }

  /** Neighbours of a node on a level, at most. */
  public int maxNeighbors(int level) {
    return level == 0 ? 2 * m : m;
  }

  /**
   * Up to so many neighbours a node gets on a level even if some of them lead the same way. Few on
   * the levels above 0, which are there to find the way to a neighbourhood, not what is in it: a
   * walk scores every one of them.
   */
  int leastNeighbors(int level) {
    return level == 0 ? m : m / 4;
  }

  /** Ordinals below this are linked or absent; those from here on are the tail. */
  public int size() {
    return size;
  }

  /** How many ordinals are linked, as nodes and as copies. */
  public int linkedCount() {
    return linkedCount;
  }

  /** Where every search begins: a node of the highest level; {@link #ABSENT} in an empty graph. */
  public int entryPoint() {
    return entryPoint;
  }

  /** The highest level; {@link #ABSENT} in an empty graph. */
  public int maxLevel() {
    int entry = entryPoint;
    return entry < 0 ? ABSENT : levels[entry];
  }

  /** The highest level that a node is on, or {@link #ABSENT}, or {@link #COPY}. */
  public int level(int ordinal) {
    return levels[ordinal];
  }

  /** Grows with every change, so that a change can be noticed. */
  public long version() {
    return version;
  }

  /** The array that holds a node's neighbours on a level: their count, then they. */
  public int[] neighbors(int ordinal, int level) {
    return level == 0 ? base[ordinal >>> BLOCK_SHIFT] : upper[ordinal];
  }

  /** Where in its array that count is. */
  public int start(int ordinal, int level) {
    return level == 0 ? (ordinal & BLOCK_MASK) * stride : (level - 1) * (m + 1);
  }

  /**
   * Decides about the next ordinal: links it on the levels up to {@code level}, with no neighbours
   * yet, or makes it absent.
   */
  public void add(int level) {
    prepare(level);
    commit();
  }

  /**
   * Decides about the next ordinal: links it as a copy.
   *
   * @param node has an equal vector
   */
  public void addCopy(int node) {
    copies.reserve(size);
    prepare(COPY);
    copies.add(node, size);
    commit();
  }

  /** Which ordinals are copies of which nodes. */
  public Copies copies() {
    return copies;
  }

  /** Which node has a given vector. */
  public NodesByVector nodes() {
    return nodes;
  }

  /** Whether there are nodes that cannot be looked up by their vectors yet. */
  public boolean isLookupBehind() {
    return nodes.size() < size;
  }

  /**
   * The node of every copy, by ordinal; what it says of others means nothing.
   *
   * @return empty if there are no copies
   */
  public int[] nodesOfCopies() {
    int[] originals = new int[copies.isEmpty() ? 0 : size];
    for (int node = 0; node < originals.length; node++) {
      if (levels[node] >= 0) {
        for (int at = copies.next(node); at != Copies.NONE; at = copies.next(at)) {
          originals[at] = node;
        }
      }
    }
    return originals;
  }

  /** Makes absent the copies at the beginning of a node's chain that are dead. */
  void dropFirstCopies(int node, long[] dead) {
    int copy = copies.dropFirst(node, dead);
    while (copy != Copies.NONE && copy != copies.next(node)) {
      removeCopy(copy);
      copy = copies.next(copy);
    }
  }

  private void removeCopy(int copy) {
    levels[copy] = ABSENT;
    linkedCount--;
    version++;
  }

  /** Makes lists for the next ordinal, which nobody sees before {@link #commit}. */
  void prepare(int level) {
    int ordinal = size;
    makeRoom(ordinal);
    if (level >= 0) {
      makeBlock(ordinal);
    }
    levels[ordinal] = (byte) level;
    upper[ordinal] = level > 0 ? new int[level * (m + 1)] : null;
    for (int l = 0; l <= level; l++) {
      setNeighbors(ordinal, l, NONE, 0, 0);
    }
  }

  /** Decides about the ordinal that was prepared; its neighbours and those that name it are set. */
  void commit() {
    int ordinal = size;
    int level = levels[ordinal];
    int top = maxLevel();
    version++;
    linkedCount += level == ABSENT ? 0 : 1;
    size = ordinal + 1;
    if (level > top) {
      entryPoint = ordinal;
    }
  }

  private void makeRoom(int ordinal) {
    if (ordinal == levels.length) {
      int capacity =
          (int) Math.min(Integer.MAX_VALUE - 64, Math.max(INITIAL_CAPACITY, ordinal * 2L));
      byte[] moreLevels = Arrays.copyOf(levels, capacity);
      // Both grow or none, also where there is no memory for this one.
      upper = Arrays.copyOf(upper, capacity);
      levels = moreLevels;
    }
    int block = ordinal >>> BLOCK_SHIFT;
    if (block == base.length) {
      base = Arrays.copyOf(base, Math.max(4, block * 2));
    }
  }

  /** Makes room for the lists of level 0 of a node, and of those around it. */
  void makeBlock(int ordinal) {
    int block = ordinal >>> BLOCK_SHIFT;
    if (base[block] == null) {
      base[block] = new int[stride << BLOCK_SHIFT];
    }
  }

  /** Replaces a node's neighbours on a level, all of which are on it, too. */
  void setNeighbors(int ordinal, int level, int[] source, int from, int count) {
    int[] list = neighbors(ordinal, level);
    int start = start(ordinal, level) + 1;
    System.arraycopy(source, from, list, start, count);
    Arrays.fill(list, start + count, start + maxNeighbors(level), ordinal);
    list[start - 1] = count;
    version++;
  }

  /**
   * Makes a node absent that no other names any more, or a copy that is in no chain. Nobody may
   * read meanwhile.
   */
  void remove(int ordinal) {
    if (levels[ordinal] == COPY) {
      removeCopy(ordinal);
      return;
    }
    copies.clear(ordinal);
    for (int level = 0; level <= levels[ordinal]; level++) {
      neighbors(ordinal, level)[start(ordinal, level)] = 0;
    }
    levels[ordinal] = ABSENT;
    upper[ordinal] = null;
    linkedCount--;
    version++;
  }

  /**
   * Makes a node's first copy the node: gives it the level, the lists and the other copies, and
   * makes the node absent. No list names the node any more, and there is {@linkplain #makeBlock
   * room} for the copy's. Nobody may read meanwhile.
   */
  void moveToFirstCopy(int node) {
    int heir = copies.next(node);
    copies.moveToFirst(node);
    levels[heir] = levels[node];
    upper[heir] = upper[node];
    for (int level = 0; level <= levels[heir]; level++) {
      int[] list = neighbors(node, level);
      int start = start(node, level);
      setNeighbors(heir, level, list, start + 1, list[start]);
    }
    if (entryPoint == node) {
      entryPoint = heir;
    }
    nodes.replace(node, heir);
    // Its other lists are the heir's now.
    levels[node] = 0;
    remove(node);
  }

  /** Begins searches at a node of the highest level, or {@link #ABSENT} in an empty graph. */
  public void enterAt(int ordinal) {
    entryPoint = ordinal;
  }

  /** Begins searches at the first node of the highest level from now on. Nobody may read yet. */
  public void chooseEntryPoint() {
    int chosen = ABSENT;
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (levels[ordinal] > (chosen < 0 ? ABSENT : levels[chosen])) {
        chosen = ordinal;
      }
    }
    entryPoint = chosen;
    version++;
  }

  /**
   * The same graph over ordinals that moved up.
   *
   * @param drop the ordinals that are left out, as bits; none of them is a node
   */
  public HnswGraph without(long[] drop) {
    int[] moved = new int[size];
    int next = 0;
    for (int ordinal = 0; ordinal < size; ordinal++) {
      moved[ordinal] = next;
      next += Bits.get(drop, ordinal) ? 0 : 1;
    }
    HnswGraph result = new HnswGraph(m);
    int[] originals = nodesOfCopies();
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (Bits.get(drop, ordinal)) {
        continue;
      }
      if (levels[ordinal] == COPY) {
        result.addCopy(moved[originals[ordinal]]);
      } else {
        result.addMoved(this, ordinal, moved);
      }
    }
    result.nodes.takeOver(nodes, drop, result);
    result.entryPoint = entryPoint < 0 ? ABSENT : moved[entryPoint];
    result.version = version + 1;
    return result;
  }

  private void addMoved(HnswGraph source, int ordinal, int[] moved) {
    int to = size;
    int level = source.levels[ordinal];
    add(level);
    for (int l = 0; l <= level; l++) {
      int[] from = source.neighbors(ordinal, l);
      int fromStart = source.start(ordinal, l);
      int[] list = neighbors(to, l);
      int start = start(to, l);
      list[start] = from[fromStart];
      for (int i = 1; i <= from[fromStart]; i++) {
        list[start + i] = moved[from[fromStart + i]];
      }
    }
  }
}
