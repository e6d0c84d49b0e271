package org.edgevec.table;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.jspecify.annotations.Nullable;

/** Makes maps and lists of encoded metadata. Not thread-safe; one is for one metadata. */
public final class MetadataDecoder implements MetadataVisitor {

  private final Map<String, @Nullable Object> top = new TreeMap<>();

  /** What is in what, the innermost first. */
  private final Deque<Level> levels = new ArrayDeque<>();

  private MetadataDecoder() {
    levels.push(new Level(top, null, Integer.MAX_VALUE));
  }

  /** A map, or else a list, that is told of. */
  private static final class Level {
    final @Nullable Map<String, @Nullable Object> map;
    final @Nullable List<@Nullable Object> list;
    int left;
    String key = "";

    Level(
        @Nullable Map<String, @Nullable Object> map,
        @Nullable List<@Nullable Object> list,
        int left) {
      this.map = map;
      this.list = list;
      this.left = left;
    }

    void add(@Nullable Object value) {
      left--;
      if (map != null) {
        map.put(key, value);
      } else if (list != null) {
        list.add(value);
      }
    }
  }

  /**
   * The values by key, sorted. Unmodifiable, as all lists and maps in it are.
   *
   * @throws MalformedException if the bytes are not what {@link MetadataEncoder} writes
   */
  public static Map<String, @Nullable Object> decode(byte[] bytes) {
    MetadataDecoder decoder = new MetadataDecoder();
    MetadataCodec.visit(bytes, decoder);
    return Collections.unmodifiableMap(decoder.top);
  }

  private Level innermost() {
    Level level = levels.getFirst();
    while (level.left == 0) {
      levels.pop();
      level = levels.getFirst();
    }
    return level;
  }

  private void add(@Nullable Object value) {
    innermost().add(value);
  }

  @Override
  public void key(byte[] source, int offset, int length) {
    innermost().key = Utf8.decode(source, offset, length);
  }

  @Override
  public void text(byte[] source, int offset, int length) {
    add(Utf8.decode(source, offset, length));
  }

  @Override
  public void number(long value) {
    add(value);
  }

  @Override
  public void number(double value) {
    add(value);
  }

  @Override
  public void truth(boolean value) {
    add(value);
  }

  @Override
  public void nothing() {
    add(null);
  }

  @Override
  public void time(long seconds, int nanos) {
    add(Instant.ofEpochSecond(seconds, nanos));
  }

  @Override
  public void list(int count) {
    List<@Nullable Object> list = new ArrayList<>();
    add(Collections.unmodifiableList(list));
    levels.push(new Level(null, list, count));
  }

  @Override
  public void object(int count) {
    Map<String, @Nullable Object> map = new TreeMap<>();
    add(Collections.unmodifiableMap(map));
    levels.push(new Level(map, null, count));
  }
}
