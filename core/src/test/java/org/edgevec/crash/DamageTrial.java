package org.edgevec.crash;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.Metadata;
import org.edgevec.Options;
import org.edgevec.SearchRequest;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.bytes.Bits;
import org.edgevec.contents.Contents;
import org.edgevec.engine.EngineInside;
import org.edgevec.index.HnswGraph;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.UnsupportedVersionException;
import org.edgevec.table.EntryView;

/**
 * Opens a damaged store and judges what comes of it. Right are two outcomes: every entry is there
 * as it was put, or the opening is refused as damaged, with nothing changed. Not thread-safe.
 *
 * <p>What is served is compared entry by entry each time: ids, order, vectors and metadata as they
 * lie in memory, with what an opening of the undamaged store had there after all of it was compared
 * with the model through the public face; then one entry's vector is searched for. One time in
 * {@value #THOROUGHLY} that is done with the damaged store, too, and then it takes a write, is
 * closed, and opened again.
 */
final class DamageTrial {

  private static final int THOROUGHLY = 64;

  /** What an opening may allocate beside a few times what that of the undamaged store does. */
  private static final long ROOM_BYTES = 4 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What came of a damage. */
  enum Outcome {
    /** Opened, and everything is there. */
    SERVED,
    /** Refused as damaged, and nothing was changed. */
    REFUSED,
    /** Opened with something else, at too high a cost, or refused after a change. */
    WRONG,
    /** Any other exception; also one of storage, since this storage does not fail by itself. */
    UNTYPED
  }

  /**
   * @param outcome right or wrong
   * @param what what is wrong, or the code of the refusal
   */
  record Verdict(Outcome outcome, String what) {
    boolean isRight() {
      return outcome == Outcome.SERVED || outcome == Outcome.REFUSED;
    }
  }

  /** How a store is opened; tests give one that does it badly. */
  interface Opener {
    VectorDatabase open(StorageBackend storage);
  }

  private final ReferenceStore store;
  private final List<String> names;
  private final Opener opener;
  private final Contents expected;
  private final long generation;
  private final long allowedBytes;
  private long served;

  DamageTrial(ReferenceStore store, Opener opener) {
    this.store = store;
    this.names = List.copyOf(store.files().keySet());
    this.opener = opener;
    VectorDatabase db = open(undamaged());
    compareWithModel(db, store.entries());
    this.expected = EngineInside.contents(db);
    this.generation = db.recoveryReport().generation();
    long before = allocated();
    open(undamaged());
    this.allowedBytes = 4 * (allocated() - before) + ROOM_BYTES;
  }

  DamageTrial(ReferenceStore store) {
    this(store, DamageTrial::open);
  }

  private DamagedStorage undamaged() {
    return new DamagedStorage(store.files(), names, "", new byte[0], 0);
  }

  static VectorDatabase open(StorageBackend storage) {
    return VectorDatabase.open(
        storage,
        Options.existing().checkpointPolicy(CheckpointPolicy.MANUAL),
        TestPlatform.withBackground(1));
  }

  /**
   * Opens the store with one file replaced.
   *
   * @param bytes what replaces it, or null if it is gone
   * @param size how many of these bytes there are
   */
  Verdict judge(String file, byte[] bytes, int size) {
    DamagedStorage storage = new DamagedStorage(store.files(), names, file, bytes, size);
    long before = allocated();
    Verdict verdict = open(storage, file, before);
    if (verdict.outcome() == Outcome.REFUSED && storage.isChanged()) {
      return new Verdict(Outcome.WRONG, "refused, and yet something was written");
    }
    return verdict;
  }

  private Verdict open(DamagedStorage storage, String damaged, long allocatedBefore) {
    try {
      VectorDatabase db = opener.open(storage);
      checkAllocated(allocatedBefore);
      compare(EngineInside.contents(db));
      compareGraph(db, damaged);
      search(db, store.entries());
      if (served++ % THOROUGHLY == 0) {
        compareThoroughly(db, storage);
      } else {
        db.close();
      }
      return new Verdict(Outcome.SERVED, "");
    } catch (CorruptDataException | UnsupportedVersionException e) {
      return refused(e.code(), allocatedBefore);
    } catch (WrongAnswer e) {
      return new Verdict(Outcome.WRONG, e.getMessage());
    } catch (Throwable e) { // Whatever it is, it should have been one of those.
      return new Verdict(Outcome.UNTYPED, e.toString());
    }
  }

  private Verdict refused(String code, long allocatedBefore) {
    try {
      checkAllocated(allocatedBefore);
      return new Verdict(Outcome.REFUSED, code);
    } catch (WrongAnswer e) {
      return new Verdict(Outcome.WRONG, e.getMessage());
    }
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /** A damaged length must not decide how much memory is asked for. */
  private void checkAllocated(long before) {
    long bytes = allocated() - before;
    if (bytes > allowedBytes) {
      throw new WrongAnswer("opening allocated " + bytes + " bytes; right are " + allowedBytes);
    }
  }

  /** What is served is not what was stored, or costs too much. */
  private static final class WrongAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongAnswer(String message) {
      super(message);
    }
  }

  private static void insist(boolean holds, String what) {
    if (!holds) {
      throw new WrongAnswer(what);
    }
  }

  // In memory

  private void compare(Contents found) {
    insist(found.liveCount() == expected.liveCount(), found.liveCount() + " entries are served");
    insist(
        found.dimension() == expected.dimension() && found.metric() == expected.metric(),
        "another dimension or metric");
    EntryView there = found.view();
    EntryView model = expected.view();
    int at = 0;
    for (int ordinal = 0; ordinal < model.ordinalCount(); ordinal++) {
      if (!Bits.get(model.dead(), ordinal)) {
        at = nextLive(there, at);
        compare(found, there, at, model, ordinal);
        at++;
      }
    }
  }

  private static int nextLive(EntryView view, int from) {
    int at = from;
    while (at < view.ordinalCount() && Bits.get(view.dead(), at)) {
      at++;
    }
    insist(at < view.ordinalCount(), "entries are missing");
    return at;
  }

  private static void compare(
      Contents found, EntryView there, int at, EntryView model, int ordinal) {
    String id = model.ids()[ordinal];
    insist(id.equals(there.ids()[at]), there.ids()[at] + " stands where " + id + " should");
    insist(found.ordinalOf(id) == at, id + " is not found");
    insist(Arrays.equals(there.metadata()[at], model.metadata()[ordinal]), "metadata of " + id);
    insist(
        Arrays.equals(there.vectors().get(at), model.vectors().get(ordinal)),
        "the vector of " + id);
  }

  /** A graph is the one that was stored, or it is built anew, and the report says so. */
  private void compareGraph(VectorDatabase db, String damaged) {
    if (db.recoveryReport().generation() != generation) {
      return; // With the graph of the snapshot before, which searches are to find through.
    }
    HnswGraph found = EngineInside.contents(db).graph();
    boolean isNoted =
        db.recoveryReport().notes().stream().anyMatch(note -> note.contains("search graph"));
    if (isNoted) {
      insist(ReferenceStore.kind(damaged).equals("graph"), "a graph that is whole is not used");
      insist(found.size() == 0, "a damaged graph is used");
      return;
    }
    HnswGraph graph = expected.graph();
    insist(found.size() == graph.size() && found.entryPoint() == graph.entryPoint(), "a graph");
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      insist(found.level(ordinal) == graph.level(ordinal), "the level of " + ordinal);
      for (int level = 0; level <= graph.level(ordinal); level++) {
        insist(
            Arrays.equals(list(found, ordinal, level), list(graph, ordinal, level)),
            "the neighbors of " + ordinal);
      }
    }
  }

  private static int[] list(HnswGraph graph, int ordinal, int level) {
    int start = graph.start(ordinal, level);
    int[] list = graph.neighbors(ordinal, level);
    return Arrays.copyOfRange(list, start, start + 1 + list[start]);
  }

  // Through the public face

  private void compareThoroughly(VectorDatabase db, DamagedStorage storage) {
    compareWithModel(db, store.entries());
    List<Entry> more = new ArrayList<>(store.entries());
    float[] vector = new float[db.dimension()];
    Arrays.fill(vector, 0.5f);
    more.add(Entry.of("written after the damage", vector, Metadata.of("n", served)));
    Entry last = more.get(more.size() - 1);
    db.put(last.id(), last.vector(), last.metadata());
    db.close();
    VectorDatabase again = open(storage.reopened());
    compareWithModel(again, more);
    again.close();
  }

  private static void compareWithModel(VectorDatabase db, List<Entry> entries) {
    insist(db.size() == entries.size(), db.size() + " entries of " + entries.size());
    List<String> ids = db.ids();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      insist(ids.get(i).equals(entry.id()), ids.get(i) + " stands where " + entry.id() + " should");
      Entry found = db.get(entry.id()).orElse(null);
      insist(found != null, entry.id() + " is not found");
      insist(Arrays.equals(found.vector(), entry.vector()), "the vector of " + entry.id());
      insist(found.metadata().equals(entry.metadata()), "the metadata of " + entry.id());
    }
    search(db, entries);
  }

  /** The vector of some entry finds that entry first; so few candidates make it walk the graph. */
  private static void search(VectorDatabase db, List<Entry> entries) {
    Entry target = entries.get(entries.size() / 2);
    List<Hit> hits = db.search(SearchRequest.of(target.vector(), 3).efSearch(3));
    insist(hits.size() == 3 && hits.get(0).id().equals(target.id()), "a search found " + hits);
    Comparator<Hit> nearestFirst =
        db.metric().higherIsNearer()
            ? Comparator.comparing(Hit::score).reversed()
            : Comparator.comparing(Hit::score);
    insist(hits.equals(hits.stream().sorted(nearestFirst).toList()), "hits out of order: " + hits);
  }
}
