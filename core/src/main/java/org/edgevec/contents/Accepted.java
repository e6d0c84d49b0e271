package org.edgevec.contents;

import org.edgevec.index.CandidatePool;

/**
 * The ordinals that a search may return: the live ones, or those of them that match.
 *
 * @param bits of ordinals; none is set from {@code ordinalCount} on. Not changed while it is used
 * @param count how many are set
 * @param ordinalCount how many ordinals are in use
 */
@SuppressWarnings("ArrayRecordComponent") // bits
public record Accepted(long[] bits, int count, int ordinalCount) {

  /** The same for a walk, which need not look where all are accepted. */
  public long[] forWalks() {
    return count < ordinalCount ? bits : CandidatePool.ANY;
  }
}
