package org.edgevec.query;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.Hit;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.contents.Contents;
import org.edgevec.index.Candidate;

/**
 * What a search has found, by rank. Making hits of it takes no lock, since neither ids nor encoded
 * metadata ever change; so large metadata is decoded while others write.
 *
 * @param nearest packed {@link Candidate}s
 */
@SuppressWarnings("ArrayRecordComponent") // on their way to hits
public record Found(long[] nearest, String[] ids, byte[][] metadata, Metric metric) {

  /** Takes what hits are made of; under the lock. */
  static Found of(long[] nearest, Contents contents) {
    String[] ids = new String[nearest.length];
    byte[][] metadata = new byte[nearest.length][];
    for (int i = 0; i < nearest.length; i++) {
      int ordinal = Candidate.ordinal(nearest[i]);
      ids[i] = contents.idOf(ordinal);
      metadata[i] = contents.metadataOf(ordinal);
    }
    return new Found(nearest, ids, metadata, contents.metric());
  }

  /** The hits, nearest first. */
  public List<Hit> hits() {
    touch();
    List<Hit> hits = new ArrayList<>(nearest.length);
    for (int i = 0; i < nearest.length; i++) {
      hits.add(
          Hit.of(ids[i], Candidate.score(nearest[i], metric), Metadata.fromBytes(metadata[i])));
    }
    return hits;
  }

  /**
   * Looks at everything that hits are made of before the first is made: memory then gives it out
   * side by side, and not one thing after the other.
   */
  private void touch() {
    int size = 0;
    for (int i = 0; i < nearest.length; i++) {
      size |= ids[i].length() | metadata[i].length;
    }
    if (size < 0) {
      throw new AssertionError("A length is negative."); // So that no compiler leaves it out.
    }
  }
}
