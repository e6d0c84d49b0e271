package org.edgevec.quant;

import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Kernel;
import org.jspecify.annotations.Nullable;

/** A kernel for floats in arrays that has codes for them, too. */
public interface CodingKernel extends Kernel {

  /** Codes of an arena's vectors; null where vectors themselves are scored as quickly. */
  @Nullable Codes codes(HeapArena vectors);
}
