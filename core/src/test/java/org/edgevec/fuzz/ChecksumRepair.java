package org.edgevec.fuzz;

import java.util.Map;
import java.util.TreeMap;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.StoreFiles.Kind;

/**
 * Makes the checksums of changed files right, and on request the lengths that go with them; written
 * from docs/format.md, not from the code that is tested.
 */
public final class ChecksumRepair {

  private static final int HEADER_BYTES = 64;
  private static final int BLOCK_BYTES = 65_532;

  private static final Checksum CRC = new Checksum();

  private ChecksumRepair() {}

  /**
   * Repairs the files of a store in place: logs, segments, graphs, seal, and then the manifests,
   * which name the checksums of segments and graphs.
   *
   * @param lengths whether to make body lengths, and those that manifests name, right as well
   */
  static void store(Map<String, byte[]> files, boolean lengths) {
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      if (Kind.MANIFEST.number(file.getKey()) < 0) {
        byte[] bytes = file.getValue().clone();
        file(file.getKey(), bytes, lengths);
        files.put(file.getKey(), bytes);
      }
    }
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      if (Kind.MANIFEST.number(file.getKey()) >= 0) {
        byte[] bytes = file.getValue().clone();
        references(bytes, files, lengths);
        file(file.getKey(), bytes, lengths);
        files.put(file.getKey(), bytes);
      }
    }
  }

  private static void file(String name, byte[] bytes, boolean lengths) {
    if (bytes.length < HEADER_BYTES) {
      return;
    }
    boolean blocks =
        Kind.MANIFEST.number(name) >= 0
            || Kind.SEGMENT.number(name) >= 0
            || Kind.GRAPH.number(name) >= 0;
    if (blocks) {
      blocks(bytes, lengths);
    } else if (Kind.WAL.number(name) >= 0) {
      log(bytes, lengths);
    } else {
      header(bytes);
    }
  }

  /** Repairs the header of any file. */
  public static void header(byte[] bytes) {
    if (bytes.length >= HEADER_BYTES) {
      CRC.reset().bytes(bytes, 0, 12).bytes(bytes, 16, 48);
      LittleEndian.putInt(bytes, 12, CRC.value());
    }
  }

  /** Repairs a file with a body in blocks. */
  public static void blocks(byte[] bytes, boolean lengths) {
    if (bytes.length < HEADER_BYTES) {
      return;
    }
    long rest = bytes.length - HEADER_BYTES;
    if (lengths) {
      long count = (rest + BLOCK_BYTES + 3) / (BLOCK_BYTES + 4);
      LittleEndian.putLong(bytes, 40, rest - 4 * count);
    }
    header(bytes);
    int header = LittleEndian.getInt(bytes, 12);
    int index = 0;
    for (int at = HEADER_BYTES; at + 4 < bytes.length; at += BLOCK_BYTES + 4) {
      int length = Math.min(BLOCK_BYTES, bytes.length - at - 4);
      CRC.reset().u32(header).u32(index++).bytes(bytes, at, length);
      LittleEndian.putInt(bytes, at + length, CRC.value());
    }
  }

  /** Repairs a log file; with lengths, a frame that would go beyond the file ends with it. */
  public static void log(byte[] bytes, boolean lengths) {
    header(bytes);
    if (bytes.length < HEADER_BYTES) {
      return;
    }
    int chain = LittleEndian.getInt(bytes, 12);
    int at = HEADER_BYTES;
    while (at + 40 <= bytes.length) {
      int left = bytes.length - at - 44;
      int payload = LittleEndian.getInt(bytes, at + 4);
      if (lengths && left >= 0 && (payload < 0 || payload > left)) {
        payload = left;
        LittleEndian.putInt(bytes, at + 4, payload);
      }
      LittleEndian.putInt(bytes, at, CRC.reset().bytes(bytes, at + 4, 36).value());
      if (payload < 0 || payload > left) {
        return;
      }
      chain = CRC.reset().u32(chain).bytes(bytes, at, 40 + payload).value();
      LittleEndian.putInt(bytes, at + 40 + payload, chain);
      at += 44 + payload;
    }
  }

  /** Makes a manifest name the segments and the graph as they are. */
  private static void references(byte[] bytes, Map<String, byte[]> files, boolean lengths) {
    // Two sections of 8 and 16 bytes come before; each has 8 bytes of its own, as has this one.
    int at = HEADER_BYTES + 16 + 24 + 8;
    if (bytes.length < at + 4) {
      return;
    }
    int count = LittleEndian.getInt(bytes, at);
    at += 4;
    for (int i = 0; i < count && at + 28 <= bytes.length; i++) {
      long number = LittleEndian.getLong(bytes, at);
      byte[] segment = number < 0 ? null : files.get(Kind.SEGMENT.name(number));
      if (segment != null && segment.length >= HEADER_BYTES) {
        LittleEndian.putInt(bytes, at + 20, LittleEndian.getInt(segment, 12));
        if (lengths) {
          LittleEndian.putLong(bytes, at + 12, segment.length);
        }
      }
      int entries = LittleEndian.getInt(bytes, at + 8);
      boolean bits = LittleEndian.getInt(bytes, at + 24) != 0;
      long next = at + 28L + (bits ? (entries + 7L) / 8 : 0);
      at = (int) Math.min(bytes.length, Math.max(at + 28L, next));
    }
    graph(bytes, at, files, lengths);
  }

  private static void graph(byte[] bytes, int at, Map<String, byte[]> files, boolean lengths) {
    if (at + 28 > bytes.length || LittleEndian.getInt(bytes, at) != 4) {
      return;
    }
    long number = LittleEndian.getLong(bytes, at + 8);
    byte[] graph = number < 0 ? null : files.get(Kind.GRAPH.name(number));
    if (graph != null && graph.length >= HEADER_BYTES) {
      LittleEndian.putInt(bytes, at + 24, LittleEndian.getInt(graph, 12));
      if (lengths) {
        LittleEndian.putLong(bytes, at + 16, graph.length);
      }
    }
  }
}
