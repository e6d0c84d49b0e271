package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.edgevec.InvalidInputException;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What nobody should give, as every argument of every public function that takes a folder: refused
 * with a type or taken as it is, and the databases that are there stay as they are.
 */
final class FileArgumentsTest {

  private static final String SENTINEL = "sentinel";

  @TempDir private Path dir;

  private @Nullable FileSystem zip;

  @BeforeEach
  void fill() throws IOException {
    zip =
        FileSystems.newFileSystem(
            URI.create("jar:" + dir.resolve("other.zip").toUri()), Map.of("create", "true"));
    fillDatabase(folder());
    Files.writeString(dir.resolve("file"), "no folder");
    Files.createSymbolicLink(dir.resolve("dangling"), dir.resolve("nowhere"));
    Files.createSymbolicLink(dir.resolve("link"), folder());
  }

  private static void fillDatabase(Path folder) {
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      db.put(SENTINEL, new float[] {1, 2}, Metadata.of("k", "v"));
    }
  }

  @AfterEach
  void closeZip() throws IOException {
    FileSystem opened = zip;
    if (opened != null) {
      opened.close();
    }
  }

  private Path folder() {
    return dir.resolve("db");
  }

  /** Every public function that takes a folder, so that none can be forgotten. */
  private static List<Method> functions() {
    return Stream.of(EdgeVec.class, FileStorage.class)
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(m -> Modifier.isPublic(m.getModifiers()) && Modifier.isStatic(m.getModifiers()))
        .toList();
  }

  private Object valid(Class<?> type, int position) {
    if (type == Path.class) {
      return position == 0 ? folder() : dir.resolve("target");
    }
    return type == Options.class ? Options.of(2, Metric.L2) : ProgressListener.NONE;
  }

  private Map<String, @Nullable Object> bad(Class<?> type) {
    Map<String, @Nullable Object> values = new java.util.LinkedHashMap<>();
    values.put("null", null);
    FileSystem opened = zip;
    if (type == Path.class && opened != null) {
      values.put("a folder in a zip file", opened.getPath("/db"));
      values.put("a file", dir.resolve("file"));
      values.put("a folder under a file", dir.resolve("file").resolve("db"));
      values.put("a link to nothing", dir.resolve("dangling"));
      values.put("a link to a database", dir.resolve("link"));
      values.put("a long name", dir.resolve("x".repeat(5000)));
      values.put("a long path", dir.resolve("x/".repeat(5000)));
      values.put("a roundabout path", folder().resolve("../db/./../db"));
      values.put("the root", dir.getRoot());
      values.put("a foreign folder", dir);
    } else if (type == ProgressListener.class) {
      values.put("an Error", throwing(new StackOverflowError("the caller's own")));
      values.put("an exception", throwing(new IllegalStateException("the caller's own")));
    } else if (type == Options.class) {
      values.put("other options", Options.of(3, Metric.COSINE));
      values.put("options for salvage", Options.existing().salvage(true));
    }
    return values;
  }

  private static ProgressListener throwing(Throwable thrown) {
    return (done, total) -> {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    };
  }

  private static boolean isTyped(Throwable thrown) {
    return thrown instanceof InvalidInputException
        || thrown instanceof PersistenceException
        || "the caller's own".equals(thrown.getMessage());
  }

  @Test
  void everyArgumentIsRefusedWithATypeOrTaken() throws Exception {
    int cases = 0;
    int refused = 0;
    List<String> wrong = new ArrayList<>();
    for (Method function : functions()) {
      for (int at = 0; at < function.getParameterCount(); at++) {
        for (Map.Entry<String, @Nullable Object> value :
            bad(function.getParameterTypes()[at]).entrySet()) {
          String what = function.getName() + " " + at + ": " + value.getKey();
          @Nullable Object[] arguments = new Object[function.getParameterCount()];
          for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == at ? value.getValue() : valid(function.getParameterTypes()[i], i);
          }
          Throwable thrown = catchThrowable(() -> call(function, arguments));
          cases++;
          if (thrown != null) {
            refused++;
            if (!isTyped(thrown)) {
              wrong.add(what + ": " + thrown);
            }
          } else if (value.getValue() == null) {
            wrong.add(what + " was taken");
          }
          check(what, wrong);
        }
      }
    }
    System.out.println(
        "FileArgumentsTest: " + cases + " cases, " + refused + " refused, wrong: " + wrong.size());
    assertThat(wrong).isEmpty();
    assertThat(refused).isPositive();
  }

  private static void call(Method function, @Nullable Object[] arguments) throws Throwable {
    try {
      Object result = function.invoke(null, arguments);
      if (result instanceof VectorDatabase db) {
        db.close();
      } else if (result instanceof StorageBackend storage) {
        storage.close();
      }
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** The database is whole, free, and holds what it held. */
  private void check(String what, List<String> wrong) {
    if (!EdgeVec.verify(folder()).damage().isEmpty()) {
      wrong.add(what + " damaged the database");
    }
    try (VectorDatabase db = EdgeVec.open(folder())) {
      if (db.size() != 1 || db.get(SENTINEL).isEmpty()) {
        wrong.add(what + " changed the database");
      }
    }
  }
}
