package org.edgevec.engine;

import org.edgevec.Platform;

/**
 * Holds writers back while searches would suffer from what they write.
 *
 * <p>A search scans the tail. While searches come and the tail is long, a writer goes no faster
 * than it gets shorter: before it puts as many entries more, it waits until twice as many are
 * linked, or the tail is short. It goes on as soon as the database is closed, linking fails or gets
 * nowhere, or no search has come for a second; it holds nothing meanwhile that any of these needs.
 */
final class HeldWriters {

  /**
   * Up to here, scanning the tail takes a search about as long as the graph does. While searches
   * come, a longer one holds writers back.
   */
  private static final int HELD_TAIL = 1000;

  /** For so long after a search the next one is expected. */
  private static final long SEARCHED_NANOS = 1_000_000_000;

  /** After so many looks in which no slice ended it goes on, whatever the clock shows. */
  private static final int MAX_IDLE_LOOKS = 20;

  /** So long after the tail became shorter last, the writer goes on. */
  private static final long MAX_IDLE_NANOS = 1_000_000_000;

  private final Platform platform;
  private volatile boolean isSearched;
  private volatile long lastSearchNanos;

  HeldWriters(Platform platform) {
    this.platform = platform;
  }

  /**
   * Takes notice of a search that is about to begin.
   *
   * @param tail how many entries it has to scan
   */
  void beforeSearch(int tail) {
    if (tail > HELD_TAIL) {
      lastSearchNanos = platform.nanoTime();
      isSearched = true;
    }
  }

  /** Whether a search had to scan a long tail not long ago. */
  boolean isSearched() {
    return isSearched;
  }

  private boolean isStillSearched() {
    boolean isStill = platform.nanoTime() - lastSearchNanos < SEARCHED_NANOS;
    if (!isStill) {
      isSearched = false;
    }
    return isStill;
  }

  /**
   * Holds a write back while searches would suffer from it; not before the first slice, since there
   * may be nobody who works.
   *
   * @param puts how many entries it adds
   */
  void beforeWrite(int puts, IndexMaintenance indexing) {
    if (isSearched && puts > 0 && indexing.slices() > 0) {
      awaitShorterTail(puts, indexing);
    }
  }

  private void awaitShorterTail(int puts, IndexMaintenance indexing) {
    int tail = heldTail(indexing);
    // Of a tail that other writers make longer, what they add counts against all alike.
    long enough = tail - 2L * puts;
    int least = tail;
    long leastNanos = platform.nanoTime();
    long seen = indexing.slices();
    int idleLooks = 0;
    while (tail > Math.max(HELD_TAIL, enough)
        && platform.nanoTime() - leastNanos < MAX_IDLE_NANOS
        && idleLooks < MAX_IDLE_LOOKS
        && indexing.pauseHeld()) {
      tail = heldTail(indexing);
      long now = indexing.slices();
      idleLooks = now == seen ? idleLooks + 1 : 0;
      seen = now;
      if (tail < least) {
        least = tail;
        leastNanos = platform.nanoTime();
      }
    }
  }

  /** How long the tail is, or 0 if there is no reason to wait for it. */
  private int heldTail(IndexMaintenance indexing) {
    return isStillSearched() ? indexing.awaitedTail() : 0;
  }
}
