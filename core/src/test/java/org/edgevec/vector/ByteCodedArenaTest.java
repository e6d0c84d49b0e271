package org.edgevec.vector;

import org.edgevec.Metric;
import org.edgevec.index.ByteCodedArena;
import org.junit.jupiter.api.Test;

/** The bounds hold with codes made and summed in the plainest way, too. */
final class ByteCodedArenaTest {

  @Test
  void aWalkerIsNeverBelowItsScorer() {
    new WalkerCheck((int dimension, Metric metric) -> new ByteCodedArena(dimension, metric)).run();
  }
}
