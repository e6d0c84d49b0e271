package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Null as every argument of every public method: refused where it is given, and nothing changes.
 */
final class ArgumentsTest {

  private static final List<Class<?>> API =
      List.of(
          VectorDatabase.class,
          WriteBatch.class,
          Metadata.class,
          Options.class,
          HnswOptions.class,
          CheckpointPolicy.class,
          SearchRequest.class);

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
          if (isAsked(one) && !one.getParameterTypes()[i].isPrimitive()) {
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
            Map.entry(Map.class, Map.of()),
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
    Executable called = call.called();
    Object[] arguments = new Object[called.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == call.missing() ? null : valid(called.getParameterTypes()[i]);
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
}
