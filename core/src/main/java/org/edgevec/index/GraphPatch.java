package org.edgevec.index;

import java.util.Arrays;

/**
 * Changes of a graph that were worked out and are not made yet: lists of neighbours to replace, and
 * perhaps a node to add before. Working them out takes long and only reads; making them takes
 * moments. Not thread-safe.
 */
final class GraphPatch {

  private static final int NO_NODE = Integer.MIN_VALUE;

  private int[] data = new int[1024];
  private int size;
  private int listStart;
  private int added = NO_NODE;
  private int copied = NO_NODE;

  void clear() {
    size = 0;
    added = NO_NODE;
    copied = NO_NODE;
  }

  /** Whether it changes nothing. */
  boolean isEmpty() {
    return size == 0 && added == NO_NODE && copied == NO_NODE;
  }

  /** Decides about the next ordinal; see {@link HnswGraph#add}. */
  void add(int level) {
    added = level;
  }

  /** The level of the ordinal that is decided about. */
  int added() {
    return added;
  }

  /** Decides about the next ordinal, and changes nothing else; see {@link HnswGraph#addCopy}. */
  void addCopy(int node) {
    clear();
    copied = node;
  }

  /** The node that gets a copy, or a negative number. */
  int copied() {
    return copied;
  }

  /** Replaces a node's neighbours on a level by packed candidates. */
  void replace(int node, int level, long[] chosen) {
    begin(node, level);
    for (long candidate : chosen) {
      neighbor(Candidate.ordinal(candidate));
    }
  }

  /**
   * Adds a neighbour to those that a node has on a level.
   *
   * @return false if there is no room
   */
  boolean append(HnswGraph graph, int node, int level, int neighbor) {
    int[] list = graph.neighbors(node, level);
    int start = graph.start(node, level);
    int count = list[start];
    if (count == graph.maxNeighbors(level)) {
      return false;
    }
    begin(node, level);
    for (int i = 1; i <= count; i++) {
      neighbor(list[start + i]);
    }
    neighbor(neighbor);
    return true;
  }

  /** Where the first list is, or -1 if there is none. */
  int first() {
    return size == 0 ? -1 : 0;
  }

  /** Where the list after one is, or -1 if that is the last. */
  int next(int at) {
    int end = at + 3 + data[at + 2];
    return end == size ? -1 : end;
  }

  /** Whose list it is. */
  int node(int at) {
    return data[at];
  }

  /** On which level. */
  int level(int at) {
    return data[at + 1];
  }

  /** How many neighbours it has. */
  int count(int at) {
    return data[at + 2];
  }

  /** One of them, from 0. */
  int neighbor(int at, int index) {
    return data[at + 3 + index];
  }

  /** Takes a list over from another patch. */
  void copy(GraphPatch source, int at) {
    begin(source.node(at), source.level(at));
    for (int i = 0; i < source.count(at); i++) {
      neighbor(source.neighbor(at, i));
    }
  }

  private void begin(int node, int level) {
    makeRoom(3);
    data[size] = node;
    data[size + 1] = level;
    data[size + 2] = 0;
    size += 3;
    listStart = size;
  }

  private void neighbor(int ordinal) {
    makeRoom(1);
    data[size++] = ordinal;
    data[listStart - 1]++;
  }

  private void makeRoom(int more) {
    if (size + more > data.length) {
      data = Arrays.copyOf(data, 2 * data.length);
    }
  }

  /** Makes the changes. */
  void apply(HnswGraph graph) {
    if (copied != NO_NODE) {
      graph.addCopy(copied);
      return;
    }
    write(graph);
    if (added != NO_NODE) {
      graph.commit();
    }
  }

  /**
   * Makes them but for the last step, in which the node that is added becomes part of the graph.
   */
  void write(HnswGraph graph) {
    if (added != NO_NODE) {
      graph.prepare(added);
    }
    int at = 0;
    while (at < size) {
      graph.setNeighbors(data[at], data[at + 1], data, at + 3, data[at + 2]);
      at += 3 + data[at + 2];
    }
  }
}
