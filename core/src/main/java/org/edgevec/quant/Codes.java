package org.edgevec.quant;

import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * The codes of an arena's vectors by ordinal, in rows as {@link CodeLayout} has them: what a
 * platform brings. Ordinals have room when the arena has and {@link #reserve} was called.
 *
 * <p>Threads may read as of {@link VectorArena}.
 */
public interface Codes {

  /** For how many ordinals there is room. */
  int capacity();

  /** Makes room for ordinals below {@code count}; the arena has made its own. */
  void reserve(int count);

  /** Gives back room for ordinals from {@code count} on, as far as that is possible. */
  void shrink(int count);

  /** Takes a row from codes of the same platform, dimension and metric. */
  void copy(Codes source, int from, int to);

  /**
   * Makes the codes of a vector of the arena. Behind them only {@link CodeLayout#ERROR} is set: to
   * the sum of the squares of what components in units lost by rounding.
   *
   * @return the largest absolute value of its components
   */
  float encode(int ordinal);

  /** One of the floats behind the codes, which {@link CodeLayout} names. */
  float number(int ordinal, int which);

  /** Sets all of them. */
  void setNumbers(int ordinal, float factor, float addend, float error, float norm);

  /**
   * A query's place; one for each walker.
   *
   * @param scorer of the arena, which gets every query first
   */
  CodeQuery query(Scorer scorer);
}
