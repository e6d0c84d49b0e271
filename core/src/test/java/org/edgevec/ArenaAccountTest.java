package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever an operation ends with, the memory of its vectors is given back: every call of the
 * storage, of the arena and of the progress listener fails once, in every operation. In the browser
 * nothing else gives it back.
 */
class ArenaAccountTest {

  private static final Options OPTIONS =
      Options.of(2, Metric.L2)
          .checkpointPolicy(CheckpointPolicy.MANUAL)
          .hnsw(HnswOptions.of(4, 20).minEntries(1));

  /** Fails the call numbered so, counted over storage, arena and listener. */
  private static final class Faults {
    private int at = -1;
    private int calls;
    private Throwable error = new AssertionError();

    void call() throws Throwable {
      if (calls++ == at) {
        throw error;
      }
    }
  }

  private final Faults faults = new Faults();
  private final Map<Object, Integer> held = new HashMap<>();
  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();

  /** What is done with a database that is there, by an operation that ends. */
  private enum Operation {
    OPEN_AND_CLOSE(test -> test.open(Options.existing()).run(VectorDatabase::close)),
    OPEN_WITH_OTHER_OPTIONS(
        test -> test.open(Options.of(3, Metric.DOT)).run(VectorDatabase::close)),
    OPEN_FOR_SALVAGE(
        test -> test.open(Options.existing().salvage(true)).run(VectorDatabase::close)),
    WRITE(test -> test.open(OPTIONS).run(ArenaAccountTest::write)),
    CHECKPOINT(test -> test.open(OPTIONS).run(ArenaAccountTest::checkpoint)),
    SEARCH(test -> test.open(OPTIONS).run(ArenaAccountTest::search)),
    VERIFY_OPEN(test -> test.open(OPTIONS).run(ArenaAccountTest::verify)),
    VERIFY(test -> VectorDatabase.verify(test.storage(test.disk), test::progress)),
    SALVAGE(
        test ->
            VectorDatabase.salvage(
                test.storage(test.disk),
                () -> test.storage(new MemoryStorage.Disk()),
                test.platform(),
                test::progress)),
    SALVAGE_TO_WHERE_SOMETHING_IS(
        test -> {
          MemoryStorage.Disk other = new MemoryStorage.Disk();
          VectorDatabase.open(MemoryStorage.open(other), OPTIONS).close();
          VectorDatabase.salvage(
              test.storage(test.disk), () -> test.storage(other), test.platform(), test::progress);
        });

    private final Consumer<ArenaAccountTest> body;

    Operation(Consumer<ArenaAccountTest> body) {
      this.body = body;
    }
  }

  /** An open database that is closed whatever becomes of the work. */
  private record Opened(VectorDatabase database) {
    void run(Consumer<VectorDatabase> work) {
      try {
        work.accept(database);
      } finally {
        database.close();
      }
    }
  }

  private Opened open(Options options) {
    return new Opened(VectorDatabase.open(storage(disk), options, platform()));
  }

  private static void write(VectorDatabase db) {
    for (int i = 0; i < 200; i++) {
      db.put("more-" + i, new float[] {i, 1});
    }
    db.delete("id-3");
  }

  private static void checkpoint(VectorDatabase db) {
    for (int i = 0; i < 20; i++) {
      db.delete("id-" + i);
    }
    db.checkpoint();
    db.put("later", new float[] {1, 2});
    db.checkpoint();
  }

  private static void search(VectorDatabase db) {
    db.search(SearchRequest.of(new float[] {1, 2}, 3).efSearch(10));
    assertThatThrownBy(() -> db.search(SearchRequest.of(new float[] {1}, 3).efSearch(10).exact()))
        .isInstanceOf(InvalidInputException.class);
    db.awaitIndexed(ProgressListener.NONE);
  }

  private static void verify(VectorDatabase db) {
    db.verify(ProgressListener.NONE);
  }

  private void progress(long done, long total) {
    try {
      faults.call();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private Platform platform() {
    return TestPlatform.seeded(3).with(this::arena);
  }

  /** An arena that notes for how many vectors it has room, and may fail to make it. */
  private VectorArena arena(int dimension, Metric metric) {
    VectorArena inner = HeapArena.SCALAR.create(dimension, metric);
    return wrapped(inner, inner);
  }

  private VectorArena wrapped(VectorArena inner, Object owner) {
    return proxy(
        VectorArena.class,
        (proxy, method, args) -> {
          switch (method.getName()) {
            case "view":
              return wrapped(inner.view(), owner);
            case "copy":
              VectorArena source = (VectorArena) args[0];
              inner.copy(unwrapped(source), (int) args[1], (int) args[2]);
              return null;
            case "reserve":
              faults.call();
              held.put(owner, Math.max((int) args[0], held.getOrDefault(owner, 0)));
              return invoke(inner, method, args);
            case "release":
              held.remove(owner);
              return null;
            case "unwrap":
              return inner;
            default:
              return invoke(inner, method, args);
          }
        });
  }

  private static VectorArena unwrapped(VectorArena proxy) {
    return ((Wrapped) proxy).unwrap();
  }

  /** What a proxy can be asked, too. */
  public interface Wrapped {
    VectorArena unwrap();
  }

  private StorageBackend storage(MemoryStorage.Disk there) {
    StorageBackend inner = MemoryStorage.open(there);
    return proxy(
        StorageBackend.class,
        (proxy, method, args) -> {
          if (method.getName().equals("close")) {
            inner.close();
          }
          faults.call();
          return invoke(inner, method, args);
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    Class<?>[] types = {type, Wrapped.class};
    return type.cast(
        Proxy.newProxyInstance(ArenaAccountTest.class.getClassLoader(), types, handler));
  }

  private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void make() {
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS)) {
      for (int i = 0; i < 60; i++) {
        db.put("id-" + i, new float[] {i, 1});
      }
      db.awaitIndexed(ProgressListener.NONE);
      db.checkpoint();
      db.put("id-0", new float[] {7, 7});
      db.delete("id-1");
    }
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void allMemoryIsGivenBackWhateverFails(Operation operation) {
    make();
    Map<String, byte[]> before = disk.files();
    int steps = 0;
    for (Throwable error :
        new Throwable[] {
          new StorageIOException("for a test"), new OutOfMemoryError("for a test")
        }) {
      int last = Integer.MAX_VALUE;
      for (int at = 0; at <= last; at++, steps++) {
        restore(before);
        faults.calls = 0;
        faults.at = at;
        faults.error = error;
        run(operation);
        assertThat(held).as("%s, call %s fails with %s", operation, at, error).isEmpty();
        if (faults.calls <= at) {
          last = at;
        }
      }
    }
    System.out.println(operation + ": " + steps + " ways to end");
    assertThat(steps).isGreaterThan(2);
  }

  private void run(Operation operation) {
    try {
      operation.body.accept(this);
    } catch (RuntimeException | Error e) {
      // However it ends, what it held is what counts here.
      assertThat(e)
          .isInstanceOfAny(
              OutOfMemoryError.class,
              InvalidInputException.class,
              DatabaseClosedException.class,
              PersistenceException.class,
              IndexingException.class);
    }
  }

  private void restore(Map<String, byte[]> files) {
    MemoryStorage storage = MemoryStorage.open(disk);
    for (String name : storage.list()) {
      storage.delete(name);
    }
    files.forEach((name, bytes) -> storage.append(name, bytes, 0, bytes.length));
    files.keySet().forEach(name -> storage.sync(name, Durability.STRICT));
    storage.close();
  }

  @Test
  void aTableThatIsLeftBehindIsGivenBack() {
    make();
    open(OPTIONS)
        .run(
            db -> {
              checkpoint(db);
              assertThat(held).hasSize(1);
            });
    assertThat(held).isEmpty();
  }
}
