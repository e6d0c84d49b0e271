package org.edgevec.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.Metric;
import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.edgevec.index.ExactSearch;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.Vectors;

/**
 * All entries of a database, in memory.
 *
 * <p>Every put takes the next <em>ordinal</em>; what it replaces is marked dead and keeps its
 * ordinal until {@link #without} makes a table that lacks it. What is stored under an ordinal never
 * changes, so that a {@link #view} taken under the lock may be read without it.
 *
 * <p>Not thread-safe: whoever applies holds the write lock, whoever reads holds the read lock.
 */
public final class Table {

  private static final int INITIAL_CAPACITY = 64;

  private final int dimension;
  private final Metric metric;
  private final VectorArena vectors;
  private final Map<String, Integer> ordinals;
  private String[] ids = new String[INITIAL_CAPACITY];
  private byte[][] metadata = new byte[INITIAL_CAPACITY][];
  private float[] inverseNorms;
  private long[] dead = new long[INITIAL_CAPACITY / 64];
  private int ordinalCount;

  public Table(int dimension, Metric metric) {
    this.dimension = dimension;
    this.metric = metric;
    this.vectors = new VectorArena(dimension);
    this.ordinals = new HashMap<>();
    this.inverseNorms = new float[metric == Metric.COSINE ? INITIAL_CAPACITY : 0];
  }

  /** Components of every vector. */
  public int dimension() {
    return dimension;
  }

  /** How nearness is measured. */
  public Metric metric() {
    return metric;
  }

  /** Live entries. */
  public int liveCount() {
    return ordinals.size();
  }

  /** Ordinals in use, of live and dead entries. */
  public int ordinalCount() {
    return ordinalCount;
  }

  /** The ordinal of the live entry with that id, or -1. */
  public int ordinalOf(String id) {
    Integer ordinal = ordinals.get(id);
    return ordinal == null ? -1 : ordinal;
  }

  /** The entry under an ordinal in use. */
  public Entry entry(int ordinal) {
    return new Entry(ids[ordinal], vectors.copy(ordinal), MetadataCodec.decode(metadata[ordinal]));
  }

  /** The ids of all live entries, in the order in which they were last put. */
  public List<String> liveIds() {
    List<String> live = new ArrayList<>(liveCount());
    for (int ordinal = 0; ordinal < ordinalCount; ordinal++) {
      if (!Bits.get(dead, ordinal)) {
        live.add(ids[ordinal]);
      }
    }
    return live;
  }

  /** The {@code k} live entries nearest to a checked query, nearest first; every one is scored. */
  public List<Hit> searchExactly(float[] query, int k) {
    int limit = Math.min(k, liveCount());
    long[] nearest =
        ExactSearch.nearest(vectors, inverseNorms, dead, ordinalCount, metric, query, limit);
    List<Hit> hits = new ArrayList<>(nearest.length);
    for (long packed : nearest) {
      int ordinal = ExactSearch.ordinal(packed);
      hits.add(
          new Hit(
              ids[ordinal],
              ExactSearch.score(packed, metric),
              MetadataCodec.decode(metadata[ordinal])));
    }
    return hits;
  }

  /** Makes room for that many more ordinals, so that applying them cannot run out of memory. */
  public void reserve(int more) {
    int needed = Math.addExact(ordinalCount, more);
    if (needed > ids.length) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 64, Math.max(needed, ids.length * 2L));
      ids = Arrays.copyOf(ids, capacity);
      metadata = Arrays.copyOf(metadata, capacity);
      dead = Arrays.copyOf(dead, Bits.words(capacity));
      if (metric == Metric.COSINE) {
        inverseNorms = Arrays.copyOf(inverseNorms, capacity);
      }
    }
    vectors.reserve(needed);
  }

  /**
   * Applies the payload of one log frame: the one way in which entries change, for a batch just
   * made durable and for one that is replayed.
   *
   * @param count how many records the frame says it has
   * @return how many of its deletes found an entry
   * @throws MalformedException if the payload is not what {@link RecordCodec} writes
   */
  public int apply(byte[] payload, int offset, int length, int count) {
    ByteReader in = new ByteReader(payload, offset, length);
    int removed = 0;
    for (int i = 0; i < count; i++) {
      int type = in.u8();
      if (type == RecordCodec.PUT) {
        applyPut(in);
      } else if (type == RecordCodec.DELETE) {
        removed += applyDelete(in) ? 1 : 0;
      } else {
        throw new MalformedException("record type " + type);
      }
    }
    in.expectEnd("the last record");
    return removed;
  }

  private void applyPut(ByteReader in) {
    int idLength = in.u16();
    int metadataLength = in.count("a metadata length", MetadataCodec.MAX_BYTES);
    String id = readId(in, idLength);
    byte[] encodedMetadata = in.bytes(metadataLength);
    MetadataCodec.decode(encodedMetadata);
    int vectorAt = in.take(4 * dimension);
    reserve(1);
    int ordinal = ordinalCount;
    LittleEndian.getFloats(
        in.array(), vectorAt, vectors.chunk(ordinal), vectors.start(ordinal), dimension);
    checkVector(ordinal);
    addEntry(id, encodedMetadata, false);
  }

  private boolean applyDelete(ByteReader in) {
    Integer ordinal = ordinals.remove(readId(in, in.u16()));
    if (ordinal != null) {
      Bits.set(dead, ordinal);
    }
    return ordinal != null;
  }

  private static String readId(ByteReader in, int length) {
    if (length < 1 || length > RecordCodec.MAX_ID_BYTES) {
      throw new MalformedException("an id of " + length + " bytes");
    }
    return Utf8.decode(in.array(), in.take(length), length);
  }

  /**
   * Refuses a vector that {@link RecordCodec} would not have written, for bytes may be anybody's,
   * and notes its norm. One pass does both: squares of floats, summed in doubles, are finite
   * exactly when the floats are.
   */
  private void checkVector(int ordinal) {
    double norm = checkedNorm(vectors.chunk(ordinal), vectors.start(ordinal), dimension, metric);
    if (metric == Metric.COSINE) {
      inverseNorms[ordinal] = (float) (1 / norm);
    }
  }

  /**
   * The norm of a vector that was read.
   *
   * @throws MalformedException if it is none that can be stored
   */
  public static double checkedNorm(float[] array, int start, int dimension, Metric metric) {
    double norm = Vectors.norm(array, start, dimension);
    if (!Double.isFinite(norm)) {
      throw new MalformedException("a vector that is not finite");
    }
    if (metric == Metric.COSINE && !Vectors.isDirection(norm)) {
      throw new MalformedException("a vector without a direction");
    }
    return norm;
  }

  /**
   * The id of an entry that was read.
   *
   * @throws MalformedException if the id or the metadata is none that can be stored
   */
  public static String checkedId(byte[] encodedId, byte[] encodedMetadata) {
    String id = readId(new ByteReader(encodedId, 0, encodedId.length), encodedId.length);
    MetadataCodec.decode(encodedMetadata);
    return id;
  }

  /** The arena to load vectors into, at ordinals {@link #reserve}d and not in use yet. */
  public VectorArena vectors() {
    return vectors;
  }

  /**
   * Adds an entry whose vector a snapshot's reader has put into {@link #vectors} already.
   *
   * @param isDead whether it only keeps its ordinal
   * @throws MalformedException if the id is live already, or the vector is none that can be stored
   */
  public void addLoaded(byte[] encodedId, byte[] encoded, boolean isDead) {
    String id = checkedId(encodedId, encoded);
    checkVector(ordinalCount);
    if (!isDead && ordinals.containsKey(id)) {
      throw new MalformedException("the id \"" + id + "\" twice");
    }
    addEntry(id, encoded, isDead);
  }

  private void addEntry(String id, byte[] encodedMetadata, boolean isDead) {
    int ordinal = ordinalCount++;
    ids[ordinal] = id;
    metadata[ordinal] = encodedMetadata;
    if (isDead) {
      Bits.set(dead, ordinal);
      return;
    }
    Integer replaced = ordinals.put(id, ordinal);
    if (replaced != null) {
      Bits.set(dead, replaced);
    }
  }

  /** How many ordinals in [from, to) are dead. */
  public int deadCount(int from, int to) {
    return Bits.count(dead, from, to);
  }

  /**
   * A table with the same live entries and without some of the dead ones; the others move up and
   * keep their order.
   *
   * @param drop the ordinals to leave out, as bits; only dead ones may be set
   */
  public Table without(long[] drop) {
    Table compact = new Table(dimension, metric);
    compact.reserve(ordinalCount - Bits.count(drop, 0, ordinalCount));
    for (int ordinal = 0; ordinal < ordinalCount; ordinal++) {
      if (!Bits.get(drop, ordinal)) {
        compact.copyFrom(this, ordinal);
      }
    }
    return compact;
  }

  private void copyFrom(Table source, int ordinal) {
    int target = ordinalCount;
    System.arraycopy(
        source.vectors.chunk(ordinal),
        source.vectors.start(ordinal),
        vectors.chunk(target),
        vectors.start(target),
        dimension);
    if (metric == Metric.COSINE) {
      inverseNorms[target] = source.inverseNorms[ordinal];
    }
    addEntry(source.ids[ordinal], source.metadata[ordinal], Bits.get(source.dead, ordinal));
  }

  /** The dead ordinals as bits, copied. */
  public long[] deadBits() {
    return Arrays.copyOf(dead, Bits.words(ordinalCount));
  }

  /** What is in use at this moment, for reading without a lock. */
  public View view() {
    return new View(vectors.view(), ids, metadata, deadBits(), ordinalCount);
  }

  /**
   * The entries of one moment, for a snapshot. What lies below {@link #ordinalCount} never changes.
   *
   * @param vectors the vectors
   * @param ids the ids by ordinal
   * @param metadata the encoded metadata by ordinal
   * @param dead the dead ordinals as bits
   * @param ordinalCount how many ordinals were in use
   */
  @SuppressWarnings("ArrayRecordComponent") // a view of arrays is what this is
  public record View(
      VectorArena vectors, String[] ids, byte[][] metadata, long[] dead, int ordinalCount) {}
}
