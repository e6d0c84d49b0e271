package org.edgevec.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.SearchRequest;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.edgevec.index.Candidate;
import org.edgevec.index.HnswGraph;
import org.edgevec.index.VectorIndex;
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
  private final VectorArena.Factory arenas;
  private final VectorArena vectors;
  private VectorIndex index;
  private final Map<String, Integer> ordinals;
  private String[] ids = new String[INITIAL_CAPACITY];
  private byte[][] metadata = new byte[INITIAL_CAPACITY][];
  private long[] dead = new long[INITIAL_CAPACITY / 64];
  private int ordinalCount;

  /**
   * @param arenas makes the place where the vectors lie
   */
  public Table(int dimension, Metric metric, VectorArena.Factory arenas) {
    this.dimension = dimension;
    this.metric = metric;
    this.arenas = arenas;
    this.vectors = arenas.create(dimension, metric);
    this.index = new VectorIndex(vectors, new HnswGraph(HnswOptions.DEFAULT.m()));
    this.ordinals = new HashMap<>();
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

  /** What is stored under an ordinal in use. */
  public Stored stored(int ordinal) {
    return new Stored(ids[ordinal], vectors.get(ordinal), metadata[ordinal]);
  }

  /** An entry as it was under the lock, which is not needed to decode it. */
  @SuppressWarnings("ArrayRecordComponent") // on their way to an entry
  public record Stored(String id, float[] vector, byte[] metadata) {

    /** The entry, decoded. */
    public Entry entry() {
      return new Entry(id, vector, MetadataCodec.decode(metadata));
    }
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

  /**
   * The live entries nearest to a query, nearest first.
   *
   * @param query the request's, checked and not changed any more
   */
  public Found search(float[] query, SearchRequest request) {
    return new Found(
        index.nearest(
            query,
            request.k(),
            request.efSearch(),
            request.isExact(),
            dead,
            ordinalCount,
            liveCount()),
        ids,
        metadata,
        metric);
  }

  /**
   * What a search has found. Making hits of it takes no lock, since what is stored under an ordinal
   * never changes; so large metadata is decoded while others write.
   */
  @SuppressWarnings("ArrayRecordComponent") // of the table, as they were
  public record Found(long[] nearest, String[] ids, byte[][] metadata, Metric metric) {

    /** The hits, nearest first. */
    public List<Hit> hits() {
      touch();
      List<Hit> hits = new ArrayList<>(nearest.length);
      for (long packed : nearest) {
        int ordinal = Candidate.ordinal(packed);
        hits.add(
            new Hit(
                ids[ordinal],
                Candidate.score(packed, metric),
                MetadataCodec.decode(metadata[ordinal])));
      }
      return hits;
    }

    /**
     * Looks at everything that hits are made of before the first is made: memory then gives it out
     * side by side, and not one thing after the other.
     */
    private void touch() {
      int size = 0;
      for (long packed : nearest) {
        int ordinal = Candidate.ordinal(packed);
        size |= ids[ordinal].length() | metadata[ordinal].length;
      }
      if (size < 0) {
        throw new AssertionError("A length is negative."); // So that no compiler leaves it out.
      }
    }
  }

  /** Whether there is room for that many more ordinals, so that {@link #reserve} does nothing. */
  public boolean hasRoomFor(int more) {
    return vectors.capacity() - ordinalCount >= more && ids.length - ordinalCount >= more;
  }

  /** Makes room for that many more ordinals, so that applying them cannot run out of memory. */
  public void reserve(int more) {
    int needed = Math.addExact(ordinalCount, more);
    if (needed > ids.length) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 64, Math.max(needed, ids.length * 2L));
      ids = Arrays.copyOf(ids, capacity);
      metadata = Arrays.copyOf(metadata, capacity);
      dead = Arrays.copyOf(dead, Bits.words(capacity));
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
    vectors.read(ordinal, 0, in.array(), vectorAt, dimension);
    checkNorm(vectors.settle(ordinal), metric);
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
   * Refuses a vector that {@link RecordCodec} would not have written, for bytes may be anybody's.
   * Its norm tells: squares of floats, summed in doubles, are finite exactly when the floats are.
   *
   * @throws MalformedException if a vector of that norm cannot be stored
   */
  public static void checkNorm(double norm, Metric metric) {
    if (!Double.isFinite(norm)) {
      throw new MalformedException("a vector that is not finite");
    }
    if (metric == Metric.COSINE && !Vectors.isDirection(norm)) {
      throw new MalformedException("a vector without a direction");
    }
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
    checkNorm(vectors.settle(ordinalCount), metric);
    if (!isDead && ordinals.containsKey(id)) {
      throw new MalformedException("the id \"" + id + "\" twice");
    }
    addEntry(id, encoded, isDead);
  }

  private void addEntry(String id, byte[] encodedMetadata, boolean isDead) {
    int ordinal = ordinalCount++;
    ids[ordinal] = id;
    // Searches read it for every hit: one that all share is at hand.
    metadata[ordinal] = encodedMetadata.length == 0 ? MetadataCodec.NONE : encodedMetadata;
    if (isDead) {
      Bits.set(dead, ordinal);
      return;
    }
    Integer replaced = ordinals.put(id, ordinal);
    if (replaced != null) {
      Bits.set(dead, replaced);
    }
  }

  /**
   * A table with the live entries of a moment and without some of the dead ones; the others move up
   * and keep their order. Needs no lock, as long as the graph does not change; {@link #catchUp}
   * then takes along what was applied meanwhile.
   *
   * @param view this table at that moment
   * @param drop the ordinals to leave out, as bits; only {@linkplain #removableBits removable} ones
   *     may be set
   */
  public Table without(View view, long[] drop) {
    Table compact = new Table(dimension, metric, arenas);
    try {
      fill(compact, view, drop);
    } catch (RuntimeException | Error e) {
      compact.release();
      throw e;
    }
    return compact;
  }

  private void fill(Table compact, View view, long[] drop) {
    compact.reserve(view.ordinalCount() - Bits.count(drop, 0, view.ordinalCount()));
    for (int ordinal = 0; ordinal < view.ordinalCount(); ordinal++) {
      if (!Bits.get(drop, ordinal)) {
        compact.copyFrom(this, view, ordinal);
      }
    }
    compact.index = new VectorIndex(compact.vectors, index.graph().without(drop), index.trust());
  }

  private void copyFrom(Table source, View view, int ordinal) {
    vectors.copy(source.vectors, ordinal, ordinalCount);
    addEntry(view.ids()[ordinal], view.metadata()[ordinal], Bits.get(view.dead(), ordinal));
  }

  /**
   * Takes along what was applied to the table that this one was made of, and is not applied to it
   * while this runs. Takes as long as there are such changes, and hardly longer with more entries.
   *
   * @param source that table
   * @param since its moment of which this one was made
   * @param drop what was left out
   */
  public void catchUp(Table source, View since, long[] drop) {
    View now = source.view();
    reserve(now.ordinalCount() - since.ordinalCount());
    for (int ordinal = since.ordinalCount(); ordinal < now.ordinalCount(); ordinal++) {
      copyFrom(source, now, ordinal);
    }
    int before = 0;
    for (int word = 0; word < drop.length; word++) {
      long died = now.dead()[word] & ~since.dead()[word] & Bits.mask(word, since.ordinalCount());
      while (died != 0) {
        long bit = Long.lowestOneBit(died);
        die(before + Long.bitCount(~drop[word] & (bit - 1)));
        died ^= bit;
      }
      before += Long.bitCount(~drop[word]);
    }
  }

  /** Unless what replaced it has come along. */
  private void die(int ordinal) {
    if (!Bits.get(dead, ordinal)) {
      Bits.set(dead, ordinal);
      ordinals.remove(ids[ordinal]);
    }
  }

  /**
   * The ordinals of a moment, as bits, that are dead and that the graph does not need to find the
   * way. The graph must not have changed since.
   */
  public long[] removableBits(View view) {
    HnswGraph graph = index.graph();
    long[] bits = view.dead().clone();
    int linked = Math.min(view.ordinalCount(), graph.size());
    for (int ordinal = 0; graph.linkedCount() > 0 && ordinal < linked; ordinal++) {
      if (graph.level(ordinal) >= 0) {
        Bits.clear(bits, ordinal);
      }
    }
    return bits;
  }

  /** How many {@link #removableBits} there are, not counting those in a tail. */
  public int removableCount() {
    HnswGraph graph = index.graph();
    int decided = graph.size(); // First, as the graph may be growing.
    int linked = graph.linkedCount();
    return linked == 0 ? ordinalCount - liveCount() : Math.max(0, decided - linked);
  }

  /** The dead ordinals as bits, copied. */
  public long[] deadBits() {
    return Arrays.copyOf(dead, Bits.words(ordinalCount));
  }

  /** Finds near vectors; {@link #search} goes through it. */
  public VectorIndex index() {
    return index;
  }

  /** Searches through another graph from now on, whose links are of this table's ordinals. */
  public void useGraph(HnswGraph graph) {
    index = new VectorIndex(vectors, graph, index.trust());
  }

  /** Gives the vectors' memory back. Nothing may use the table afterwards. */
  public void release() {
    vectors.release();
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
