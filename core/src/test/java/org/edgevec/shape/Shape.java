package org.edgevec.shape;

import org.edgevec.Metric;

/**
 * A kind of data: what vectors are drawn, and in which order they come.
 *
 * @param name for people, and for finding it again
 * @param maker begins such data
 */
public record Shape(String name, Maker maker) {

  /** Begins data of a shape. */
  @FunctionalInterface
  interface Maker {
    Source begin(Space space);
  }

  /**
   * What all vectors of a cell have in common.
   *
   * @param count how many vectors are stored
   * @param chance what all is drawn from, in a fixed order
   */
  record Space(int dimension, int count, Metric metric, Chance chance) {}

  /** Draws vectors, each array a new one. */
  interface Source {

    /** The vector that is stored at a place; the places come in their order. */
    float[] stored(int index);

    /** A query of the same kind; asked for after all that is stored. */
    float[] heldOut();
  }

  @Override
  public String toString() {
    return name;
  }
}
