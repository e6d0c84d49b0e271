package org.edgevec.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;

/**
 * Enumerates what a power cut may leave of a {@link SimulatedDisk}.
 *
 * <p>Of up to {@value #MAX_ENUMERATED} pending changes every subset is taken, of more a seeded
 * sample of {@value #SAMPLES}. Beyond that each write is torn at every border that matters: a part
 * before, after, or around a hole arrives, among all, none, or the earlier ones of the others.
 * Where bytes are missing below the end of a file there are zeros, chance, or frames of another log
 * file; a file may end with what arrived or be as long as it would have become.
 *
 * <p>The order is determined by the disk and the seed, so that a state is named by its index. The
 * same image may come more than once.
 */
final class CrashStates {

  static final int MAX_ENUMERATED = 10;
  static final int SAMPLES = 1000;
  private static final int MAX_FILLED_SUBSETS = 6;
  private static final int MAX_TORN_WRITES = 12;

  /** Takes the states one by one. */
  interface Visitor {
    /** Takes a state; false ends the enumeration. */
    boolean visit(int index, DiskImage image);
  }

  /** What stands where a write was lost. */
  private enum Fill {
    ZEROS,
    CHANCE,
    OTHER_LOG
  }

  private final SimulatedDisk disk;
  private final List<Pending> writes = new ArrayList<>();
  private final List<SimulatedDisk.NameChange> names;
  private final SplitMix64 random;
  private final byte[] chance;
  private final byte[] otherLog;
  private final Visitor visitor;

  // What arrives in the state that is made next.
  private final boolean[] nameArrives;
  private Fill fill = Fill.ZEROS;
  private boolean fullLength;
  private int index;
  private boolean stopped;

  /** A pending write and which part of it arrives: [from, to), or all but that if inverted. */
  private static final class Pending {
    final SimulatedDisk.Node node;
    final SimulatedDisk.Write write;
    final boolean isTemporary;
    final String name;
    int from;
    int to;
    boolean inverted;

    Pending(String name, SimulatedDisk.Node node, SimulatedDisk.Write write) {
      this.name = name;
      this.node = node;
      this.write = write;
      this.isTemporary = CrashStorage.isTemporary(name);
    }

    void arrives(boolean whole) {
      from = 0;
      to = whole ? Math.max(1, write.length()) : 0;
      inverted = false;
    }

    boolean arrivesWhole() {
      return !inverted && from == 0 && to >= Math.max(1, write.length());
    }
  }

  private CrashStates(SimulatedDisk disk, long seed, Visitor visitor) {
    this.disk = disk;
    this.visitor = visitor;
    this.names = disk.nameChanges;
    this.nameArrives = new boolean[names.size()];
    this.random = new SplitMix64(seed);
    for (Map.Entry<String, SimulatedDisk.Node> file : disk.live.entrySet()) {
      for (SimulatedDisk.Write write : file.getValue().pending) {
        writes.add(new Pending(file.getKey(), file.getValue(), write));
      }
    }
    writes.sort(Comparator.comparingLong(pending -> pending.write.order()));
    this.chance = chance(seed);
    this.otherLog = otherLog(disk);
  }

  private static byte[] chance(long seed) {
    SplitMix64 random = new SplitMix64(seed ^ 0x5EED);
    byte[] bytes = new byte[512];
    for (int i = 0; i < bytes.length; i += 8) {
      LittleEndian.putLong(bytes, i, random.nextLong());
    }
    return bytes;
  }

  /** The frames of another log file of the disk, or of one that was deleted, if there is one. */
  private byte[] otherLog(SimulatedDisk disk) {
    byte[] found = null;
    for (byte[] deleted : disk.graveyard()) {
      found = deleted;
    }
    for (Map.Entry<String, SimulatedDisk.Node> file : disk.live.entrySet()) {
      SimulatedDisk.Node node = file.getValue();
      if (file.getKey().startsWith("wal-") && node.pending.isEmpty()) {
        found = Arrays.copyOf(node.data, node.size);
      }
    }
    return found != null && found.length > 64 ? Arrays.copyOfRange(found, 64, found.length) : null;
  }

  /** Gives every state to the visitor. */
  static void forEach(SimulatedDisk disk, long seed, Visitor visitor) {
    new CrashStates(disk, seed, visitor).run();
  }

  private void run() {
    int count = writes.size() + names.size();
    if (count > MAX_ENUMERATED) {
      sample();
    } else {
      enumerate(count);
    }
    tearEach();
  }

  private void enumerate(int count) {
    for (int mask = 0; mask < 1 << count && !stopped; mask++) {
      boolean dataIsLost = false;
      for (int i = 0; i < count; i++) {
        boolean arrives = (mask >>> i & 1) != 0;
        if (i < writes.size()) {
          writes.get(i).arrives(arrives);
          dataIsLost |= !arrives && !writes.get(i).isTemporary;
        } else {
          nameArrives[i - writes.size()] = arrives;
        }
      }
      if (!dataIsLost) {
        emit(Fill.ZEROS, false);
      } else if (count <= MAX_FILLED_SUBSETS) {
        emitFilled();
      } else {
        emit(Fill.values()[mask % 3], (mask & 4) != 0);
      }
    }
  }

  private void sample() {
    for (int i = 0; i < SAMPLES && !stopped; i++) {
      int arriving = random.nextInt(101);
      for (Pending pending : writes) {
        pending.arrives(random.nextInt(100) < arriving);
        if (random.nextInt(5) == 0 && !pending.write.isTruncate()) {
          tearAtRandom(pending);
        }
      }
      for (int k = 0; k < nameArrives.length; k++) {
        nameArrives[k] = random.nextInt(100) < arriving;
      }
      emit(Fill.values()[random.nextInt(3)], random.nextInt(2) == 0);
    }
  }

  private void tearAtRandom(Pending pending) {
    int[] borders = borders(pending);
    int first = borders[random.nextInt(borders.length)];
    int second = borders[random.nextInt(borders.length)];
    pending.from = Math.min(first, second);
    pending.to = Math.max(first, second);
    pending.inverted = random.nextInt(2) == 0;
  }

  private void tearEach() {
    int torn = 0;
    for (int i = writes.size() - 1; i >= 0 && torn < MAX_TORN_WRITES && !stopped; i--) {
      if (!writes.get(i).write.isTruncate()) {
        tear(i);
        torn++;
      }
    }
  }

  /** Tears one write, among the earlier ones, all, and none of the others. */
  private void tear(int torn) {
    for (int others = 0; others < 3 && !stopped; others++) {
      if (others > 0 && writes.size() + names.size() == 1) {
        return;
      }
      for (int i = 0; i < writes.size(); i++) {
        writes.get(i).arrives(others == 1 || (others == 0 && i < torn));
      }
      Arrays.fill(nameArrives, others != 2);
      // The torn file's own name at least, or nothing of it is seen.
      for (int k = 0; k < nameArrives.length; k++) {
        nameArrives[k] |= names.get(k).node() == writes.get(torn).node;
      }
      tear(writes.get(torn));
    }
  }

  private void tear(Pending pending) {
    int[] borders = borders(pending);
    int length = pending.write.length();
    for (int i = 0; i + 1 < borders.length && !stopped; i++) {
      if (pending.isTemporary) {
        part(pending, 0, borders[i], false);
        emit(Fill.ZEROS, false);
        continue;
      }
      part(pending, 0, borders[i], false);
      emitFilled();
      part(pending, borders[i], length, false);
      emitFilled();
      part(pending, borders[i], borders[i + 1], true);
      emitFilled();
    }
  }

  private static void part(Pending pending, int from, int to, boolean inverted) {
    pending.from = from;
    pending.to = to;
    pending.inverted = inverted;
  }

  /** Where a write may tear, as offsets in it, ascending, from 0 to its length. */
  private static int[] borders(Pending pending) {
    int length = pending.write.length();
    TreeSet<Integer> borders = new TreeSet<>();
    addBorder(borders, length, 0, 1, 40, 64, length / 2, length - 4, length - 1, length);
    for (int size : new int[] {512, 4096}) {
      int first = size - pending.write.offset() % size;
      for (int at = first; at < length; at += size) {
        addBorder(borders, length, at);
      }
    }
    if (pending.name.startsWith("wal-")) {
      addFrames(borders, pending.write);
    }
    return borders.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void addBorder(Set<Integer> borders, int length, int... offsets) {
    for (int offset : offsets) {
      if (offset >= 0 && offset <= length) {
        borders.add(offset);
      }
    }
  }

  /** The borders of the frames that one write holds. */
  private static void addFrames(Set<Integer> borders, SimulatedDisk.Write write) {
    int at = 0;
    while (at + 44 <= write.length()) {
      int payload = LittleEndian.getInt(write.data(), write.offset() + at + 4);
      if (payload < 0 || payload > write.length() - at - 44) {
        return;
      }
      addBorder(borders, write.length(), at, at + 40, at + 40 + payload);
      at += 44 + payload;
    }
  }

  // Making states

  private void emitFilled() {
    emit(Fill.ZEROS, false);
    emit(Fill.CHANCE, false);
    emit(Fill.OTHER_LOG, false);
    emit(Fill.ZEROS, true);
    emit(Fill.CHANCE, true);
    emit(Fill.OTHER_LOG, true);
  }

  private void emit(Fill newFill, boolean newFullLength) {
    if (stopped || (newFill == Fill.OTHER_LOG && otherLog == null)) {
      return;
    }
    fill = newFill;
    fullLength = newFullLength;
    stopped = !visitor.visit(index++, image());
  }

  private DiskImage image() {
    Map<String, SimulatedDisk.Node> present = disk.durable;
    if (!names.isEmpty()) {
      present = new TreeMap<>(disk.durable);
      for (int i = 0; i < nameArrives.length; i++) {
        if (nameArrives[i]) {
          SimulatedDisk.apply(names.get(i), present);
        }
      }
    }
    DiskImage.Builder image = new DiskImage.Builder(present.size());
    for (Map.Entry<String, SimulatedDisk.Node> file : present.entrySet()) {
      SimulatedDisk.Node node = file.getValue();
      if (node.pending.isEmpty()) {
        image.add(file.getKey(), node.durable, node.durableSize);
      } else {
        addTorn(image, file.getKey(), node);
      }
    }
    return image.build();
  }

  private void addTorn(DiskImage.Builder image, String name, SimulatedDisk.Node node) {
    int size = arrivedSize(node);
    int room = size;
    for (Pending pending : writes) {
      room = Math.max(room, pending.node == node ? pending.write.offset() : 0);
    }
    byte[] content = Arrays.copyOf(node.durable, Math.max(room, node.durableSize));
    fillFrom(content, node.durableSize);
    for (Pending pending : writes) {
      if (pending.node == node) {
        copyArrived(pending, content);
      }
    }
    image.add(name, content, size);
  }

  private int arrivedSize(SimulatedDisk.Node node) {
    int size = node.durableSize;
    boolean allShortenings = true;
    for (Pending pending : writes) {
      if (pending.node != node) {
        continue;
      }
      SimulatedDisk.Write write = pending.write;
      if (write.isTruncate()) {
        size = pending.arrivesWhole() ? write.offset() : size;
        allShortenings &= pending.arrivesWhole();
      } else {
        size = Math.max(size, arrivedEnd(pending));
      }
    }
    return fullLength && allShortenings ? Math.max(size, node.size) : size;
  }

  /** Where in the file the last byte of a write that arrived ends, or 0. */
  private static int arrivedEnd(Pending pending) {
    int length = pending.write.length();
    int end = pending.inverted && pending.to >= length ? pending.from : pending.to;
    if (pending.inverted && pending.to < length) {
      end = length;
    }
    boolean nothing = pending.inverted ? end == 0 : pending.from >= pending.to;
    return nothing ? 0 : pending.write.offset() + Math.min(end, length);
  }

  private void fillFrom(byte[] content, int from) {
    for (int i = from; i < content.length && fill != Fill.ZEROS; i++) {
      content[i] = fill == Fill.CHANCE ? chance[i & 511] : otherLog[(i - from) % otherLog.length];
    }
  }

  private void copyArrived(Pending pending, byte[] content) {
    SimulatedDisk.Write write = pending.write;
    if (write.isTruncate()) {
      if (pending.arrivesWhole()) {
        fillFrom(content, Math.min(content.length, write.offset()));
        clearIfZeros(content, write.offset());
      }
    } else if (pending.inverted) {
      copy(write, 0, pending.from, content);
      copy(write, pending.to, write.length(), content);
    } else {
      copy(write, pending.from, Math.min(pending.to, write.length()), content);
    }
  }

  private void clearIfZeros(byte[] content, int from) {
    if (fill == Fill.ZEROS && from < content.length) {
      Arrays.fill(content, from, content.length, (byte) 0);
    }
  }

  private static void copy(SimulatedDisk.Write write, int from, int to, byte[] content) {
    if (from < to) {
      System.arraycopy(
          write.data(), write.offset() + from, content, write.offset() + from, to - from);
    }
  }
}
