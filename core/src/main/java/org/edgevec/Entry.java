package org.edgevec;

import java.util.Arrays;
import java.util.Objects;

/** One stored entry. Immutable, but for the vector, whose array is the entry's own. */
public final class Entry {

  /** A text shows so many components of a vector. */
  private static final int SHOWN = 4;

  private final String id;
  private final float[] vector;
  private final Metadata metadata;

  private Entry(String id, float[] vector, Metadata metadata) {
    this.id = id;
    this.vector = vector;
    this.metadata = metadata;
  }

  /**
   * An entry as a database returns it; for who wraps one or stands in for one.
   *
   * @param vector not copied
   */
  public static Entry of(String id, float[] vector, Metadata metadata) {
    return new Entry(
        Arguments.required(id, "The id"),
        Arguments.required(vector, "The vector"),
        Arguments.required(metadata, "The metadata"));
  }

  /** The user's id. */
  public String id() {
    return id;
  }

  /** The vector as it was put, of the database's dimension; the same array at every call. */
  public float[] vector() {
    return vector;
  }

  /** What was stored beside it; empty, never null. */
  public Metadata metadata() {
    return metadata;
  }

  /** Compares the vectors' components, too. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Entry entry
        && id.equals(entry.id)
        && Arrays.equals(vector, entry.vector)
        && metadata.equals(entry.metadata);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, Arrays.hashCode(vector), metadata);
  }

  @Override
  public String toString() {
    return "Entry[id=" + id + ", vector=" + text(vector) + ", metadata=" + metadata + "]";
  }

  /** A vector for people: its first components and how many there are. */
  static String text(float[] vector) {
    if (vector.length <= SHOWN) {
      return Arrays.toString(vector);
    }
    String first = Arrays.toString(Arrays.copyOf(vector, SHOWN));
    return first.substring(0, first.length() - 1) + ", … " + vector.length + " components]";
  }
}
