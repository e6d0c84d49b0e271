package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Null, and what else nobody should give, as every argument of every public method: refused where
 * it is given, or taken as it is, and nothing changes that should not.
 */
final class ArgumentsTest {

  /** What calls give back, throw, or are given to implement; who makes one asks for nothing. */
  private static final Set<Class<?>> NOT_CALLED =
      Set.of(
          DatabaseClosedException.class,
          Entry.class,
          Hit.class,
          IndexingException.class,
          InvalidInputException.class,
          Metric.class,
          Platform.class,
          ProgressListener.class,
          RecoveryReport.class,
          SalvageReport.class,
          Stats.class,
          VerifyReport.class);

  private static final List<Class<?>> API = api();

  /** Every public class of the package but those, so that none can be forgotten. */
  private static List<Class<?>> api() {
    try (Stream<Path> files =
        Files.list(
            Path.of(VectorDatabase.class.getResource("VectorDatabase.class").toURI())
                .getParent())) {
      List<Class<?>> types = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".class") && !name.contains("$") && !name.startsWith("package")) {
          Class<?> type = Class.forName("org.edgevec." + name.replace(".class", ""));
          if (Modifier.isPublic(type.getModifiers()) && !NOT_CALLED.contains(type)) {
            types.add(type);
          }
        }
      }
      return types;
    } catch (IOException | URISyntaxException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** A method or constructor, and which argument of it is null. */
  private record Call(Executable called, int missing) {
    @Override
    public String toString() {
      return called.getDeclaringClass().getSimpleName()
          + "."
          + called.getName()
          + " without "
          + called.getParameterTypes()[missing].getSimpleName();
    }
  }

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final VectorDatabase db =
      VectorDatabase.open(MemoryStorage.open(disk), Options.of(2, Metric.L2));

  static List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    for (Class<?> type : API) {
      List<Executable> called = new ArrayList<>(List.of(type.getDeclaredMethods()));
      called.addAll(List.of(type.getConstructors()));
      for (Executable one : called) {
        for (int i = 0; i < one.getParameterCount(); i++) {
          boolean mayBeNull =
              one.getAnnotatedParameterTypes()[i].isAnnotationPresent(Nullable.class);
          if (isAsked(one) && !mayBeNull && !one.getParameterTypes()[i].isPrimitive()) {
            calls.add(new Call(one, i));
          }
        }
      }
    }
    return calls;
  }

  private static boolean isAsked(Executable called) {
    return Modifier.isPublic(called.getModifiers())
        && !called.isSynthetic()
        && !called.getName().equals("equals");
  }

  private Object valid(Class<?> type) {
    Map<Class<?>, Object> values =
        Map.ofEntries(
            Map.entry(String.class, "id"),
            Map.entry(float[].class, new float[] {1, 2}),
            Map.entry(Metadata.class, Metadata.empty()),
            Map.entry(WriteBatch.class, new WriteBatch().put("id", new float[] {1, 2})),
            Map.entry(SearchRequest.class, SearchRequest.of(new float[] {1, 2}, 1)),
            Map.entry(ProgressListener.class, ProgressListener.NONE),
            Map.entry(StorageBackend.class, MemoryStorage.open(new MemoryStorage.Disk())),
            Map.entry(
                StorageBackend.Opener.class,
                (StorageBackend.Opener) () -> MemoryStorage.open(new MemoryStorage.Disk())),
            Map.entry(Options.class, Options.of(2, Metric.L2)),
            Map.entry(Platform.class, Platform.inline()),
            Map.entry(Metric.class, Metric.L2),
            Map.entry(Durability.class, Durability.STRICT),
            Map.entry(CheckpointPolicy.class, CheckpointPolicy.DEFAULT),
            Map.entry(HnswOptions.class, HnswOptions.DEFAULT),
            Map.entry(Filter.class, Filter.eq("id", 1)),
            Map.entry(Map.class, Map.of()),
            Map.entry(Collection.class, List.of()),
            Map.entry(Object.class, "value"),
            Map.entry(Object[].class, new Object[0]),
            Map.entry(int.class, 16),
            Map.entry(long.class, 16L),
            Map.entry(boolean.class, false));
    Object value = values.get(type);
    assertThat(value).as("a valid " + type).isNotNull();
    return value;
  }

  private Object receiver(Class<?> type) {
    return type == VectorDatabase.class ? db : valid(type);
  }

  private Throwable outcome(Call call) {
    return outcome(call.called(), call.missing(), null);
  }

  private Throwable outcome(Executable called, int bad, Object value) {
    Object[] arguments = new Object[called.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == bad ? value : valid(called.getParameterTypes()[i]);
    }
    try {
      if (called instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        boolean isStatic = Modifier.isStatic(called.getModifiers());
        Object receiver = isStatic ? null : receiver(called.getDeclaringClass());
        ((Method) called).invoke(receiver, arguments);
      }
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void nullIsRefused(Call call) {
    Throwable thrown = outcome(call);
    assertThat(thrown).isInstanceOf(InvalidInputException.class);
    assertThat(thrown.getMessage()).contains(" null");
    assertThat(db.size()).isZero();
    db.put("still", new float[] {3, 4});
    assertThat(db.size()).isEqualTo(1);
  }

  @Test
  void whereTheSourceIsClosedWithTheCallItIsClosedAlsoWhenThatIsRefused() {
    db.close();
    StorageBackend storage = MemoryStorage.open(disk);
    assertThat(catchThrowable(() -> VectorDatabase.open(storage, null, Platform.inline())))
        .isInstanceOf(InvalidInputException.class);
    VectorDatabase.open(MemoryStorage.open(disk), Options.existing()).close();
  }

  /** An argument of a method, and what is given for it. */
  private record Misuse(Executable called, int index, Hostile given) {
    @Override
    public String toString() {
      return new Call(called, index).toString().replace(" without ", " with ") + " " + given;
    }
  }

  private static List<Misuse> misuses() {
    List<Misuse> misuses = new ArrayList<>();
    for (Class<?> type : API) {
      List<Executable> called = new ArrayList<>(List.of(type.getDeclaredMethods()));
      called.addAll(List.of(type.getConstructors()));
      for (Executable one : called) {
        for (int i = 0; isAsked(one) && i < one.getParameterCount(); i++) {
          for (Hostile given : Hostile.of(one.getParameterTypes()[i])) {
            misuses.add(new Misuse(one, i, given));
          }
        }
      }
    }
    return misuses;
  }

  /** One test, since arguments of that size shall not be kept for long. */
  @Test
  void whateverIsGivenNothingIsHarmed() {
    List<Misuse> misuses = misuses();
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    db.put("sentinel", new float[] {7, 7}, Metadata.of("k", "v"));
    for (Misuse misuse : misuses) {
      Throwable thrown = outcome(misuse.called(), misuse.index(), misuse.given().value());
      refused += thrown == null ? 0 : 1;
      if (!isExpected(thrown, misuse.given()) || !isUnharmed()) {
        wrong.add(misuse + ": " + thrown);
      }
    }
    System.out.println(
        "ArgumentsTest: "
            + calls().size()
            + " nulls, "
            + misuses.size()
            + " others, of which "
            + refused
            + " are refused");
    assertThat(wrong).isEmpty();
    assertThat(misuses).hasSizeGreaterThan(100);
    expectWholeAfterwards();
  }

  /** A refusal that can be read, or what the caller's own object has thrown, or none. */
  private static boolean isExpected(Throwable thrown, Hostile given) {
    boolean isTyped =
        thrown instanceof InvalidInputException || thrown instanceof PersistenceException;
    boolean isTold =
        isTyped && !thrown.getMessage().isBlank() && thrown.getMessage().length() < 500;
    return thrown == null || isTold || thrown == given.thrown();
  }

  private boolean isUnharmed() {
    db.put("still", new float[] {3, 4});
    List<Hit> hits = db.search(SearchRequest.of(new float[] {7, 7}, 1));
    return !db.stats().readOnly()
        && db.get("sentinel").orElseThrow().metadata().equals(Metadata.of("k", "v"))
        && hits.get(0).id().equals("sentinel");
  }

  private void expectWholeAfterwards() {
    List<String> ids = db.ids();
    assertThat(ids).doesNotContain("good", "huge0").contains("sentinel");
    assertThat(db.verify(ProgressListener.NONE).damage()).isEmpty();
    db.close();
    try (VectorDatabase reopened =
        VectorDatabase.open(MemoryStorage.open(disk), Options.existing())) {
      assertThat(reopened.ids()).isEqualTo(ids);
    }
  }

  /** Every method of one that is closed says so, or needs nothing of it. */
  @Test
  void aClosedDatabaseSaysSo() {
    db.put("sentinel", new float[] {7, 7});
    Iterable<Entry> entries = db.entries();
    Iterator<Entry> begun = entries.iterator();
    db.close();
    Set<String> need = Set.of("close", "dimension", "metric", "recoveryReport");
    for (Method method : VectorDatabase.class.getDeclaredMethods()) {
      if (isAsked(method) && !Modifier.isStatic(method.getModifiers())) {
        Throwable thrown = outcome(method, -1, null);
        if (need.contains(method.getName())) {
          assertThat(thrown).as(method.getName()).isNull();
        } else {
          assertThat(thrown).as(method.getName()).isInstanceOf(DatabaseClosedException.class);
        }
      }
    }
    assertThat(catchThrowable(begun::next)).isInstanceOf(DatabaseClosedException.class);
    assertThat(catchThrowable(entries::iterator)).isInstanceOf(DatabaseClosedException.class);
  }

  /** What a listener throws comes out of the call, and the next call goes well. */
  @Test
  void whatAListenerThrowsComesOutAndHarmsNothing() {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < 3000; i++) {
      batch.put("id" + i, new float[] {i, 1});
    }
    db.put("sentinel", new float[] {7, 7}, Metadata.of("k", "v"));
    db.write(batch);
    db.checkpoint();
    for (Error error : List.of(new AssertionError("mine"), new OutOfMemoryError("mine"))) {
      for (int after = 0; after < 4; after++) {
        int[] calls = {after};
        ProgressListener throwing =
            (done, total) -> {
              if (calls[0]-- == 0) {
                throw error;
              }
            };
        assertThat(catchThrowable(() -> db.verify(throwing))).isIn(error, null);
        calls[0] = after;
        assertThat(catchThrowable(() -> db.awaitIndexed(throwing))).isIn(error, null);
        calls[0] = after;
        assertThat(
                catchThrowable(
                    () -> VectorDatabase.verify(MemoryStorage.open(copyOfDisk()), throwing)))
            .isIn(error, null);
        calls[0] = after;
        MemoryStorage.Disk target = new MemoryStorage.Disk();
        Throwable thrown =
            catchThrowable(
                () ->
                    VectorDatabase.salvage(
                        MemoryStorage.open(copyOfDisk()),
                        () -> MemoryStorage.open(target),
                        Platform.inline(),
                        throwing));
        assertThat(thrown).isIn(error, null);
        assertThat(isUnharmed()).isTrue();
        assertThat(db.verify(ProgressListener.NONE).damage()).isEmpty();
      }
    }
    expectWholeAfterwards();
  }

  private MemoryStorage.Disk copyOfDisk() {
    return MemoryStorage.Disk.of(new TreeMap<>(disk.files()));
  }
}
