package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.bytes.Bits;

/**
 * The nearest candidates that a walk has met, in order, and which of them it has expanded: one list
 * instead of a heap of what is to be expanded and another of what is kept, since whatever is not
 * kept need not be expanded (the search list of Vamana, Subramanya et al., 2019).
 *
 * <p>New ones are sorted into a short second list, which is merged into the first when it is full,
 * so that a long pool is not moved for each of them.
 *
 * <p>Candidates that are not <em>accepted</em>, dead ones among others, lead on: they are expanded
 * in their turn, but take no room and are not found. Not thread-safe.
 */
public final class CandidatePool {

  /** No candidate: less than any. */
  public static final long NONE = Long.MIN_VALUE;

  /**
   * The bits of a search that accepts whatever it meets. Not null: TeaVM crashes on a method into
   * which it has inlined a null array.
   */
  @SuppressWarnings("MutablePublicArray") // it has no elements
  public static final long[] ANY = {};

  /** Set in every {@link Candidate}; cleared here while a candidate is expanded. */
  private static final long OPEN = 1L << 31;

  private static final int MIN_RECENT = 24;

  /** So many are hardly ever equally near by chance. */
  private static final int MIN_LEVEL = 8;

  private int limit;
  private int maxRank;
  private long[] accepted = ANY;

  /** Whether {@link #accepted} is a copy of its own. */
  private boolean isCopied;

  /** How many there are that are accepted. */
  private int kept;

  private long floor;

  /** The largest first, from index 1; nothing is larger than what is at 0. */
  private long[] sorted = new long[64];

  private int sortedSize;

  /** Before this index all are expanded. */
  private int next;

  /** The same again, for the new ones. */
  private long[] recent = new long[MIN_RECENT + 2];

  private int recentSize;
  private int recentNext;
  private int recentLimit;

  CandidatePool() {
    sorted[0] = Long.MAX_VALUE;
    recent[0] = Long.MAX_VALUE;
  }

  /**
   * Empties it.
   *
   * @param maxKept how many are kept from now on, at least 1
   * @param maxExpandedRank of these only so many, the nearest, are given out to be expanded
   * @param acceptedBits bits of ordinals; others lead on and take no room; or {@link #ANY}
   */
  void begin(int maxKept, int maxExpandedRank, long[] acceptedBits) {
    limit = maxKept;
    maxRank = maxExpandedRank;
    accepted = acceptedBits;
    isCopied = false;
    kept = 0;
    floor = NONE;
    sortedSize = 0;
    next = 1;
    recentSize = 0;
    recentNext = 1;
    // Moving the first list costs its length for every so many, sorting into the second its own.
    recentLimit = Math.max(MIN_RECENT, (int) Math.sqrt(maxKept));
    if (recent.length < recentLimit + 2) {
      recent = Arrays.copyOf(recent, recentLimit + 2);
    }
  }

  /** What is not above this value need not be offered any more, and what was is not kept. */
  long floor() {
    return floor;
  }

  /** Takes a candidate that is above the floor and is not here yet. */
  void offer(long candidate) {
    if (accepted.length > 0 && leadsOnly(candidate)) {
      insert(candidate);
    } else {
      if (kept == limit) {
        removeLast();
      } else {
        kept++;
      }
      insert(candidate);
    }
    if (kept == limit) {
      while (accepted.length > 0 && leadsOnly(last())) {
        removeLast();
      }
      floor = last();
    }
  }

  /** Whether an ordinal is accepted. */
  boolean accepts(int ordinal) {
    return accepted.length == 0 || Bits.get(accepted, ordinal);
  }

  /** Accepts an ordinal as well, as long as this search lasts. */
  void accept(int ordinal) {
    if (!isCopied) {
      isCopied = true;
      accepted = accepted.clone();
    }
    Bits.set(accepted, ordinal);
  }

  private boolean leadsOnly(long candidate) {
    return !Bits.get(accepted, Candidate.ordinal(candidate));
  }

  private long last() {
    return Math.min(sorted[sortedSize] | OPEN, recent[recentSize] | OPEN);
  }

  private void removeLast() {
    if ((sorted[sortedSize] | OPEN) < (recent[recentSize] | OPEN)) {
      sortedSize--;
    } else {
      recentSize--;
    }
  }

  private void insert(long candidate) {
    int at = recentSize++;
    while ((recent[at] | OPEN) < candidate) {
      recent[at + 1] = recent[at];
      at--;
    }
    recent[at + 1] = candidate;
    recentNext = Math.min(recentNext, at + 1);
    if (recentSize > recentLimit) {
      merge();
    }
  }

  private void merge() {
    int to = sortedSize + recentSize;
    if (sorted.length <= to) {
      sorted = Arrays.copyOf(sorted, Math.max(to + 1, 2 * sorted.length));
    }
    int from = sortedSize;
    sortedSize = to;
    while (recentSize > 0) {
      if ((sorted[from] | OPEN) < (recent[recentSize] | OPEN)) {
        sorted[to--] = sorted[from--];
      } else {
        sorted[to--] = recent[recentSize--];
      }
    }
    next = Math.min(next, to + 1);
    recentNext = 1;
  }

  /**
   * Gives out the nearest candidate that it has not given out yet, to be expanded.
   *
   * @return {@link #NONE} if there is no other
   */
  long expand() {
    skipExpanded();
    // A new one may be nearer than some that were expanded before: then its rank is less than that.
    if (next + recentNext - 1 > maxRank && isBeyondRank()) {
      return NONE;
    }
    long nearest = next <= sortedSize ? sorted[next] : NONE;
    if (recentNext <= recentSize && recent[recentNext] > nearest) {
      nearest = recent[recentNext];
      recent[recentNext++] = nearest & ~OPEN;
    } else if (nearest != NONE) {
      sorted[next++] = nearest & ~OPEN;
    }
    return nearest;
  }

  private void skipExpanded() {
    while (next <= sortedSize && (sorted[next] & OPEN) == 0) {
      next++;
    }
    while (recentNext <= recentSize && (recent[recentNext] & OPEN) == 0) {
      recentNext++;
    }
  }

  /** Whether as many are kept as may be expanded that are nearer than the next one. */
  private boolean isBeyondRank() {
    merge();
    skipExpanded();
    int rank = 1;
    for (int i = 1; i < next; i++) {
      rank += accepted.length > 0 && leadsOnly(sorted[i] | OPEN) ? 0 : 1;
    }
    return rank > maxRank;
  }

  /**
   * Whether as many are kept as may be, and half of them, {@value #MIN_LEVEL} at least and all from
   * a rank on, are equally near. What was turned away may be so as well, and lead to something
   * nearer.
   *
   * @param rank from 1
   */
  boolean isLevelFrom(int rank) {
    int first = Math.min(rank, limit - Math.max(MIN_LEVEL, limit / 2) + 1);
    return kept == limit
        && first > 0
        && Candidate.nearness(nearest(first)[first - 1]) == Candidate.nearness(floor);
  }

  /** What is kept, the nearest first, at most {@code max}. */
  long[] nearest(int max) {
    merge();
    long[] result = new long[Math.min(max, kept)];
    int count = 0;
    for (int i = 1; count < result.length; i++) {
      long candidate = sorted[i] | OPEN;
      if (accepted.length == 0 || !leadsOnly(candidate)) {
        result[count++] = candidate;
      }
    }
    return result;
  }
}
