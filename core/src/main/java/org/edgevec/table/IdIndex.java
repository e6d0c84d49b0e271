package org.edgevec.table;

import java.util.Arrays;

/**
 * The live ordinals by id: a table of open addressing with linear probing, from which an entry is
 * taken by moving up those behind it (Knuth, The Art of Computer Programming 3, 6.4, algorithm R).
 *
 * <p>It takes 8 to 16 bytes for each id, a sixth of what a map of objects takes, and no object is
 * made but in {@link #reserve}. Ids may be anybody's, so that where one goes depends on a number
 * that is another for each table: nobody can choose many that go to the same place.
 *
 * <p>Not thread-safe, as {@link Table}.
 */
final class IdIndex {

  private static final int INITIAL_SLOTS = 128;

  /** Odd, with bits all over: the golden ratio. */
  private static final int MULTIPLIER = 0x9e3779b1;

  private final int seed = (int) System.nanoTime() * MULTIPLIER;

  /** One more than an ordinal, or 0; as many as a power of two, at least half of them 0. */
  private int[] slots = new int[INITIAL_SLOTS];

  private int size;

  /** How many ids there are. */
  int size() {
    return size;
  }

  /** Whether there is room for so many more. */
  boolean hasRoomFor(int more) {
    return more <= slots.length / 2 - size;
  }

  /**
   * Makes room for so many more.
   *
   * @param ids by ordinal
   */
  void reserve(int more, String[] ids) {
    if (hasRoomFor(more)) {
      return;
    }
    int needed = Math.addExact(size, more);
    if (needed > 1 << 29) {
      throw new OutOfMemoryError("a table of " + needed + " ids was asked for");
    }
    int[] old = slots;
    slots = new int[Integer.highestOneBit(2 * needed - 1) << 1];
    for (int slot : old) {
      if (slot != 0) {
        slots[find(ids[slot - 1], ids)] = slot;
      }
    }
  }

  /** The ordinal of an id, or -1. */
  int get(String id, String[] ids) {
    return slots[find(id, ids)] - 1;
  }

  /**
   * Gives an id an ordinal, whose id {@code ids} says already. There must be room.
   *
   * @return the ordinal that it had, or -1
   */
  int put(String id, int ordinal, String[] ids) {
    int at = find(id, ids);
    int before = slots[at] - 1;
    slots[at] = ordinal + 1;
    if (before < 0) {
      size++;
    }
    return before;
  }

  /**
   * Takes an id out.
   *
   * @return the ordinal that it had, or -1
   */
  int remove(String id, String[] ids) {
    int hole = find(id, ids);
    int ordinal = slots[hole] - 1;
    if (ordinal < 0) {
      return -1;
    }
    size--;
    int mask = slots.length - 1;
    for (int at = (hole + 1) & mask; slots[at] != 0; at = (at + 1) & mask) {
      int home = hash(ids[slots[at] - 1]) & mask;
      // It may go where the hole is unless its home lies behind that.
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = slots[at];
        hole = at;
      }
    }
    slots[hole] = 0;
    return ordinal;
  }

  /** Forgets all, and keeps the room. */
  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  /** Where an id is, or where it would go. */
  private int find(String id, String[] ids) {
    int mask = slots.length - 1;
    int at = hash(id) & mask;
    while (slots[at] != 0 && !ids[slots[at] - 1].equals(id)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int hash(String id) {
    int hash = seed;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * MULTIPLIER;
      hash ^= hash >>> 15;
    }
    return hash;
  }
}
