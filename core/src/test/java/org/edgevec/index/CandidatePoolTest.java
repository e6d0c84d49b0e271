package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.edgevec.bytes.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CandidatePoolTest {

  private static final int ORDINALS = 5000;

  /** The same, in the simplest way. */
  private static final class Model {
    final TreeSet<Long> all = new TreeSet<>(Comparator.reverseOrder());
    final Set<Long> expanded = new HashSet<>();
    final int limit;
    final int maxRank;
    final Set<Integer> dead;

    Model(int limit, int maxRank, Set<Integer> dead) {
      this.limit = limit;
      this.maxRank = maxRank;
      this.dead = dead;
    }

    long[] nearest(int max) {
      return all.stream()
          .filter(candidate -> !dead.contains(Candidate.ordinal(candidate)))
          .limit(Math.min(max, limit))
          .mapToLong(candidate -> candidate)
          .toArray();
    }

    long floor() {
      long[] kept = nearest(limit);
      return kept.length < limit ? CandidatePool.NONE : kept[limit - 1];
    }

    void offer(long candidate) {
      all.add(candidate);
      long floor = floor();
      all.removeIf(other -> other < floor);
    }

    long expand() {
      int nearer = 0;
      for (long candidate : all) {
        if (nearer >= maxRank) {
          return CandidatePool.NONE;
        }
        if (expanded.add(candidate)) {
          return candidate;
        }
        nearer += dead.contains(Candidate.ordinal(candidate)) ? 0 : 1;
      }
      return CandidatePool.NONE;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 23, 24, 25, 26, 60, 200, 900})
  void isAsTheSimplestWay(int limit) {
    SplitMix64 random = new SplitMix64(limit);
    CandidatePool pool = new CandidatePool();
    for (int round = 0; round < 3; round++) {
      compare(pool, new Model(limit, Integer.MAX_VALUE, Set.of()), random);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 24, 25, 60})
  void onlyTheNearestOfThoseThatAreKeptAreExpanded(int limit) {
    SplitMix64 random = new SplitMix64(limit);
    CandidatePool pool = new CandidatePool();
    Set<Integer> everyThird = new HashSet<>();
    for (int ordinal = 0; ordinal < ORDINALS; ordinal += 3) {
      everyThird.add(ordinal);
    }
    for (int maxRank : new int[] {1, (limit + 1) / 2, limit}) {
      compare(pool, new Model(limit, maxRank, Set.of()), random);
      compare(pool, new Model(limit, maxRank, everyThird), random);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 24, 25, 60, 200})
  void theDeadAreExpandedAndTakeNoRoom(int limit) {
    SplitMix64 random = new SplitMix64(limit);
    CandidatePool pool = new CandidatePool();
    for (int percent : new int[] {20, 95, 100}) {
      Set<Integer> dead = new HashSet<>();
      for (int ordinal = 0; ordinal < ORDINALS; ordinal++) {
        if (random.nextInt(100) < percent) {
          dead.add(ordinal);
        }
      }
      compare(pool, new Model(limit, Integer.MAX_VALUE, dead), random);
    }
  }

  private static void compare(CandidatePool pool, Model model, SplitMix64 random) {
    long[] accepted = CandidatePool.ANY;
    if (!model.dead.isEmpty()) {
      accepted = new long[ORDINALS / 64 + 1];
      Arrays.fill(accepted, -1);
      for (int ordinal : model.dead) {
        accepted[ordinal >>> 6] &= ~(1L << ordinal);
      }
    }
    pool.begin(model.limit, model.maxRank, accepted);
    int offers = Math.min(ORDINALS, 4 * model.limit + 20);
    for (int ordinal = 0; ordinal < offers; ordinal++) {
      // Of few values, so that some are equally near.
      long candidate = Candidate.pack(random.nextInt(offers / 2), ordinal);
      assertThat(pool.floor()).isEqualTo(model.floor());
      if (candidate > pool.floor()) {
        pool.offer(candidate);
        model.offer(candidate);
      }
      if (random.nextInt(3) == 0) {
        assertThat(pool.expand()).isEqualTo(model.expand());
      }
    }
    for (long next = pool.expand(); next != CandidatePool.NONE; next = pool.expand()) {
      assertThat(next).isEqualTo(model.expand());
    }
    assertThat(model.expand()).isEqualTo(CandidatePool.NONE);
    assertThat(pool.nearest(3)).isEqualTo(model.nearest(3));
    assertThat(pool.nearest(Integer.MAX_VALUE)).isEqualTo(model.nearest(Integer.MAX_VALUE));
  }

  @Test
  void ordinalsUpToTheLastAreMarkedAndGivenBack() {
    CandidatePool pool = new CandidatePool();
    pool.begin(2, Integer.MAX_VALUE, CandidatePool.ANY);
    long last = Candidate.pack(1, Integer.MAX_VALUE);
    long first = Candidate.pack(1, 0);
    pool.offer(last);
    assertThat(pool.expand()).isEqualTo(last);
    pool.offer(first);
    assertThat(pool.expand()).isEqualTo(first);
    assertThat(pool.expand()).isEqualTo(CandidatePool.NONE);
    assertThat(pool.nearest(2)).containsExactly(first, last);
  }
}
