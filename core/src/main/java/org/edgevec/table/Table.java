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
import org.jspecify.annotations.Nullable;

/**
 * All entries of a database, in memory.
 *
 * <p>Every put takes the next <em>ordinal</em>; what it replaces is marked dead and keeps its
 * ordinal until {@link #without} makes a table that lacks it. What is stored under an ordinal never
 * changes, so that a {@link #view} taken under the lock may be read without it; until a {@link
 * Compaction} moves all up, where there is no memory for another table.
 *
 * <p>Not thread-safe: whoever applies holds the write lock, whoever reads holds the read lock.
 */
public final class Table {

  private static final int INITIAL_CAPACITY = 64;

  /** What an entry takes in the map of ids and in the arrays, about. */
  private static final int ENTRY_BYTES = 96;

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

  /** Whether nobody has a view or what a search found, so that what the dead had may go at once. */
  private boolean isUnread;

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
      return Entry.of(id, vector, MetadataCodec.decode(metadata));
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
    long[] nearest =
        index.nearest(
            query,
            request.k(),
            request.efSearch(),
            request.isExact(),
            dead,
            ordinalCount,
            liveCount());
    String[] foundIds = new String[nearest.length];
    byte[][] foundMetadata = new byte[nearest.length][];
    for (int i = 0; i < nearest.length; i++) {
      int ordinal = Candidate.ordinal(nearest[i]);
      foundIds[i] = ids[ordinal];
      foundMetadata[i] = metadata[ordinal];
    }
    return new Found(nearest, foundIds, foundMetadata, metric);
  }

  /**
   * What a search has found, by rank. Making hits of it takes no lock, since neither ids nor
   * encoded metadata ever change; so large metadata is decoded while others write.
   */
  @SuppressWarnings("ArrayRecordComponent") // on their way to hits
  public record Found(long[] nearest, String[] ids, byte[][] metadata, Metric metric) {

    /** The hits, nearest first. */
    public List<Hit> hits() {
      touch();
      List<Hit> hits = new ArrayList<>(nearest.length);
      for (int i = 0; i < nearest.length; i++) {
        hits.add(
            Hit.of(ids[i], Candidate.score(nearest[i], metric), MetadataCodec.decode(metadata[i])));
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

  /**
   * Says whether anybody may read beside changes from now on; until somebody says that nobody does,
   * anybody may. While nobody does, what dies gives its metadata back.
   */
  public void setUnread(boolean unread) {
    isUnread = unread;
  }

  /**
   * How many records of a payload put.
   *
   * @throws MalformedException as {@link #apply}
   */
  public int putsIn(byte[] payload, int offset, int length, int count) {
    ByteReader in = new ByteReader(payload, offset, length);
    int puts = 0;
    for (int i = 0; i < count; i++) {
      boolean isPut = in.u8() == RecordCodec.PUT;
      int size = in.u16();
      if (isPut) {
        size += in.count("a metadata length", MetadataCodec.MAX_BYTES) + 4 * dimension;
        puts++;
      }
      in.take(size);
    }
    return puts;
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
      kill(ordinal);
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
    // Searches read it for every hit: one that all share is at hand. Of the dead nobody reads it.
    boolean isNone = isDead || encodedMetadata.length == 0;
    metadata[ordinal] = isNone ? MetadataCodec.NONE : encodedMetadata;
    if (isDead) {
      Bits.set(dead, ordinal);
      return;
    }
    Integer replaced = ordinals.put(id, ordinal);
    if (replaced != null) {
      kill(replaced);
    }
  }

  private void kill(int ordinal) {
    Bits.set(dead, ordinal);
    if (isUnread) {
      metadata[ordinal] = MetadataCodec.NONE;
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
   * About how many bytes a table {@link #without} so many of the ordinals takes, beside ids and
   * metadata, which both have.
   */
  public long bytesWithout(int dropped) {
    long vector = 5L * dimension; // With codes, where the platform has them.
    // With a place to look it up by its vector.
    long links = index.graph().size() == 0 ? 0 : 8L * index.graph().m() + 24;
    return (ordinalCount - dropped) * (vector + links + ENTRY_BYTES);
  }

  /**
   * Leaves dead entries behind in the table itself: the others move up and keep their order.
   *
   * <p>Making one takes all the memory that it needs, an object for each entry that stays; nothing
   * may change afterwards until it {@linkplain #run ran}, and nobody may read while it runs.
   */
  public final class Compaction {
    private final long[] drop;
    private final VectorIndex newIndex;

    /** By their new ordinals, those of the live ones. */
    private final @Nullable Integer[] boxes;

    /**
     * @param drop the ordinals to leave out, as bits, which are dead
     * @param graph links what stays, by the ordinals that it has then
     */
    public Compaction(long[] drop, HnswGraph graph) {
      this.drop = drop;
      this.newIndex = new VectorIndex(vectors, graph, index.trust());
      this.boxes = new Integer[ordinalCount - Bits.count(drop, 0, ordinalCount)];
      int to = 0;
      for (int from = 0; from < ordinalCount; from++) {
        if (!Bits.get(drop, from)) {
          boxes[to] = Bits.get(dead, from) ? null : to;
          to++;
        }
      }
    }

    /** Moves the entries and gives back the room behind them; no view may be used afterwards. */
    public void run() {
      int to = 0;
      for (int from = 0; from < ordinalCount; from++) {
        if (!Bits.get(drop, from)) {
          move(from, to);
          to++;
        }
      }
      for (int gone = to; gone < ordinalCount; gone++) {
        Bits.clear(dead, gone);
      }
      Arrays.fill(ids, to, ordinalCount, null);
      Arrays.fill(metadata, to, ordinalCount, null);
      ordinalCount = to;
      index = newIndex;
      try {
        vectors.shrink(to);
      } catch (OutOfMemoryError e) {
        // The room stays, then, and the next entries take it; all else has moved and must be said.
      }
    }

    private void move(int from, int to) {
      if (from != to) {
        vectors.move(from, to);
      }
      ids[to] = ids[from];
      metadata[to] = metadata[from];
      Integer box = boxes[to];
      if (box == null) {
        Bits.set(dead, to);
        metadata[to] = MetadataCodec.NONE;
      } else {
        Bits.clear(dead, to);
        // It is there, so that this makes nothing.
        ordinals.put(ids[to], box);
      }
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
