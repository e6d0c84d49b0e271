package org.edgevec.shape;

import org.edgevec.vector.ForwardingArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * An arena whose graph is walked and linked by the vectors themselves, never by coarser copies of
 * them: what the other ways are compared with.
 */
public final class FloatArena extends ForwardingArena {

  private FloatArena(VectorArena vectors) {
    super(vectors);
  }

  /** Arenas as another factory makes them, so walked. */
  public static Factory factory(Factory vectors) {
    return (dimension, metric) -> new FloatArena(vectors.create(dimension, metric));
  }

  @Override
  public Scorer walker(Scorer scorer) {
    return scorer;
  }

  @Override
  public Scorer linker() {
    return scorer();
  }
}
