package org.edgevec.crash;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.edgevec.Sources;
import org.edgevec.VectorDatabase;

/**
 * The database with a few lines of its source changed: compiles them, and loads all of EdgeVec and
 * the crash tests anew beside the real ones.
 */
final class PatchedCore {

  /**
   * A table takes 1 MiB for its first vectors at once, which is most of the time of a recovery of
   * three; with 1 KiB five times as many states are checked in a given time. Nothing that is stored
   * depends on it.
   */
  static final Patch SMALL_ARENA =
      new Patch("vector/HeapArena", "CHUNK_FLOATS = (1 << 17) - 8", "CHUNK_FLOATS = 1 << 8");

  /**
   * A change of a source file.
   *
   * @param file below {@code org/edgevec}, without its ending; those in {@code file/} are the
   *     storage's, of the module of that name
   * @param from what stands there, once
   * @param to what shall stand there
   */
  record Patch(String file, String from, String to) {}

  private static final String FILE_STORAGE = "org.edgevec.file.FileStorage";

  private final ClassLoader loader;

  private PatchedCore(ClassLoader loader) {
    this.loader = loader;
  }

  /** Whether the sources and a compiler are at hand; both are in the project's own build. */
  static boolean isPossible() {
    return Files.isDirectory(sources("")) && ToolProvider.getSystemJavaCompiler() != null;
  }

  static PatchedCore with(List<Patch> patches) {
    return new PatchedCore(new Loader(compile(patches)));
  }

  /** Calls a static method of a crash test class that takes texts and returns one. */
  String call(String className, String method, String... arguments) {
    try {
      Class<?> type = Class.forName("org.edgevec.crash." + className, true, loader);
      var declared = type.getDeclaredMethod(method, String[].class);
      declared.setAccessible(true);
      return (String) declared.invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path sources(String file) {
    return classesOf(file).resolve("../../src/main/java/org/edgevec").normalize();
  }

  /** Where the classes of a file's module are. */
  private static Path classesOf(String file) {
    try {
      Class<?> one = file.startsWith("file/") ? Class.forName(FILE_STORAGE) : VectorDatabase.class;
      return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, byte[]> compile(List<Patch> patches) {
    Map<String, String> patched = new TreeMap<>();
    for (Patch patch : patches) {
      patched.compute(patch.file(), (file, text) -> apply(patch, text == null ? read(file) : text));
    }
    List<JavaFileObject> units = new ArrayList<>();
    patched.forEach((file, text) -> units.add(new Source(file, Sources.withoutAnnotations(text))));
    Set<String> classes = new TreeSet<>(Set.of(classesOf("").toString()));
    patched.keySet().forEach(file -> classes.add(classesOf(file).toString()));
    return compileUnits(units, String.join(File.pathSeparator, classes));
  }

  private static String read(String file) {
    try {
      return Files.readString(sources(file).resolve(file + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String apply(Patch patch, String text) {
    int at = text.indexOf(patch.from());
    if (at < 0 || text.indexOf(patch.from(), at + 1) >= 0) {
      throw new IllegalStateException(
          patch.file()
              + " does not hold exactly once what a mutant changes; adapt the mutant: "
              + patch.from());
    }
    return text.replace(patch.from(), patch.to());
  }

  private static Map<String, byte[]> compileUnits(List<JavaFileObject> units, String classPath) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null);
    Output output = new Output(standard);
    StringWriter messages = new StringWriter();
    List<String> options = List.of("-proc:none", "-nowarn", "-classpath", classPath);
    if (!compiler.getTask(messages, output, null, options, null, units).call()) {
      throw new IllegalStateException("a mutant does not compile: " + messages);
    }
    Map<String, byte[]> compiled = new HashMap<>();
    output.classes.forEach((name, bytes) -> compiled.put(name, bytes.toByteArray()));
    return compiled;
  }

  /** A source text in memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("string:///org/edgevec/" + file + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps compiled classes in memory. */
  private static final class Output extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    Output(StandardJavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String className,
        JavaFileObject.Kind kind,
        FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      classes.put(className, bytes);
      return new SimpleJavaFileObject(URI.create("bytes:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }
  }

  /** Loads EdgeVec's classes itself, the patched ones among them. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> patched;

    Loader(Map<String, byte[]> patched) {
      super(PatchedCore.class.getClassLoader());
      this.patched = patched;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("org.edgevec.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      byte[] bytes = patched.get(name);
      if (bytes == null) {
        bytes = original(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] original(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        return in.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
