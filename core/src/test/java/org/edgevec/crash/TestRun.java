package org.edgevec.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs one test of a JUnit class, in the class loader that this is loaded by. */
final class TestRun {

  /** A test that takes longer hangs, which is as good as failing. */
  private static final long MAX_SECONDS = 30;

  private TestRun() {}

  /**
   * Runs a test with all that its class wants to be called before and after it.
   *
   * @param arguments the class, the method, and what its parameters are given
   * @return what it failed with; empty if it did not
   */
  static String run(String[] arguments) {
    FutureTask<String> running = new FutureTask<>(() -> failureOf(arguments));
    Thread thread = new Thread(running, "mutant");
    thread.setDaemon(true);
    thread.start();
    try {
      return running.get(MAX_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return "it is not back after " + MAX_SECONDS + " s";
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String failureOf(String[] arguments) throws Exception {
    Class<?> type = Class.forName(arguments[0]);
    Method test = method(type, arguments[1]);
    Path folder = Files.createTempDirectory("edgevec-mutant");
    try {
      run(type, test, values(test, List.of(arguments).subList(2, arguments.length)), folder);
      return "";
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    } finally {
      delete(folder);
    }
  }

  private static Method method(Class<?> type, String name) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        method.setAccessible(true);
        return method;
      }
    }
    throw new IllegalArgumentException(type + " has no test " + name + "; adapt the mutant");
  }

  private static Object[] values(Method test, List<String> texts) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      values.add(value(test.getParameterTypes()[i], texts.get(i)));
    }
    return values.toArray();
  }

  private static Object value(Class<?> type, String text) {
    if (type == boolean.class) {
      return Boolean.valueOf(text);
    }
    if (type == int.class) {
      return Integer.valueOf(text);
    }
    if (type == String.class) {
      return text;
    }
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(text + " is no " + type);
  }

  private static void run(Class<?> type, Method test, Object[] values, Path folder)
      throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    Object instance = constructor.newInstance();
    for (Field field : type.getDeclaredFields()) {
      if (field.isAnnotationPresent(TempDir.class)) {
        field.setAccessible(true);
        field.set(instance, folder);
      }
    }
    call(type, instance, BeforeEach.class);
    try {
      test.invoke(instance, values);
    } finally {
      call(type, instance, AfterEach.class);
    }
  }

  private static void call(
      Class<?> type, Object instance, Class<? extends java.lang.annotation.Annotation> marked)
      throws ReflectiveOperationException {
    for (Method method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(marked)) {
        method.setAccessible(true);
        method.invoke(instance);
      }
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
