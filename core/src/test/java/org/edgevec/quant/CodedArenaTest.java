package org.edgevec.quant;

import org.edgevec.Metric;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.VectorArenaContract;

/** An arena with codes is an arena, and its walkers keep their word. */
final class CodedArenaTest extends VectorArenaContract {

  @Override
  protected VectorArena create(int dimension, Metric metric) {
    return new ByteCodedArena(dimension, metric);
  }
}
