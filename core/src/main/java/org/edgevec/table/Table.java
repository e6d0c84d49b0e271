package org.edgevec.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.Metric;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.MalformedException;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;

/**
 * All entries of a database, in memory; {@code contents} keeps what shares their ordinals with
 * them.
 *
 * <p>Every put takes the next <em>ordinal</em>; what it replaces is dead from then on and keeps its
 * ordinal until {@link #without} makes a table that lacks it. What is stored under an ordinal never
 * changes, so that a {@link #view} taken under the lock may be read without it; until a {@link
 * MoveUp} moves all up, where there is no memory for another table.
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
  private final Map<String, Integer> ordinals;
  private String[] ids = new String[INITIAL_CAPACITY];
  private byte[][] metadata = new byte[INITIAL_CAPACITY][];

  /** Bits of ordinals; none is set from {@link #ordinalCount} on. */
  private long[] live = new long[INITIAL_CAPACITY / 64];

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
  public StoredEntry stored(int ordinal) {
    return new StoredEntry(ids[ordinal], vectors.get(ordinal), metadata[ordinal]);
  }

  /** The id of an ordinal in use. */
  public String idOf(int ordinal) {
    return ids[ordinal];
  }

  /** The encoded metadata of a live ordinal; never changed. */
  public byte[] metadataOf(int ordinal) {
    return metadata[ordinal];
  }

  /** The ids of all live entries, in the order in which they were last put. */
  public List<String> liveIds() {
    List<String> found = new ArrayList<>(liveCount());
    for (int ordinal = 0; ordinal < ordinalCount; ordinal++) {
      if (Bits.get(live, ordinal)) {
        found.add(ids[ordinal]);
      }
    }
    return found;
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
      live = Arrays.copyOf(live, Bits.words(capacity));
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
    String id = RecordCodec.readId(in, idLength);
    byte[] encodedMetadata = in.bytes(metadataLength);
    MetadataCodec.check(encodedMetadata);
    int vectorAt = in.take(4 * dimension);
    reserve(1);
    int ordinal = ordinalCount;
    vectors.read(ordinal, 0, in.array(), vectorAt, dimension);
    RecordCodec.checkNorm(vectors.settle(ordinal), metric);
    addEntry(id, encodedMetadata, false);
  }

  private boolean applyDelete(ByteReader in) {
    Integer ordinal = ordinals.remove(RecordCodec.readId(in, in.u16()));
    if (ordinal != null) {
      kill(ordinal);
    }
    return ordinal != null;
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
    String id = RecordCodec.checkedId(encodedId, encoded);
    RecordCodec.checkNorm(vectors.settle(ordinalCount), metric);
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
      return;
    }
    Bits.set(live, ordinal);
    Integer replaced = ordinals.put(id, ordinal);
    if (replaced != null) {
      kill(replaced);
    }
  }

  private void kill(int ordinal) {
    Bits.clear(live, ordinal);
    if (isUnread) {
      metadata[ordinal] = MetadataCodec.NONE;
    }
  }

  /**
   * A table with the live entries of a moment and without some of the dead ones; the others move up
   * and keep their order. Needs no lock; {@link #catchUp} then takes along what was applied
   * meanwhile.
   *
   * @param view this table at that moment
   * @param drop the ordinals to leave out, as bits, which are dead
   */
  public Table without(EntryView view, long[] drop) {
    Table compact = new Table(dimension, metric, arenas);
    try {
      fill(compact, view, drop);
    } catch (RuntimeException | Error e) {
      compact.release();
      throw e;
    }
    return compact;
  }

  private void fill(Table compact, EntryView view, long[] drop) {
    compact.reserve(view.ordinalCount() - Bits.count(drop, 0, view.ordinalCount()));
    for (int ordinal = 0; ordinal < view.ordinalCount(); ordinal++) {
      if (!Bits.get(drop, ordinal)) {
        compact.copyFrom(this, view, ordinal);
      }
    }
  }

  private void copyFrom(Table source, EntryView view, int ordinal) {
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
  public void catchUp(Table source, EntryView since, long[] drop) {
    EntryView now = source.view();
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
    if (Bits.get(live, ordinal)) {
      Bits.clear(live, ordinal);
      ordinals.remove(ids[ordinal]);
    }
  }

  /**
   * About how many bytes a table {@link #without} so many of the ordinals takes, beside ids and
   * metadata, which both have.
   */
  public long bytesWithout(int dropped) {
    long vector = 5L * dimension; // With codes, where the platform has them.
    return (ordinalCount - dropped) * (vector + ENTRY_BYTES);
  }

  /**
   * Leaves dead entries behind in the table itself: the others move up and keep their order.
   *
   * <p>Making one takes all the memory that it needs, an object for each entry that stays; nothing
   * may change afterwards until it {@linkplain #run ran}, and nobody may read while it runs.
   */
  public final class MoveUp {
    private final long[] drop;

    /** By their new ordinals, those of the live ones. */
    private final @Nullable Integer[] boxes;

    /**
     * @param drop the ordinals to leave out, as bits, which are dead
     */
    public MoveUp(long[] drop) {
      this.drop = drop;
      this.boxes = new Integer[ordinalCount - Bits.count(drop, 0, ordinalCount)];
      int to = 0;
      for (int from = 0; from < ordinalCount; from++) {
        if (!Bits.get(drop, from)) {
          boxes[to] = Bits.get(live, from) ? to : null;
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
        Bits.clear(live, gone);
      }
      Arrays.fill(ids, to, ordinalCount, null);
      Arrays.fill(metadata, to, ordinalCount, null);
      ordinalCount = to;
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
        Bits.clear(live, to);
        metadata[to] = MetadataCodec.NONE;
      } else {
        Bits.set(live, to);
        // It is there, so that this makes nothing.
        ordinals.put(ids[to], box);
      }
    }
  }

  /** The dead ordinals as bits, copied. */
  public long[] deadBits() {
    return Bits.inverted(live, ordinalCount);
  }

  /** The live ordinals as bits, at least as many as are in use; to be read under the lock only. */
  public long[] liveBits() {
    return live;
  }

  /** Gives the vectors' memory back. Nothing may use the table afterwards. */
  public void release() {
    vectors.release();
  }

  /** What is in use at this moment, for reading without a lock. */
  public EntryView view() {
    return new EntryView(vectors.view(), ids, metadata, deadBits(), ordinalCount);
  }
}
