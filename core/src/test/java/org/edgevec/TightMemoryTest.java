package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.edgevec.contents.Contents;
import org.edgevec.engine.EngineInside;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * There is memory for all that lives, and not for as much again: what is dead makes room, during
 * writes, at checkpoints and at opening.
 */
@Timeout(60)
final class TightMemoryTest {

  private static final int COUNT = 4000;
  private static final int ROOM = 5500;
  private static final int BATCH = 100;

  /** What becomes of the entries. */
  private enum Change {
    DELETE,
    REPLACE,
    MIXED
  }

  /** How far they are linked when it does. */
  private enum Links {
    NONE,
    /** And what dies is taken out of the graph beside. */
    MAINTAINED,
    /** And nobody gets to it. */
    STALE
  }

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final LimitedArenas arenas = new LimitedArenas(ROOM);

  /** What there should be, in the order in which it was put. */
  private final Map<String, Float> model = new LinkedHashMap<>();

  private final Random random = new Random(1);

  /** JUnit ends the JVM at the test's own error of that kind. */
  private static VectorDatabase opened(Supplier<VectorDatabase> opening) {
    try {
      return opening.get();
    } catch (OutOfMemoryError e) {
      throw new AssertionError(e);
    }
  }

  private static void write(VectorDatabase db, WriteBatch batch) {
    try {
      db.write(batch);
    } catch (OutOfMemoryError e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<String> cases() {
    List<String> cases = new ArrayList<>();
    for (Change change : Change.values()) {
      for (Links links : Links.values()) {
        cases.add(change + " " + links);
      }
    }
    return cases.stream();
  }

  private static Change changeOf(String given) {
    return Change.valueOf(given.split(" ")[0]);
  }

  private static Links linksOf(String given) {
    return Links.valueOf(given.split(" ")[1]);
  }

  private static Options options(Links links, CheckpointPolicy policy) {
    int minEntries = links == Links.NONE ? Integer.MAX_VALUE : 1;
    return Options.of(2, Metric.L2)
        .hnsw(HnswOptions.of(4, 8).minEntries(minEntries))
        .checkpointPolicy(policy);
  }

  private static TestPlatform platform(Links links) {
    return links == Links.STALE ? TestPlatform.withBackground(1) : TestPlatform.seeded(1);
  }

  private VectorDatabase open(Links links, CheckpointPolicy policy) {
    return opened(
        () ->
            VectorDatabase.open(
                MemoryStorage.open(disk), options(links, policy), platform(links).with(arenas)));
  }

  /** A database with entries, opened again. */
  private VectorDatabase filled(Links links) {
    Options options = options(links, CheckpointPolicy.MANUAL);
    try (VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(disk), options, TestPlatform.seeded(1))) {
      fill(db);
      db.checkpoint();
      assertThat(db.stats().indexedEntries()).isEqualTo(links == Links.NONE ? 0 : COUNT);
    }
    return open(links, CheckpointPolicy.MANUAL);
  }

  private void fill(VectorDatabase db) {
    for (int from = 0; from < COUNT; from += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (int i = from; i < from + BATCH; i++) {
        put(batch, "id" + i, i);
      }
      write(db, batch);
    }
  }

  private void put(WriteBatch batch, String id, float value) {
    batch.put(id, new float[] {value, 1}, Metadata.of("value", (double) value));
    model.remove(id);
    model.put(id, value);
  }

  private void delete(WriteBatch batch, String id) {
    batch.delete(id);
    model.remove(id);
  }

  /** Leaves about as many entries as there were, most of them others. */
  private void change(VectorDatabase db, Change change) {
    for (int round = 0; round < 3; round++) {
      if (change == Change.DELETE) {
        WriteBatch deletes = new WriteBatch();
        int some = Math.min(model.size(), 3 * COUNT / 4);
        for (String id : List.copyOf(model.keySet()).subList(0, some)) {
          if (!id.equals("stays")) {
            delete(deletes, id);
          }
        }
        write(db, deletes);
      }
      for (int i = 0; i < 3 * COUNT / 4; i += BATCH) {
        WriteBatch batch = new WriteBatch();
        for (int j = i; j < i + BATCH; j++) {
          switch (change) {
            case DELETE -> put(batch, "new" + round + "-" + j, -j);
            case REPLACE -> put(batch, "id" + j, COUNT + 10 * round + j);
            case MIXED -> {
              put(batch, "id" + random.nextInt(COUNT), random.nextInt(1000));
              delete(batch, "id" + random.nextInt(COUNT));
            }
          }
        }
        write(db, batch);
      }
    }
  }

  private void expectModel(VectorDatabase db) {
    assertThat(db.ids()).isEqualTo(List.copyOf(model.keySet()));
    model.forEach(
        (id, value) -> {
          Entry entry = db.get(id).orElseThrow();
          assertThat(entry.vector()).containsExactly(value, 1);
          assertThat(entry.metadata().getDouble("value")).isEqualTo(value.doubleValue());
        });
    assertThat(db.stats().readOnly()).isFalse();
    List<String> some = new ArrayList<>(List.copyOf(model.keySet()).subList(0, 50));
    some.remove("stays"); // Far from all others, which a walk through a poor graph may miss.
    for (String id : some) {
      float[] vector = db.get(id).orElseThrow().vector();
      for (SearchRequest request :
          List.of(SearchRequest.of(vector, 1), SearchRequest.of(vector, 1).exact())) {
        Hit hit = db.search(request).get(0);
        assertThat(hit.score()).isZero();
        assertThat(model.get(hit.id())).isEqualTo(vector[0]);
        assertThat(hit.metadata().getDouble("value")).isEqualTo((double) vector[0]);
      }
    }
  }

  private void expectStored(Links links) {
    assertThat(VectorDatabase.verify(MemoryStorage.open(disk), ProgressListener.NONE).damage())
        .isEmpty();
    try (VectorDatabase db = open(links, CheckpointPolicy.MANUAL)) {
      expectModel(db);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writesGoOnWhileWhatLivesFits(String given) throws Exception {
    Links links = linksOf(given);
    try (VectorDatabase db = filled(links)) {
      put(db, "stays", 7500);
      try (Readers readers = new Readers(db)) {
        change(db, changeOf(given));
        readers.check();
      }
      expectModel(db);
      assertThat(arenas.failures()).isPositive();
    }
    expectStored(links);
  }

  private void put(VectorDatabase db, String id, float value) {
    WriteBatch batch = new WriteBatch();
    put(batch, id, value);
    write(db, batch);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void checkpointsDoWithoutAnotherTable(String given) throws Exception {
    Links links = linksOf(given);
    try (VectorDatabase db = filled(links)) {
      long generation = db.stats().generation();
      put(db, "stays", 7500);
      try (Readers readers = new Readers(db)) {
        WriteBatch deletes = new WriteBatch();
        for (int i = 0; i < COUNT / 2; i++) {
          delete(deletes, "id" + 2 * i);
        }
        write(db, deletes);
        db.checkpoint();
        change(db, changeOf(given));
        db.checkpoint();
        readers.check();
      }
      expectModel(db);
      assertThat(db.stats().logBytes()).isZero();
      assertThat(db.stats().generation()).isEqualTo(generation + 2);
      db.checkpoint();
      put(db, "more", 5);
      db.checkpoint();
      expectModel(db);
    }
    expectStored(links);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void roomThatCannotBeGivenBackIsUsedAgain(String given) {
    Links links = linksOf(given);
    try (VectorDatabase db = filled(links)) {
      arenas.keepRoom();
      change(db, changeOf(given));
      db.checkpoint();
      change(db, changeOf(given));
      expectModel(db);
    }
    expectStored(links);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void openingKeepsNoMoreThanLives(String given) {
    Links links = linksOf(given);
    filled(links).close();
    // Where there is more memory.
    try (VectorDatabase db =
        VectorDatabase.open(
            MemoryStorage.open(disk), options(links, CheckpointPolicy.MANUAL), platform(links))) {
      change(db, changeOf(given));
    }
    for (int session = 0; session < 3; session++) {
      try (VectorDatabase db = open(links, CheckpointPolicy.MANUAL)) {
        expectModel(db);
        if (session == 0) {
          db.checkpoint();
        }
        change(db, changeOf(given));
        expectModel(db);
        if (session == 1) {
          db.checkpoint();
        }
      }
    }
    expectStored(links);
  }

  @Test
  void whatLivesAndDoesNotFitIsRefusedAndHarmsNothing() {
    try (VectorDatabase db = filled(Links.NONE)) {
      WriteBatch tooMany = new WriteBatch();
      for (int i = 0; i < 2000; i++) {
        tooMany.put("more" + i, new float[2]);
      }
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> db.write(tooMany)).isInstanceOf(OutOfMemoryError.class);
        expectModel(db);
        put(db, "fits" + i, i);
      }
      expectModel(db);
    }
    expectStored(Links.NONE);
  }

  /** A checkpoint that is about it already gives the room that a write did not find. */
  @Test
  void aWriteIsTriedAgainAfterACheckpoint() throws Exception {
    try (VectorDatabase db = filled(Links.NONE)) {
      WriteBatch deletes = new WriteBatch();
      for (int i = 0; i < 3 * COUNT / 4; i++) {
        delete(deletes, "id" + i);
      }
      write(db, deletes);
      Thread checkpoint = new Thread(db::checkpoint);
      arenas.beforeNextFailure(
          () -> {
            checkpoint.start();
            // It has the turn, and waits for the write to let it look.
            while (checkpoint.getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
          });
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < COUNT / 2; i++) {
        put(batch, "more" + i, i);
      }
      write(db, batch);
      checkpoint.join();
      assertThat(arenas.failures()).isEqualTo(1);
      expectModel(db);
    }
    expectStored(Links.NONE);
  }

  /** A database that is closed, but still named by whoever had it. */
  @Test
  void aClosedDatabaseKeepsNoEntries() throws Exception {
    TestPlatform platform = TestPlatform.withBackground(1);
    VectorDatabase db =
        VectorDatabase.open(
            MemoryStorage.open(disk), options(Links.STALE, CheckpointPolicy.DEFAULT), platform);
    fill(db);
    platform.runTasks();
    put(db, "last", 1);
    WeakReference<Contents> contents = new WeakReference<>(EngineInside.contents(db));
    db.close();
    for (int i = 0; i < 50 && contents.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(contents.get()).isNull();
    assertThatThrownBy(() -> db.get("last")).isInstanceOf(DatabaseClosedException.class);
    // Tasks that were to run hold the database, and find nothing to do.
    platform.runTasks();
  }

  /** Who reads while it is closed is told so, and never that there is nothing. */
  @Test
  void whoReadsWhileItIsClosedIsToldSo() throws Exception {
    for (int round = 0; round < 50; round++) {
      VectorDatabase db =
          VectorDatabase.open(
              MemoryStorage.open(new MemoryStorage.Disk()),
              options(Links.NONE, CheckpointPolicy.MANUAL));
      db.put("stays", new float[] {7500, 1}, Metadata.of("value", 7500.0));
      Readers readers = new Readers(db, LOOKS);
      Thread.sleep(1);
      db.close();
      readers.check();
      readers.close();
    }
  }

  /** At an entry that nobody changes. */
  private static final List<Consumer<VectorDatabase>> LOOKS =
      List.of(
          db -> assertThat(db.contains("stays")).isTrue(),
          db -> assertThat(db.size()).isPositive(),
          db -> assertThat(db.get("stays").orElseThrow().vector()).containsExactly(7500, 1),
          db -> {
            Hit hit = db.search(SearchRequest.of(new float[] {7500, 1}, 3).exact()).get(0);
            assertThat(hit.id()).isEqualTo("stays");
            assertThat(hit.metadata().getDouble("value")).isEqualTo(7500.0);
          },
          db -> assertThat(db.stats().size()).isPositive());

  /** Threads that look, and must be answered rightly. */
  private static final class Readers implements AutoCloseable {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Two that look in every way. */
    Readers(VectorDatabase db) {
      this(db, Collections.nCopies(2, each -> LOOKS.forEach(look -> look.accept(each))));
    }

    /** One for each way of looking. */
    Readers(VectorDatabase db, List<Consumer<VectorDatabase>> looks) {
      for (Consumer<VectorDatabase> look : looks) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    while (!stop.get()) {
                      look.accept(db);
                    }
                  } catch (DatabaseClosedException e) {
                    // As it should.
                  } catch (RuntimeException | Error e) {
                    failure.set(e);
                  }
                });
        threads.add(thread);
        thread.start();
      }
    }

    void check() throws InterruptedException {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
    }

    @Override
    public void close() throws InterruptedException {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }
}
