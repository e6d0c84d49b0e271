package org.edgevec.snapshot;

import java.util.List;
import org.edgevec.Metric;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.jspecify.annotations.Nullable;

/**
 * What makes up one snapshot; written last, it is what makes the snapshot exist.
 *
 * @param storeId whose it is
 * @param generation which snapshot, counting from 1
 * @param createdMillis when it was made, in milliseconds since 1970
 * @param dimension components of every vector
 * @param metric how nearness is measured
 * @param logNumber the first log file that is not part of it
 * @param lastSequence the last batch that is part of it
 * @param segments its segments; an entry's ordinal is its place in all of them one after another
 * @param dead by segment, which of its entries are dead, as bits; no bits at all if none is
 * @param parts what it has of {@linkplain DerivedPart derived parts}, at most one of each kind
 */
public record Manifest(
    StoreId storeId,
    long generation,
    long createdMillis,
    int dimension,
    Metric metric,
    long logNumber,
    long lastSequence,
    List<SegmentRef> segments,
    List<long[]> dead,
    List<PartRef> parts) {

  public Manifest {
    segments = List.copyOf(segments);
    dead = List.copyOf(dead);
    parts = List.copyOf(parts);
  }

  /** The manifest of a database that holds nothing yet. */
  public static Manifest first(StoreId id, long createdMillis, int dimension, Metric metric) {
    return new Manifest(
        id, 1, createdMillis, dimension, metric, 1, 0, List.of(), List.of(), List.of());
  }

  /**
   * Insists that another is of the same database.
   *
   * @throws CorruptDataException naming the other
   */
  public void expectSameDatabase(Manifest other) {
    if (!other.storeId.equals(storeId)) {
      throw new CorruptDataException(
          other.fileName(), 16, "it belongs to another database than " + fileName());
    }
    if (other.dimension != dimension || other.metric != metric) {
      throw new CorruptDataException(
          other.fileName(),
          FileHeader.BYTES,
          "it has another dimension or metric than " + fileName());
    }
  }

  /** The name of its file. */
  public String fileName() {
    return StoreFiles.Kind.MANIFEST.name(generation);
  }

  /** Its part of a kind, or null if it has none. */
  @Nullable PartRef part(StoreFiles.Kind kind) {
    for (PartRef part : parts) {
      if (part.kind() == kind) {
        return part;
      }
    }
    return null;
  }

  /** How many entries, live and dead, its segments hold. */
  public int entryCount() {
    int count = 0;
    for (SegmentRef segment : segments) {
      count += segment.count();
    }
    return count;
  }

  /** Whether it names that segment or derived part. */
  public boolean names(String file) {
    long number = StoreFiles.Kind.SEGMENT.number(file);
    for (SegmentRef segment : segments) {
      if (segment.number() == number) {
        return true;
      }
    }
    for (PartRef part : parts) {
      if (part.fileName().equals(file)) {
        return true;
      }
    }
    return false;
  }

  /** How many segments it names. */
  public int segmentCount() {
    return segments.size();
  }

  /** The bytes of all its segment files. */
  public long segmentBytes() {
    long sum = 0;
    for (SegmentRef segment : segments) {
      sum += segment.fileBytes();
    }
    return sum;
  }
}
