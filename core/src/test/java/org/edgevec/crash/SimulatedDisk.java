package org.edgevec.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.storage.StorageLockedException;

/**
 * A disk with two images: the live one, which programs see, and the durable one, which a power cut
 * leaves. Between them lie, in the order in which they were made, the writes of each file and the
 * changes of names that are not durable yet.
 *
 * <p>It promises as little as {@code StorageBackend} does: a sync makes one file's bytes and its
 * name durable and nothing else; what was not synced may arrive in any order, in part, or never.
 *
 * <p>Arrays are shared with images, so bytes below a file's size are never changed in place.
 */
final class SimulatedDisk {

  final TreeMap<String, Node> live = new TreeMap<>();
  final TreeMap<String, Node> durable = new TreeMap<>();
  final List<NameChange> nameChanges = new ArrayList<>();
  private final List<byte[]> graveyard = new ArrayList<>();
  private long order;
  private boolean locked;

  /** A file's bytes, whatever its name. */
  static final class Node {
    byte[] data;
    int size;
    byte[] durable;
    int durableSize;
    List<Write> pending = new ArrayList<>(2);

    /** Ranges whose pages a failed sync dropped: still read, never written. */
    List<Write> dropped = new ArrayList<>(0);

    Node(byte[] content, int size) {
      this.data = content;
      this.size = size;
      this.durable = content;
      this.durableSize = size;
    }

    private void append(byte[] source, int offset, int length, long order) {
      if (size + length > data.length) {
        data = Arrays.copyOf(data, size + Math.max(length, Math.min(size, 1 << 16)));
      }
      System.arraycopy(source, offset, data, size, length);
      pending.add(new Write(order, data, size, length, false));
      size += length;
    }

    private void truncate(int newSize, long order) {
      data = Arrays.copyOf(data, newSize);
      size = newSize;
      pending.add(new Write(order, data, newSize, 0, true));
    }

    private void makeDurable() {
      durable = dropped.isEmpty() ? data : withoutDropped();
      durableSize = size;
      pending = new ArrayList<>(2);
    }

    /** What really is on the device: nothing where pages were dropped. */
    private byte[] withoutDropped() {
      byte[] content = Arrays.copyOf(data, size);
      for (Write lost : dropped) {
        int from = Math.min(lost.offset(), size);
        Arrays.fill(content, from, Math.min(size, from + lost.length()), (byte) 0);
      }
      return content;
    }

    boolean isDurable() {
      return pending.isEmpty() && dropped.isEmpty();
    }
  }

  /**
   * A write that is not durable yet.
   *
   * @param data an array that holds its bytes from {@code offset} on
   * @param isTruncate whether it shortened the file to {@code offset} bytes instead
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Write(long order, byte[] data, int offset, int length, boolean isTruncate) {}

  /**
   * A change of the folder that is not durable yet.
   *
   * @param node what the name now stands for, or null if it was removed
   * @param movedFrom the name that it had before, or null
   */
  record NameChange(long order, String name, Node node, String movedFrom) {}

  static SimulatedDisk empty() {
    return new SimulatedDisk();
  }

  /** A disk that holds an image, all of it durable. */
  static SimulatedDisk of(DiskImage image) {
    SimulatedDisk disk = new SimulatedDisk();
    for (int i = 0; i < image.count(); i++) {
      Node node = new Node(image.content(i), image.size(i));
      disk.live.put(image.name(i), node);
      disk.durable.put(image.name(i), node);
    }
    return disk;
  }

  /** The same disk after its process was killed: nothing is lost, and what was pending still is. */
  SimulatedDisk afterKill() {
    SimulatedDisk copy = new SimulatedDisk();
    IdentityHashMap<Node, Node> copies = new IdentityHashMap<>();
    live.forEach((name, node) -> copy.live.put(name, copyOf(node, copies)));
    durable.forEach((name, node) -> copy.durable.put(name, copyOf(node, copies)));
    for (NameChange change : nameChanges) {
      Node node = change.node() == null ? null : copyOf(change.node(), copies);
      copy.nameChanges.add(new NameChange(change.order(), change.name(), node, change.movedFrom()));
    }
    copy.graveyard.addAll(graveyard);
    copy.order = order;
    return copy;
  }

  private static Node copyOf(Node node, IdentityHashMap<Node, Node> copies) {
    return copies.computeIfAbsent(
        node,
        original -> {
          // A capacity of exactly its size, so that the next append does not write into an array
          // that two disks share.
          Node copy = new Node(Arrays.copyOf(original.data, original.size), original.size);
          copy.durable = original.durable;
          copy.durableSize = original.durableSize;
          copy.pending = new ArrayList<>(original.pending);
          copy.dropped = new ArrayList<>(original.dropped);
          return copy;
        });
  }

  /** What is there if everything pending arrives. */
  DiskImage liveImage() {
    DiskImage.Builder image = new DiskImage.Builder(live.size());
    live.forEach((name, node) -> image.add(name, node.data, node.size));
    return image.build();
  }

  /** What is there if nothing pending arrives. */
  DiskImage durableImage() {
    DiskImage.Builder image = new DiskImage.Builder(durable.size());
    durable.forEach((name, node) -> image.add(name, node.durable, node.durableSize));
    return image.build();
  }

  /** Whether anything could be lost. */
  boolean hasPending() {
    if (!nameChanges.isEmpty()) {
      return true;
    }
    for (Node node : live.values()) {
      if (!node.isDurable()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The bytes of log files that were deleted, which a file system may show where it lost a write.
   */
  List<byte[]> graveyard() {
    return graveyard;
  }

  void lock() {
    if (locked) {
      throw new StorageLockedException("This simulated disk is open already; close it there first");
    }
    locked = true;
  }

  void unlock() {
    locked = false;
  }

  // What storage does to it.

  Node create(String name) {
    Node node = new Node(new byte[0], 0);
    live.put(name, node);
    nameChanges.add(new NameChange(order++, name, node, null));
    return node;
  }

  void append(Node node, byte[] data, int offset, int length) {
    node.append(data, offset, length, order++);
  }

  void truncate(Node node, int size) {
    node.truncate(size, order++);
  }

  void remove(String name) {
    Node node = live.remove(name);
    if (node != null) {
      nameChanges.add(new NameChange(order++, name, null, null));
      if (name.startsWith("wal-")) {
        graveyard.add(Arrays.copyOf(node.data, node.size));
      }
    }
  }

  void rename(String from, String to) {
    Node node = live.remove(from);
    live.put(to, node);
    nameChanges.add(new NameChange(order++, to, node, from));
  }

  void syncData(Node node) {
    node.makeDurable();
  }

  /** Makes durable what a name stands for, or that it stands for nothing. */
  void syncName(String name) {
    List<NameChange> rest = new ArrayList<>();
    for (NameChange change : nameChanges) {
      if (change.name().equals(name) || name.equals(change.movedFrom())) {
        apply(change, durable);
      } else {
        rest.add(change);
      }
    }
    nameChanges.clear();
    nameChanges.addAll(rest);
  }

  /** Makes durable what every name stands for. */
  void syncAllNames() {
    for (NameChange change : nameChanges) {
      apply(change, durable);
    }
    nameChanges.clear();
  }

  static void apply(NameChange change, Map<String, Node> names) {
    if (change.node() == null) {
      names.remove(change.name());
    } else {
      if (change.movedFrom() != null) {
        names.remove(change.movedFrom());
      }
      names.put(change.name(), change.node());
    }
  }

  /**
   * A sync that failed after the system had dropped the pages.
   *
   * @param stillRead whether they are still read until a power cut, as on Linux
   */
  void dropPages(Node node, boolean stillRead) {
    if (stillRead) {
      node.dropped.addAll(node.pending);
    } else {
      node.data = Arrays.copyOf(node.durable, node.durableSize);
      node.size = node.durableSize;
    }
    node.pending = new ArrayList<>(2);
  }
}
