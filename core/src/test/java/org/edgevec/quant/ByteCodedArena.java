package org.edgevec.quant;

import org.edgevec.Metric;
import org.edgevec.vector.ForwardingArena;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;

/** Byte codes as the platforms have them, made and summed in the plainest way. */
public final class ByteCodedArena extends ForwardingArena {

  /** An empty arena. */
  public ByteCodedArena(int dimension, Metric metric) {
    super(coded((HeapArena) HeapArena.SCALAR.create(dimension, metric)));
  }

  private static VectorArena coded(HeapArena vectors) {
    return new CodedArena(vectors, vectors.extremes(), new PlainCodes(vectors));
  }
}
