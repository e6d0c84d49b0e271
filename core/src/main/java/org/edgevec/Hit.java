package org.edgevec;

import java.util.Objects;

/** One result of a search. Immutable. */
public final class Hit {

  private final String id;
  private final float score;
  private final Metadata metadata;

  private Hit(String id, float score, Metadata metadata) {
    this.id = id;
    this.score = score;
    this.metadata = metadata;
  }

  /** A hit as a search returns it; for who wraps a database or stands in for one. */
  public static Hit of(String id, float score, Metadata metadata) {
    return new Hit(
        Arguments.required(id, "The id"), score, Arguments.required(metadata, "The metadata"));
  }

  /** The entry's id. */
  public String id() {
    return id;
  }

  /** How near it is; {@link Metric} says in which range, and which way is nearer. */
  public float score() {
    return score;
  }

  /** What was stored beside the vector; empty, never null. */
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hit hit
        && id.equals(hit.id)
        && Float.compare(score, hit.score) == 0
        && metadata.equals(hit.metadata);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, score, metadata);
  }

  @Override
  public String toString() {
    return "Hit[id=" + id + ", score=" + score + ", metadata=" + metadata + "]";
  }
}
