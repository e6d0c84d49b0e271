package org.edgevec.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint did to the ordinals when it left dead entries behind, and what the next one
 * did. Who holds one that is not the last finds out by it where an ordinal is now.
 */
final class Renumbering {

  /** The ordinals that were left behind, as bits. */
  final long[] drop;

  @Nullable Renumbering next;

  Renumbering(long[] drop) {
    this.drop = drop;
  }
}
