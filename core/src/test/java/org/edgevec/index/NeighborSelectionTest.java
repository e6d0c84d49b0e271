package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.quant.ByteCodedArena;
import org.edgevec.vector.ForwardingArena;
import org.edgevec.vector.ForwardingScorer;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Neighbours chosen with the help of bounds are those that the definition has, which compares every
 * pair by the vectors themselves.
 */
final class NeighborSelectionTest {

  private static final int COUNT = 90;
  private static final int DIMENSION = 6;

  /** What the vectors are like. */
  private enum Shape {
    PLAIN {
      @Override
      float component(int ordinal, int index, SplitMix64 random) {
        return uniform(random);
      }
    },
    /** Many pairs are equally far apart. */
    GRID {
      @Override
      float component(int ordinal, int index, SplitMix64 random) {
        return 1 + ((random.nextLong() >>> 1) % 3);
      }
    },
    /** Codes tell nothing within a group. */
    GROUPS {
      @Override
      float component(int ordinal, int index, SplitMix64 random) {
        return ((ordinal % 7) * (index + 3)) % 5 + 1 + 1e-4f * uniform(random);
      }
    },
    /** The same for each pair: all are equally near. */
    ONE_HOT {
      @Override
      float component(int ordinal, int index, SplitMix64 random) {
        return ordinal % DIMENSION == index ? 1 : 0;
      }
    },
    LONG_AND_SHORT {
      @Override
      float component(int ordinal, int index, SplitMix64 random) {
        return (1 + ordinal) * (uniform(random) - 0.5f);
      }
    };

    abstract float component(int ordinal, int index, SplitMix64 random);
  }

  private static float uniform(SplitMix64 random) {
    return (random.nextLong() >>> 40) / (float) (1 << 24);
  }

  private static Stream<Arguments> shapes() {
    return Arrays.stream(Metric.values())
        .flatMap(metric -> Arrays.stream(Shape.values()).map(shape -> Arguments.of(metric, shape)));
  }

  private static VectorArena filled(VectorArena arena, Shape shape) {
    SplitMix64 random = new SplitMix64(3);
    arena.reserve(COUNT);
    byte[] bytes = new byte[4 * DIMENSION];
    for (int ordinal = 0; ordinal < COUNT; ordinal++) {
      float[] vector = new float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] = shape.component(ordinal, i, random);
      }
      LittleEndian.putFloats(vector, 0, bytes, 0, DIMENSION);
      arena.read(ordinal, 0, bytes, 0, DIMENSION);
      arena.settle(ordinal);
    }
    return arena;
  }

  private static long[] scored(Scorer scorer, int node, int from, int to) {
    List<Long> candidates = new ArrayList<>();
    for (int ordinal = from; ordinal < to; ordinal++) {
      if (ordinal != node) {
        candidates.add(Candidate.pack(scorer.nearness(ordinal), ordinal));
      }
    }
    long[] sorted = candidates.stream().mapToLong(Long::longValue).toArray();
    TopK.sortDescending(sorted);
    return sorted;
  }

  private static boolean isNearer(float a, int tieA, float b, int tieB) {
    return a == b ? tieA < tieB : a > b;
  }

  /** The definition, a pair at a time. */
  private static long[] defined(
      VectorArena arena, int node, long[] candidates, int max, int fillTo) {
    Scorer toNode = arena.linker();
    Scorer toChosen = arena.linker();
    toNode.query(node);
    List<Integer> order = new ArrayList<>();
    for (long candidate : candidates) {
      order.add(Candidate.ordinal(candidate));
    }
    order.sort(
        (a, b) -> {
          int byNearness = Float.compare(toNode.nearness(b), toNode.nearness(a));
          return byNearness != 0
              ? byNearness
              : Integer.compare(NeighborSelection.tie(a, node), NeighborSelection.tie(b, node));
        });
    List<Integer> chosen = new ArrayList<>();
    List<Integer> passed = new ArrayList<>();
    for (int ordinal : order) {
      boolean isPassedOver = false;
      for (int other : chosen) {
        toChosen.query(other);
        isPassedOver |=
            isNearer(
                toChosen.nearness(ordinal),
                NeighborSelection.tie(ordinal, other),
                toNode.nearness(ordinal),
                NeighborSelection.tie(ordinal, node));
      }
      if (isPassedOver) {
        passed.add(ordinal);
      } else if (chosen.size() < max) {
        chosen.add(ordinal);
      }
    }
    for (int i = 0; i < passed.size() && chosen.size() < Math.min(max, fillTo); i++) {
      chosen.add(passed.get(i));
    }
    return chosen.stream()
        .mapToLong(ordinal -> Candidate.pack(toNode.nearness(ordinal), ordinal))
        .toArray();
  }

  /**
   * Every node, with candidates of which all, some or none have their exact nearness, at several
   * numbers of neighbours.
   */
  @ParameterizedTest
  @MethodSource("shapes")
  void boundsChangeNothing(Metric metric, Shape shape) {
    VectorArena plain = filled(HeapArena.SCALAR.create(DIMENSION, metric), shape);
    VectorArena coded = filled(new ByteCodedArena(DIMENSION, metric), shape);
    NeighborSelection byVectors = new NeighborSelection(plain);
    NeighborSelection byBounds = new NeighborSelection(coded);
    Scorer scorer = coded.linker();
    Scorer walker = coded.walker(scorer);
    Rescoring rescoring = new Rescoring();
    for (int node = 0; node < COUNT; node++) {
      walker.query(node);
      for (int max : new int[] {1, 4, 16, 200}) {
        int fillTo = max / 2 * (node % 3);
        int from = node % 5 == 0 ? 0 : node / 2;
        long[] exact = scored(scorer, node, from, COUNT);
        long[] expected = defined(plain, node, exact, max, fillTo);
        assertThat(byVectors.select(node, exact.clone(), max, fillTo)).isEqualTo(expected);
        assertThat(byBounds.select(node, exact.clone(), max, fillTo)).isEqualTo(expected);
        for (int first : new int[] {1, 3, 16, COUNT}) {
          long[] found = rescoring.nearestFirst(scored(walker, node, from, COUNT), scorer, first);
          float[] slack = new float[found.length];
          for (int i = rescoring.scored(); i < slack.length; i++) {
            slack[i] = walker.slack(Candidate.ordinal(found[i]));
          }
          assertThat(byBounds.select(node, found, slack, scorer, max, fillTo))
              .as("%s, node %s, %s of %s, %s exact", shape, node, max, found.length, first)
              .isEqualTo(expected);
        }
      }
    }
  }

  /** Most pairs of ordinary vectors are not scored by the vectors themselves. */
  @Test
  void boundsDecideMost() {
    long[] scored = new long[1];
    VectorArena arena =
        new CountingArena(filled(new ByteCodedArena(DIMENSION, Metric.L2), Shape.PLAIN), scored);
    NeighborSelection selection = new NeighborSelection(arena);
    Scorer scorer = arena.linker();
    Scorer walker = arena.walker(scorer);
    long pairs = 0;
    for (int node = 0; node < COUNT; node++) {
      walker.query(node);
      long[] bounds = scored(walker, node, 0, COUNT);
      float[] slack = new float[bounds.length];
      for (int i = 0; i < slack.length; i++) {
        slack[i] = walker.slack(Candidate.ordinal(bounds[i]));
      }
      pairs += (long) bounds.length * selection.select(node, bounds, slack, scorer, 16, 0).length;
    }
    assertThat(scored[0]).isPositive().isLessThan(pairs / 4);
  }

  /** Counts what is scored exactly. */
  private static final class CountingArena extends ForwardingArena {
    private final long[] count;

    CountingArena(VectorArena inner, long[] count) {
      super(inner);
      this.count = count;
    }

    @Override
    public Scorer scorer() {
      return new Counting(inner.scorer(), count);
    }

    @Override
    public Scorer linker() {
      return scorer();
    }
  }

  private static final class Counting extends ForwardingScorer {
    private final long[] count;

    Counting(Scorer inner, long[] count) {
      super(inner);
      this.count = count;
    }

    @Override
    public float nearness(int ordinal) {
      count[0]++;
      return super.nearness(ordinal);
    }

    @Override
    public void nearness(int[] ordinals, int wanted, float[] nearness) {
      count[0] += wanted;
      super.nearness(ordinals, wanted, nearness);
    }
  }
}
