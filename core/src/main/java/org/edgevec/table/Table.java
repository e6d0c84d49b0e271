package org.edgevec.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.edgevec.Metric;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.MalformedException;
import org.edgevec.vector.VectorArena;

/**
 * All entries of a database, in memory; {@code contents} keeps what shares their ordinals with
 * them.
 *
 * <p>Every put takes the next <em>ordinal</em>; what it replaces is dead from then on and keeps its
 * ordinal until {@link #without} makes a table that lacks it. What is stored under an ordinal never
 * changes, so that a {@link #view} taken under the lock may be read without it; until {@link
 * #moveUp} moves all up, where there is no memory for another table.
 *
 * <p>Not thread-safe: whoever applies holds the write lock, whoever reads holds the read lock.
 */
public final class Table {

  private static final int INITIAL_CAPACITY = 64;

  /** What an entry takes in the index of ids and in the arrays, at most. */
  private static final int ENTRY_BYTES = 40;

  private final int dimension;
  private final Metric metric;
  private final VectorArena.Factory arenas;
  private final VectorArena vectors;
  private final IdIndex ordinals = new IdIndex();
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
    return ordinals.get(id, ids);
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

  /** Whether there is room for that many more ordinals, so that {@link #reserve} does nothing. */
  public boolean hasRoomFor(int more) {
    return vectors.capacity() - ordinalCount >= more
        && ids.length - ordinalCount >= more
        && ordinals.hasRoomFor(more);
  }

  /** Makes room for that many more ordinals, so that applying what takes them makes nothing. */
  public void reserve(int more) {
    int needed = Math.addExact(ordinalCount, more);
    if (needed > ids.length) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 64, Math.max(needed, ids.length * 2L));
      ids = Arrays.copyOf(ids, capacity);
      metadata = Arrays.copyOf(metadata, capacity);
      live = Arrays.copyOf(live, Bits.words(capacity));
    }
    ordinals.reserve(more, ids);
    vectors.reserve(needed);
  }

  /**
   * Applies the records of one log frame: the one way in which entries change, for a batch just
   * made durable and for one that is replayed. Makes nothing where there is room for them.
   *
   * @return how many of its deletes found an entry
   * @throws MalformedException at a vector that cannot be stored; the records before it are applied
   */
  public int apply(Records records) {
    reserve(records.puts());
    int removed = 0;
    for (int record = 0; record < records.count(); record++) {
      if (records.isPut(record)) {
        applyPut(records, record);
      } else {
        removed += applyDelete(records.id(record)) ? 1 : 0;
      }
    }
    return removed;
  }

  private void applyPut(Records records, int record) {
    int ordinal = ordinalCount;
    vectors.read(ordinal, 0, records.payload(), records.vectorAt(record), dimension);
    RecordCodec.checkNorm(vectors.settle(ordinal), metric);
    addEntry(records.id(record), records.metadata(record), false);
  }

  private boolean applyDelete(String id) {
    int ordinal = ordinals.remove(id, ids);
    if (ordinal >= 0) {
      kill(ordinal);
    }
    return ordinal >= 0;
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
    if (!isDead && ordinals.get(id, ids) >= 0) {
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
    int replaced = ordinals.put(id, ordinal, ids);
    if (replaced >= 0) {
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
      ordinals.remove(ids[ordinal], ids);
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
   * Leaves dead entries behind in the table itself: the others move up and keep their order. Makes
   * nothing, for it is done where there is no memory for another table; no view may be used
   * afterwards, and nobody may read while it runs.
   *
   * @param drop the ordinals to leave out, as bits, which are dead
   */
  public void moveUp(long[] drop) {
    ordinals.clear();
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
    boolean isLive = Bits.get(live, from);
    if (from != to) {
      vectors.move(from, to);
    }
    ids[to] = ids[from];
    metadata[to] = isLive ? metadata[from] : MetadataCodec.NONE;
    if (isLive) {
      Bits.set(live, to);
      ordinals.put(ids[to], to, ids);
    } else {
      Bits.clear(live, to);
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
