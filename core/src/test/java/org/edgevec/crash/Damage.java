package org.edgevec.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.FileHeader;

/**
 * All damages of one kind to one file, by number from 0. Keeps a copy of the file to damage in
 * place, so each thread needs its own.
 */
final class Damage {

  private static final int BODY_BLOCK_BYTES = 65_536;

  /** Which neighbours of its kind, on each side, a file is swapped with. */
  private static final int NEIGHBOURS = 4;

  /** What is done to a file. */
  enum Kind {
    /** Number n: bit n is another. */
    FLIP,
    /** Number n: only the first n bytes are left. */
    CUT,
    /** Another file of its kind stands in its place, the last time none. */
    SWAP,
    /** Blocks of 512 bytes are lost, doubled, cleared, exchanged, written over others. */
    BLOCKS_512,
    /** The same with blocks of 4,096 bytes. */
    BLOCKS_4096,
    /** The same with what the file consists of: its header, its frames or checksummed blocks. */
    PARTS
  }

  private final Kind kind;
  private final byte[] original;
  private final byte[] copy;
  private final List<byte[]> others;
  private final int[] starts;
  private byte[] bytes;
  private int size;

  Damage(ReferenceStore store, String file, Kind kind) {
    this.kind = kind;
    this.original = store.files().get(file);
    this.copy = kind == Kind.FLIP ? original.clone() : original;
    this.others = kind == Kind.SWAP ? others(store, file) : List.of();
    this.starts =
        switch (kind) {
          case BLOCKS_512 -> starts(0, 512);
          case BLOCKS_4096 -> starts(0, 4096);
          case PARTS ->
              file.startsWith("wal-") ? frames() : starts(FileHeader.BYTES, BODY_BLOCK_BYTES);
          default -> new int[0];
        };
  }

  /** How many there are. */
  int count() {
    int parts = starts.length;
    return switch (kind) {
      case FLIP -> original.length * 8;
      case CUT -> original.length;
      case SWAP -> others.size() + 1;
      default -> 3 * parts + 2 * parts * parts;
    };
  }

  /**
   * Does it.
   *
   * @return false if the file is the same afterwards
   */
  boolean apply(int number) {
    bytes = copy;
    size = original.length;
    switch (kind) {
      case FLIP -> copy[number >>> 3] ^= (byte) (1 << (number & 7));
      case CUT -> size = number;
      case SWAP -> replace(number < others.size() ? others.get(number) : null);
      default -> replace(rearranged(number));
    }
    return kind == Kind.FLIP || kind == Kind.CUT || !Arrays.equals(bytes, original);
  }

  /** Undoes it. */
  void undo(int number) {
    if (kind == Kind.FLIP) {
      copy[number >>> 3] ^= (byte) (1 << (number & 7));
    }
  }

  private void replace(byte[] by) {
    bytes = by;
    size = by == null ? 0 : by.length;
  }

  /** The bytes of the damaged file, {@link #size} of them, or null if it is gone. */
  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** What a number means, for a message. */
  String describe(int number) {
    int parts = starts.length;
    return switch (kind) {
      case FLIP -> "bit " + (number & 7) + " of byte " + (number >>> 3) + " flipped";
      case CUT -> "cut to " + number + " bytes";
      case SWAP -> number < others.size() ? "swapped with number " + number : "removed";
      default -> {
        if (number < 3 * parts) {
          String what = number < parts ? " lost" : number < 2 * parts ? " doubled" : " cleared";
          yield "the part from byte " + starts[number % parts] + what;
        }
        int pair = (number - 3 * parts) % (parts * parts);
        String what = number < 3 * parts + parts * parts ? " exchanged with" : " written over";
        yield "the part from byte "
            + starts[pair / parts]
            + what
            + " that from byte "
            + starts[pair % parts];
      }
    };
  }

  // Swaps

  private static List<byte[]> others(ReferenceStore store, String file) {
    List<byte[]> others = new ArrayList<>();
    byte[] same = store.second().get(file);
    if (same != null) {
      others.add(same);
    }
    addNeighbours(others, store.files(), file);
    addNeighbours(others, store.second(), file);
    return others;
  }

  private static void addNeighbours(List<byte[]> others, Map<String, byte[]> files, String file) {
    TreeMap<String, byte[]> kin = new TreeMap<>(files);
    kin.keySet().removeIf(name -> !ReferenceStore.kind(name).equals(ReferenceStore.kind(file)));
    kin.headMap(file, false).descendingMap().values().stream()
        .limit(NEIGHBOURS)
        .forEach(others::add);
    kin.tailMap(file, false).values().stream().limit(NEIGHBOURS).forEach(others::add);
  }

  // Parts

  private int[] starts(int first, int step) {
    List<Integer> found = new ArrayList<>(List.of(0));
    for (int at = first == 0 ? step : first; at < original.length; at += step) {
      found.add(at);
    }
    return array(found);
  }

  private int[] frames() {
    List<Integer> found = new ArrayList<>(List.of(0));
    int at = FileHeader.BYTES;
    while (at < original.length) {
      found.add(at);
      at += 40 + LittleEndian.getInt(original, at + 4) + 4;
    }
    return array(found);
  }

  private static int[] array(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  private byte[] rearranged(int number) {
    int parts = starts.length;
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      pieces.add(piece(i));
    }
    if (number < parts) {
      pieces.remove(number);
    } else if (number < 2 * parts) {
      pieces.add(number - parts, piece(number - parts));
    } else if (number < 3 * parts) {
      pieces.set(number - 2 * parts, new byte[piece(number - 2 * parts).length]);
    } else {
      pair(pieces, number - 3 * parts);
    }
    return join(pieces);
  }

  /** Each pair once to exchange, each ordered pair once to write one over the other. */
  private void pair(List<byte[]> pieces, int number) {
    int parts = starts.length;
    int from = number % (parts * parts) / parts;
    int to = number % parts;
    byte[] moved = pieces.get(from);
    if (number >= parts * parts) {
      pieces.set(to, moved);
    } else if (from < to) {
      pieces.set(from, pieces.get(to));
      pieces.set(to, moved);
    }
  }

  private byte[] piece(int index) {
    int end = index + 1 < starts.length ? starts[index + 1] : original.length;
    return Arrays.copyOfRange(original, starts[index], end);
  }

  private static byte[] join(List<byte[]> pieces) {
    int length = 0;
    for (byte[] piece : pieces) {
      length += piece.length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, joined, at, piece.length);
      at += piece.length;
    }
    return joined;
  }
}
