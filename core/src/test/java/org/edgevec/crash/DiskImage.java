package org.edgevec.crash;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a disk holds after a crash, name by name, ascending. Immutable; the arrays may be longer
 * than their files and are shared.
 */
final class DiskImage {

  private final String[] names;
  private final byte[][] contents;
  private final int[] sizes;
  private int count;

  private DiskImage(int capacity) {
    names = new String[capacity];
    contents = new byte[capacity][];
    sizes = new int[capacity];
  }

  /** Collects the files of an image, in ascending order of names. */
  static final class Builder {
    private final DiskImage image;

    Builder(int capacity) {
      image = new DiskImage(capacity);
    }

    void add(String name, byte[] content, int size) {
      image.names[image.count] = name;
      image.contents[image.count] = content;
      image.sizes[image.count++] = size;
    }

    DiskImage build() {
      return image;
    }
  }

  static DiskImage of(Map<String, byte[]> files) {
    Builder builder = new Builder(files.size());
    new TreeMap<>(files).forEach((name, bytes) -> builder.add(name, bytes, bytes.length));
    return builder.build();
  }

  int count() {
    return count;
  }

  String name(int index) {
    return names[index];
  }

  byte[] content(int index) {
    return contents[index];
  }

  int size(int index) {
    return sizes[index];
  }

  /** The files as arrays of their own. */
  Map<String, byte[]> files() {
    TreeMap<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      files.put(names[i], Arrays.copyOf(contents[i], sizes[i]));
    }
    return files;
  }

  /** A hash of every name and byte. */
  long hash() {
    long hash = count;
    for (int i = 0; i < count; i++) {
      hash = Hash.of(Hash.of(hash, Hash.of(names[i])), Hash.of(contents[i], sizes[i]));
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(names[i]).append(" (").append(sizes[i]).append(')');
    }
    return text.toString();
  }
}
