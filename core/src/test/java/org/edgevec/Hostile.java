package org.edgevec;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageBackend;

/**
 * Arguments as nobody should give them, by the type of the parameter.
 *
 * @param kind what is wrong with it
 * @param value it
 * @param thrown what it throws itself, which may then come out as it is; or null
 */
record Hostile(String kind, Object value, Throwable thrown) {

  private static final int HUGE = 1 << 24;

  private Hostile(String kind, Object value) {
    this(kind, value, null);
  }

  @Override
  public String toString() {
    return kind;
  }

  /** All that are known of a type. */
  static List<Hostile> of(Class<?> type) {
    List<Hostile> all = new ArrayList<>();
    if (type == String.class) {
      all.add(new Hostile("empty", ""));
      all.add(new Hostile("huge", "x".repeat(HUGE)));
      all.add(new Hostile("huge, of three bytes each", "\u20ac".repeat(HUGE)));
      all.add(new Hostile("half of a surrogate pair", "a\ud800"));
    } else if (type == float[].class) {
      all.add(new Hostile("empty", new float[0]));
      all.add(new Hostile("huge", new float[HUGE]));
      all.add(new Hostile("not a number", new float[] {1, Float.NaN}));
      all.add(new Hostile("infinite", new float[] {Float.NEGATIVE_INFINITY, 1}));
      all.add(new Hostile("as large as floats get", new float[] {Float.MAX_VALUE, 1}));
    } else if (type == int.class) {
      for (int value : new int[] {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE}) {
        all.add(new Hostile("number " + value, value));
      }
    } else if (type == long.class) {
      for (long value : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
        all.add(new Hostile("number " + value, value));
      }
    } else if (type == Object.class) {
      lists(all);
      all.add(new Hostile("of another class", new Hostile("", "")));
      all.add(new Hostile("of another class loader", ofAnotherClassLoader()));
      all.add(new Hostile("an array", new int[1]));
      all.add(new Hostile("half of a surrogate pair", "\udc00"));
      all.add(new Hostile("huge", "x".repeat(HUGE)));
    } else if (type == Object[].class) {
      all.add(new Hostile("odd", new Object[] {"key"}));
      all.add(new Hostile("of nulls", new Object[2]));
      all.add(new Hostile("huge", new Object[HUGE]));
      all.add(new Hostile("the same key twice", new Object[] {"id", 1}));
      all.add(new Hostile("a huge key", new Object[] {"k".repeat(HUGE), 1}));
      all.add(new Hostile("a key of another class", new Object[] {1, 1}));
    } else if (type == Map.class) {
      maps(all);
    } else if (type == WriteBatch.class) {
      all.add(new Hostile("empty", new WriteBatch()));
      WriteBatch huge = new WriteBatch();
      Metadata large = Metadata.of("text", "x".repeat(1 << 19));
      for (int i = 0; i < 140; i++) {
        huge.put("huge" + i, new float[] {1, 2}, large);
      }
      all.add(new Hostile("huge", huge));
      all.add(new Hostile("of another dimension", new WriteBatch().put("b", new float[3])));
      all.add(
          new Hostile(
              "good and then bad",
              new WriteBatch().put("good", new float[2]).put("bad", new float[] {Float.NaN, 1})));
    } else if (type == Metadata.class) {
      all.add(new Hostile("as large as can be", Metadata.of("text", "x".repeat((1 << 20) - 12))));
    } else if (type == byte[].class) {
      all.add(new Hostile("huge", new byte[HUGE]));
      all.add(new Hostile("of ones", new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
    } else if (type == SearchRequest.class) {
      for (Hostile query : of(float[].class)) {
        all.add(
            new Hostile(
                "for a query, " + query.kind(), SearchRequest.of((float[]) query.value(), 1)));
      }
      all.add(
          new Hostile(
              "for as many as possible",
              SearchRequest.of(new float[2], SearchRequest.MAX_K)
                  .efSearch(SearchRequest.MAX_EF_SEARCH)
                  .exact()));
    } else if (type == Collection.class) {
      lists(all);
    } else if (type.isInterface()) {
      foreign(all, type);
    }
    return all;
  }

  /** Objects of the interface of which every method throws. */
  private static void foreign(List<Hostile> all, Class<?> type) {
    for (Supplier<Throwable> thrown :
        List.<Supplier<Throwable>>of(
            () -> new IllegalCallerException("the caller's"),
            () -> new AssertionError("the caller's"),
            () -> new OutOfMemoryError("the caller's"))) {
      Throwable one = thrown.get();
      String kind = "throws " + one.getClass().getSimpleName();
      all.add(new Hostile(kind, proxy(type, one, false), one));
    }
    if (type == StorageBackend.class) {
      StorageBackend closed = MemoryStorage.open(new MemoryStorage.Disk());
      closed.close();
      all.add(new Hostile("closed", closed));
      Throwable late = new IllegalCallerException("on closing");
      all.add(new Hostile("throws on closing", proxy(type, late, true), late));
    }
    if (type == StorageBackend.Opener.class) {
      all.add(new Hostile("opens nothing", (StorageBackend.Opener) () -> null));
    }
  }

  private static Object proxy(Class<?> type, Throwable thrown, boolean onlyOnClosing) {
    StorageBackend good = MemoryStorage.open(new MemoryStorage.Disk());
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (!onlyOnClosing || method.getName().equals("close")) {
            throw thrown;
          }
          try {
            return method.invoke(good, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static Object ofAnotherClassLoader() {
    try {
      ClassLoader other =
          new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
              try (var in =
                  Metadata.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
              } catch (java.io.IOException | NullPointerException e) {
                throw new ClassNotFoundException(name, e);
              }
            }
          };
      return Class.forName("org.edgevec.Metadata", true, other).getMethod("empty").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static void lists(List<Hostile> all) {
    List<Object> itself = new ArrayList<>();
    Collections.addAll(itself, itself, itself);
    all.add(new Hostile("a list that holds itself", itself));
    all.add(new Hostile("a list of what cannot be", List.of(1, new int[0])));
    all.add(new Hostile("a list of numbers", List.of(1)));
    all.add(new Hostile("a list of null", Arrays.asList("a", null)));
    all.add(new Hostile("a huge list", Collections.nCopies(HUGE, "x")));
    for (int size : new int[] {Integer.MAX_VALUE, -1}) {
      all.add(new Hostile("a list that says it has " + size, list(size, List.of("a").iterator())));
    }
    all.add(new Hostile("a list without an iterator", list(1, null)));
    List<String> changing = new ArrayList<>(List.of("a", "b"));
    all.add(
        new Hostile(
            "a list that changes meanwhile",
            new AbstractList<String>() {
              @Override
              public String get(int index) {
                modCount++;
                return changing.get(index);
              }

              @Override
              public int size() {
                return changing.size();
              }
            }));
    for (Throwable thrown :
        List.of(new IllegalCallerException("the caller's"), new AssertionError("the caller's"))) {
      all.add(new Hostile("a list that throws " + thrown, list(1, throwing(thrown)), thrown));
    }
  }

  private static List<String> list(int size, Iterator<String> iterator) {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        return "a";
      }

      @Override
      public int size() {
        return size;
      }

      @Override
      public Iterator<String> iterator() {
        return iterator;
      }
    };
  }

  private static <T> Iterator<T> throwing(Throwable thrown) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public T next() {
        if (thrown instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) thrown;
      }
    };
  }

  private static void maps(List<Hostile> all) {
    Map<String, Object> itself = new HashMap<>();
    itself.put("k", List.of(itself));
    all.add(new Hostile("a map that holds itself", itself));
    Map<String, Object> many = new HashMap<>();
    for (int i = 0; i < 70_000; i++) {
      many.put("k" + i, 1);
    }
    all.add(new Hostile("too many keys", many));
    all.add(new Hostile("too many keys in it", Map.of("k", many)));
    all.add(new Hostile("half of a surrogate pair", Map.of("\ud800", 1)));
    Map<Object, Object> nulls = new HashMap<>();
    nulls.put(null, 1);
    all.add(new Hostile("a null key", nulls));
    Map<Object, Object> nullValue = new HashMap<>();
    nullValue.put("k", null);
    all.add(new Hostile("a null value", nullValue));
    all.add(new Hostile("a key of another class", Map.of(1, 1)));
    all.add(new Hostile("a huge key", Map.of("k".repeat(HUGE), new int[0])));
    all.add(new Hostile("an empty key", Map.of("", 1)));
    all.add(new Hostile("without a set of entries", map(null)));
    all.add(new Hostile("with a null entry", map(Collections.<Object>singleton(null).iterator())));
    Iterator<Object> twice = List.<Object>of(Map.entry("same", 1), Map.entry("same", 2)).iterator();
    all.add(new Hostile("with a key twice", map(twice)));
    for (Throwable thrown :
        List.of(new IllegalCallerException("the caller's"), new AssertionError("the caller's"))) {
      all.add(new Hostile("throws " + thrown, map(throwing(thrown)), thrown));
    }
    for (Hostile value : of(Object.class)) {
      all.add(
          new Hostile("for a value, " + value.kind(), Map.of("k", value.value()), value.thrown()));
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // as hostile ones are
  private static Map<Object, Object> map(Iterator<Object> entries) {
    return new AbstractMap<>() {
      @Override
      public Set<Entry<Object, Object>> entrySet() {
        return entries == null
            ? null
            : new AbstractSet() {
              @Override
              public Iterator iterator() {
                return entries;
              }

              @Override
              public int size() {
                return 1;
              }
            };
      }

      @Override
      public boolean isEmpty() {
        return false;
      }
    };
  }
}
