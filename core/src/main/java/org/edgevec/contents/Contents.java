package org.edgevec.contents;

import java.util.List;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Platform;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.MalformedException;
import org.edgevec.index.CodeTrust;
import org.edgevec.index.GraphMaintenance;
import org.edgevec.index.HnswGraph;
import org.edgevec.table.EntryView;
import org.edgevec.table.Records;
import org.edgevec.table.StoredEntry;
import org.edgevec.table.Table;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;

/**
 * All that a database holds, by ordinal: its entries and the graph that links them.
 *
 * <p>Every put takes the next <em>ordinal</em>; what it replaces is <em>dead</em> and keeps its
 * ordinal until contents {@link #without} it are made, or all move up in a {@link Compaction}.
 * Ordinals that the graph has not decided about yet are its <em>tail</em>.
 *
 * <p>Not thread-safe: whoever applies holds the write lock, whoever reads holds the read lock. The
 * graph is changed beside both, by the one who has its {@link #upkeep}.
 */
public final class Contents {

  private final Table entries;
  private final CodeTrust trust;
  private HnswGraph graph;

  /**
   * Empty ones.
   *
   * @param arenas makes the place where the vectors lie
   */
  public Contents(int dimension, Metric metric, VectorArena.Factory arenas) {
    this(
        new Table(dimension, metric, arenas),
        new HnswGraph(HnswOptions.DEFAULT.m()),
        new CodeTrust());
  }

  private Contents(Table entries, HnswGraph graph, CodeTrust trust) {
    this.entries = entries;
    this.graph = graph;
    this.trust = trust;
  }

  /** Components of every vector. */
  public int dimension() {
    return entries.dimension();
  }

  /** How nearness is measured. */
  public Metric metric() {
    return entries.metric();
  }

  // Entries

  /** Live entries. */
  public int liveCount() {
    return entries.liveCount();
  }

  /** Ordinals in use, of live and dead entries. */
  public int ordinalCount() {
    return entries.ordinalCount();
  }

  /** The ordinal of the live entry with that id, or -1. */
  public int ordinalOf(String id) {
    return entries.ordinalOf(id);
  }

  /** What is stored under an ordinal in use. */
  public StoredEntry stored(int ordinal) {
    return entries.stored(ordinal);
  }

  /** The ids of all live entries, in the order in which they were last put. */
  public List<String> liveIds() {
    return entries.liveIds();
  }

  /** The id of an ordinal in use. */
  public String idOf(int ordinal) {
    return entries.idOf(ordinal);
  }

  /** The encoded metadata of a live ordinal; never changed. */
  public byte[] metadataOf(int ordinal) {
    return entries.metadataOf(ordinal);
  }

  /** The vectors by ordinal. */
  public VectorArena vectors() {
    return entries.vectors();
  }

  /** The live ordinals; to be used while the lock is held. */
  public Accepted live() {
    return new Accepted(entries.liveBits(), entries.liveCount(), entries.ordinalCount());
  }

  /** The dead ordinals as bits, copied. */
  public long[] deadBits() {
    return entries.deadBits();
  }

  /** The entries at this moment, for reading without a lock. */
  public EntryView view() {
    return entries.view();
  }

  // Changing

  /**
   * Says whether anybody may read beside changes from now on; until somebody says that nobody does,
   * anybody may. While nobody does, what dies gives its metadata back.
   */
  public void setUnread(boolean unread) {
    entries.setUnread(unread);
  }

  /** Whether there is room for that many more ordinals, so that {@link #reserve} does nothing. */
  public boolean hasRoomFor(int more) {
    return entries.hasRoomFor(more);
  }

  /** Makes room for that many more ordinals, so that applying what takes them makes nothing. */
  public void reserve(int more) {
    entries.reserve(more);
  }

  /**
   * Applies the records of one log frame: the one way in which contents change, for a batch just
   * made durable and for one that is replayed. Makes nothing where there is room for them.
   *
   * @return how many of its deletes found an entry
   * @throws MalformedException at a vector that cannot be stored; the records before it are applied
   */
  public int apply(Records records) {
    return entries.apply(records);
  }

  /**
   * Adds an entry whose vector a snapshot's reader has put into {@link #vectors} already, at the
   * next ordinal.
   *
   * @param isDead whether it only keeps its ordinal
   * @throws MalformedException if the id is live already, or the vector is none that can be stored
   */
  public void addLoaded(byte[] encodedId, byte[] encodedMetadata, boolean isDead) {
    entries.addLoaded(encodedId, encodedMetadata, isDead);
  }

  // The graph

  /** The graph; for searches and for what stores it. */
  public HnswGraph graph() {
    return graph;
  }

  /** What was learned of how far the vectors' codes can be relied on. */
  public CodeTrust trust() {
    return trust;
  }

  /** Searches go through another graph from now on, whose links are of these ordinals. */
  public void useGraph(HnswGraph other) {
    graph = other;
  }

  /** From now on a node gets so many neighbors, if nothing is linked yet. */
  public void linkWith(int m) {
    if (isUnlinked()) {
      graph = new HnswGraph(m);
    }
  }

  /** Whether nothing is linked and nothing was left out of a graph yet. */
  public boolean isUnlinked() {
    return graph.size() == 0;
  }

  /** How many ordinals the graph links. */
  public int linkedCount() {
    return graph.linkedCount();
  }

  /** How many ordinals the graph has decided about; those from here on are its tail. */
  public int decidedCount() {
    return graph.size();
  }

  /** Whether the graph has a tail, cannot be looked up in whole, or leads over too many dead. */
  public boolean isUpkeepDue() {
    // Without a tail, what is linked and not live is dead.
    return graph.size() < ordinalCount()
        || graph.isLookupBehind()
        || GraphMaintenance.isPurgeDue(graph, graph.linkedCount() - liveCount());
  }

  /** What keeps the graph up with the entries, with so many threads; one at a time may be at it. */
  public GraphMaintenance upkeep(int efConstruction, Platform platform, int threads) {
    return new GraphMaintenance(graph, vectors(), efConstruction, platform, threads);
  }

  /** Whether it is the present graph that somebody keeps up. */
  public boolean isKeptUpBy(GraphMaintenance upkeep) {
    return upkeep.graph() == graph;
  }

  // Leaving dead entries behind

  /**
   * The ordinals of a moment, as bits, that are dead and that the graph does not need to find the
   * way. The graph must not have changed since.
   */
  public long[] removableBits(EntryView view) {
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
    int decided = graph.size(); // First, as the graph may be growing.
    int linked = graph.linkedCount();
    return linked == 0 ? ordinalCount() - liveCount() : Math.max(0, decided - linked);
  }

  /**
   * About how many bytes contents {@link #without} so many of the ordinals take, beside ids and
   * metadata, which both have.
   */
  public long bytesWithout(int dropped) {
    // With a place to look each up by its vector.
    long links = graph.size() == 0 ? 0 : 8L * graph.m() + 24;
    return entries.bytesWithout(dropped) + (ordinalCount() - dropped) * links;
  }

  /**
   * Contents with the live entries of a moment and without some of the dead ones; the others move
   * up and keep their order. Needs no lock, as long as the graph does not change; {@link #catchUp}
   * then takes along what was applied meanwhile.
   *
   * @param view these contents at that moment
   * @param drop the ordinals to leave out, as bits; only {@linkplain #removableBits removable} ones
   *     may be set
   */
  public Contents without(EntryView view, long[] drop) {
    Table compact = entries.without(view, drop);
    try {
      return new Contents(compact, graph.without(drop), trust);
    } catch (RuntimeException | Error e) {
      compact.release();
      throw e;
    }
  }

  /**
   * Takes along what was applied to the contents that these were made of, and is not applied to
   * them while this runs. Takes as long as there are such changes, and hardly longer with more
   * entries.
   *
   * @param source those contents
   * @param since their moment of which these were made
   * @param drop what was left out
   */
  public void catchUp(Contents source, EntryView since, long[] drop) {
    entries.catchUp(source.entries, since, drop);
  }

  /** Gives the vectors' memory back. Nothing may use the contents afterwards. */
  public void release() {
    entries.release();
  }

  /**
   * Plans to leave dead entries behind in the contents themselves, where there is no memory for
   * others. Searches and commits may go on; the graph must not change until all is done.
   *
   * @param since the contents at this moment
   * @param isPressing whether the graph may be given up, if it leads over most of what is dead or
   *     there is no memory for another
   * @return null if there is next to nothing to be gained
   */
  public @Nullable Compaction compaction(EntryView since, boolean isPressing) {
    return Compaction.of(this, since, isPressing);
  }

  /** Goes on without some of the dead, and with a graph that lacks them. Makes nothing. */
  void moveUp(long[] drop, HnswGraph moved) {
    entries.moveUp(drop);
    graph = moved;
  }
}
