package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.ScalarKernel;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;

final class GraphSearchTest {

  private static final int ENTRY = 0;
  private static final int NEAR_ABOVE = 1;
  private static final int FARTHER_ABOVE = 2;
  private static final int BESIDE_NEAR = 3;
  private static final int NEAREST = 4;

  /**
   * The node that is nearest on the level above lies in a cluster with no way to the one that holds
   * the nearest of all; the second nearest lies in that.
   */
  @Test
  void setsOutFromSeveralNodesOfTheLevelAbove() {
    VectorArena line = line(10, 1, -1.5f, 0.9f, -0.1f);
    HnswGraph graph = new HnswGraph(2);
    for (int level : new int[] {1, 1, 1, 0, 0}) {
      graph.add(level);
    }
    link(graph, 1, ENTRY, NEAR_ABOVE, FARTHER_ABOVE);
    link(graph, 1, NEAR_ABOVE, ENTRY);
    link(graph, 1, FARTHER_ABOVE, ENTRY);
    link(graph, 0, ENTRY, NEAR_ABOVE);
    link(graph, 0, NEAR_ABOVE, BESIDE_NEAR);
    link(graph, 0, BESIDE_NEAR, NEAR_ABOVE);
    link(graph, 0, FARTHER_ABOVE, NEAREST);
    link(graph, 0, NEAREST, FARTHER_ABOVE);
    Scorer scorer = line.scorer();
    scorer.query(new float[] {0});
    GraphSearch search = new GraphSearch();
    search.beginFromAbove(graph, scorer, 0, 3, CandidatePool.ANY);
    search.run(graph, scorer, 0);
    assertThat(ordinals(search)).containsExactly(NEAREST, BESIDE_NEAR, NEAR_ABOVE);
  }

  @Test
  void setsOutFromTheEntryPointWhereThereIsNoLevelAbove() {
    VectorArena line = line(10, 1);
    HnswGraph graph = new HnswGraph(2);
    graph.add(0);
    graph.add(0);
    link(graph, 0, 0, 1);
    link(graph, 0, 1, 0);
    Scorer scorer = line.scorer();
    scorer.query(new float[] {0});
    GraphSearch search = new GraphSearch();
    search.beginFromAbove(graph, scorer, 0, 1, CandidatePool.ANY);
    search.run(graph, scorer, 0);
    assertThat(ordinals(search)).containsExactly(1);
  }

  /** Its links are there already, and perhaps not all of them. */
  @Test
  void aNodeThatIsBeingLinkedIsInTheTail() {
    VectorArena line = line(1, 2, 0.1f);
    HnswGraph graph = new HnswGraph(2);
    graph.add(1);
    graph.add(1);
    graph.prepare(1);
    for (int level = 0; level < 2; level++) {
      link(graph, level, 0, 1, 2);
      link(graph, level, 1, 0, 2);
      link(graph, level, 2, 0, 1);
    }
    Scorer scorer = line.scorer();
    scorer.query(new float[] {0});
    GraphSearch search = new GraphSearch();
    search.beginFromAbove(graph, scorer, 0, 3, CandidatePool.ANY);
    search.run(graph, scorer, 0);
    assertThat(ordinals(search)).containsExactly(0, 1);
    assertThat(search.limit()).isEqualTo(2);

    graph.commit();
    search.beginFromAbove(graph, scorer, 0, 3, CandidatePool.ANY);
    search.run(graph, scorer, 0);
    assertThat(ordinals(search)).containsExactly(2, 0, 1);
    assertThat(search.limit()).isEqualTo(3);
  }

  /** No list names such a node; a search that met one all the same would have no list to read. */
  @Test
  void aNodeThatIsNotOnTheLevelLeadsNowhere() {
    VectorArena line = line(2, 1, 0.1f);
    HnswGraph graph = new HnswGraph(2);
    for (int level : new int[] {1, 0, HnswGraph.ABSENT}) {
      graph.add(level);
    }
    link(graph, 1, 0, 1, 2);
    link(graph, 0, 0, 1);
    Scorer scorer = line.scorer();
    scorer.query(new float[] {0});
    GraphSearch search = new GraphSearch();
    search.beginFromAbove(graph, scorer, 0, 3, new long[] {0b011});
    search.run(graph, scorer, 0);
    assertThat(ordinals(search)).containsExactly(1, 0);
  }

  private static int[] ordinals(GraphSearch search) {
    return Arrays.stream(search.nearest(3)).mapToInt(Candidate::ordinal).toArray();
  }

  private static void link(HnswGraph graph, int level, int from, int... to) {
    graph.setNeighbors(from, level, to, 0, to.length);
  }

  private static VectorArena line(float... points) {
    VectorArena arena = new HeapArena(1, Metric.L2, new ScalarKernel());
    arena.reserve(points.length);
    for (int i = 0; i < points.length; i++) {
      byte[] bytes = new byte[4];
      LittleEndian.putFloats(points, i, bytes, 0, 1);
      arena.read(i, 0, bytes, 0, 1);
      arena.settle(i);
    }
    return arena;
  }
}
