package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.Metric;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NodesByVectorTest {

  private static final int M = 4;

  private VectorArena arena = HeapArena.SCALAR.create(2, Metric.L2);
  private HnswGraph graph = new HnswGraph(M);
  private GraphMaintenance maintenance = new GraphMaintenance(graph, arena, 20);
  private long[] dead = new long[1000];
  private int count;

  private void add(float... vector) {
    arena.reserve(count + 1);
    byte[] bytes = new byte[8];
    LittleEndian.putFloats(vector, 0, bytes, 0, 2);
    arena.read(count, 0, bytes, 0, 2);
    arena.settle(count++);
  }

  private void delete(int ordinal) {
    dead = dead.clone(); // Another array whenever there are more.
    Bits.set(dead, ordinal);
  }

  private void index() {
    while (maintenance.plan(count, dead)) {
      maintenance.apply();
    }
  }

  private int find(float... vector) {
    return graph.nodes().find(vector, graph, arena);
  }

  /** As a checkpoint does it. */
  private void leaveBehindTheAbsent() {
    long[] drop = new long[dead.length];
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      if (graph.level(ordinal) == HnswGraph.ABSENT) {
        Bits.set(drop, ordinal);
      }
    }
    VectorArena compact = HeapArena.SCALAR.create(2, Metric.L2);
    compact.reserve(count);
    long[] stillDead = new long[dead.length];
    int to = 0;
    for (int from = 0; from < count; from++) {
      if (!Bits.get(drop, from)) {
        compact.copy(arena, from, to);
        if (Bits.get(dead, from)) {
          Bits.set(stillDead, to);
        }
        to++;
      }
    }
    graph = graph.without(drop);
    arena = compact;
    dead = stillDead;
    count = to;
    maintenance = new GraphMaintenance(graph, arena, 20);
  }

  /** What a step must find, and must not, by scoring every vector. */
  private void checkAll() {
    Map<List<Float>, Integer> nodes = new HashMap<>();
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      if (graph.level(ordinal) >= 0) {
        float[] vector = arena.get(ordinal);
        assertThat(nodes.put(List.of(vector[0], vector[1]), ordinal)).as("two nodes").isNull();
      }
    }
    for (int ordinal = 0; ordinal < count; ordinal++) {
      float[] vector = arena.get(ordinal);
      int expected = nodes.getOrDefault(List.of(vector[0], vector[1]), NodesByVector.NONE);
      assertThat(find(vector)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsEveryNodeWhateverWasDone(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    int places = 4 + random.nextInt(60);
    for (int step = 0; step < 3000; step++) {
      int choice = random.nextInt(100);
      if (choice < 60) {
        add(random.nextInt(places), random.nextInt(places));
      } else if (choice < 90 && count > 0) {
        delete(random.nextInt(count));
      } else if (choice < 97) {
        index();
        assertThat(graph.isLookupBehind()).isFalse();
        checkAll();
      } else {
        index();
        leaveBehindTheAbsent();
        assertThat(graph.isLookupBehind()).isFalse();
        checkAll();
      }
    }
  }

  /** A stored graph comes without it. */
  @Test
  void aGraphThatWasReadIsCaughtUpWithInSteps() {
    for (int i = 0; i < 2000; i++) {
      add(i, 1);
      graph.add(i == 0 ? 1 : 0);
    }
    assertThat(find(7, 1)).isEqualTo(NodesByVector.NONE);
    assertThat(graph.isLookupBehind()).isTrue();
    assertThat(maintenance.plan(count, dead)).isTrue();
    assertThat(maintenance.isExclusive()).isFalse();
    maintenance.apply();
    assertThat(find(7, 1)).isEqualTo(7);
    assertThat(find(1999, 1)).isEqualTo(NodesByVector.NONE);
    long version = graph.version();
    index();
    assertThat(find(1999, 1)).isEqualTo(1999);
    assertThat(graph.version()).as("nothing to store").isEqualTo(version);
  }

  /** Halfway through, ordinals move: it goes on where it was. */
  @Test
  void movesWhatItKnowsAndGoesOnBehindIt() {
    for (int i = 0; i < 2000; i++) {
      add(i, 1);
      graph.add(i % 3 == 0 ? HnswGraph.ABSENT : 0);
    }
    maintenance.plan(count, dead);
    maintenance.apply();
    int known = graph.nodes().size();
    assertThat(known).isBetween(1, 1999);
    leaveBehindTheAbsent();
    assertThat(graph.nodes().size()).isBetween(known / 2, known * 3 / 4);
    assertThat(find(1, 1)).isZero();
    assertThat(find(1999, 1)).isEqualTo(NodesByVector.NONE);
    index();
    checkAll();
  }

  /** What is kept of a component before the next one is mixed in: the hash of it alone, undone. */
  private static int mixedIn(float component) {
    int inverse =
        BigInteger.valueOf(31 * 31 * 31).modInverse(BigInteger.ONE.shiftLeft(32)).intValue();
    return Vectors.hash(new float[] {component}) * inverse;
  }

  @Test
  void vectorsWithTheSameHashAreKeptApart() {
    List<float[]> same = new ArrayList<>();
    int wanted = Vectors.hash(new float[] {1, 2});
    for (int i = 1; same.size() < 300; i++) {
      // The second component turns back what the first one made other.
      int mixed = mixedIn(i) ^ mixedIn(1);
      float[] vector = {i, Float.intBitsToFloat(Float.floatToRawIntBits(2) ^ mixed)};
      if (Float.isFinite(vector[1]) && Math.abs(vector[1]) < 1e18) {
        assertThat(Vectors.hash(vector)).isEqualTo(wanted);
        same.add(vector);
      }
    }
    for (float[] vector : same) {
      graph.add(0);
      add(vector);
      graph.nodes().add(graph, arena);
    }
    for (int i = 0; i < 300; i++) {
      assertThat(find(same.get(i))).isEqualTo(i);
    }
  }

  /** Zeros of both signs are two vectors, as they are to whoever stored them. */
  @Test
  void tellsZerosOfBothSigns() {
    add(0f, 1);
    add(-0f, 1);
    index();
    assertThat(find(0f, 1)).isZero();
    assertThat(find(-0f, 1)).isEqualTo(1);
  }

  @Test
  void hashesOfSimpleVectorsDiffer() {
    int[] hashes = new int[768 + 64 * 64];
    for (int i = 0; i < 768; i++) {
      float[] vector = new float[768];
      vector[i] = 1;
      hashes[i] = Vectors.hash(vector);
    }
    for (int i = 0; i < 64 * 64; i++) {
      hashes[768 + i] = Vectors.hash(new float[] {i / 64, i % 64, 1});
    }
    assertThat(Arrays.stream(hashes).distinct().count()).isGreaterThan(hashes.length - 10);
  }
}
