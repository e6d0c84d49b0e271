package org.edgevec.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.StoreFiles.Kind;

/**
 * Writes the inputs that the fuzzer starts from, taken from the {@link BaseStore}s; to be run in
 * core's folder after a change of the format. The inputs are checked in.
 */
public final class Seeds {

  private static final Path RESOURCES = Path.of("src/test/resources/org/edgevec");

  /** Checksums and lengths are made right. */
  private static final int REPAIRED = 3;

  private Seeds() {}

  public static void main(String[] args) throws IOException {
    for (int i = 0; i < BaseStore.ALL.size(); i++) {
      script(i);
    }
    int[] chosen = {4, 13, BaseStore.ALL.size() - 1};
    for (int i : chosen) {
      files(BaseStore.ALL.get(i), "-" + i);
    }
    write("bytes/BytesFuzzTestInputs/utf8", "seed", "a\u00e9\u20ac\ud83d\ude00".getBytes(UTF_8));
    write(
        "bytes/BytesFuzzTestInputs/reader",
        "seed",
        new byte[] {0, 1, 2, 3, 21, 30, 1, 2, 3, 4, 5, 6, 7});
    write(
        "snapshot/SnapshotFuzzTestInputs/blocks",
        "seed",
        new byte[] {-1, 127, 0, 64, 100, 3, 1, 2, 0, 84});
  }

  /** An unchanged store, and one with a change of each kind. */
  private static void script(int store) throws IOException {
    byte[] plain = {(byte) store};
    byte[] hostile = {0, (byte) store};
    write("fuzz/RecoveryFuzzTestInputs/damaged", "seed-" + store, plain);
    write("fuzz/RecoveryFuzzTestInputs/hostile", "seed-" + store, hostile);
    byte[] changed = {(byte) store, (byte) store, (byte) (store * 3), 70, 0, 2, 3, 0};
    write("fuzz/RecoveryFuzzTestInputs/damaged", "seed-changed-" + store, changed);
  }

  private static void files(BaseStore store, String suffix) throws IOException {
    for (Map.Entry<String, byte[]> file : store.files().entrySet()) {
      byte[] bytes = file.getValue();
      if (Kind.WAL.number(file.getKey()) >= 0) {
        write("wal/WalFuzzTestInputs/frames", "seed" + suffix, with(REPAIRED, bytes));
        records(bytes, store, suffix);
      } else if (Kind.SEGMENT.number(file.getKey()) >= 0) {
        write("snapshot/SnapshotFuzzTestInputs/segment", "seed" + suffix, with(REPAIRED, bytes));
        metadata(bytes, suffix);
      } else if (Kind.GRAPH.number(file.getKey()) >= 0) {
        write("snapshot/SnapshotFuzzTestInputs/graph", "seed" + suffix, with(REPAIRED, bytes));
      } else if (Kind.MANIFEST.number(file.getKey()) == 2) {
        write("snapshot/SnapshotFuzzTestInputs/manifest", "seed" + suffix, with(REPAIRED, bytes));
      } else if (bytes.length == 64) {
        write("wal/WalFuzzTestInputs/seal", "seed" + suffix, with(REPAIRED, bytes));
      }
      byte[] header = Arrays.copyOf(bytes, 64);
      write("storage/FileHeaderFuzzTestInputs/header", "seed" + suffix, with(REPAIRED, header));
    }
  }

  private static void records(byte[] log, BaseStore store, String suffix) throws IOException {
    if (log.length < 104) {
      return;
    }
    int length = LittleEndian.getInt(log, 68);
    State state = store.states().get(0);
    byte[] input = new byte[3 + length];
    input[0] = (byte) (state.dimension() - 1);
    input[1] = (byte) state.metric().ordinal();
    input[2] = log[100];
    System.arraycopy(log, 104, input, 3, length);
    write("table/RecordFuzzTestInputs/records", "seed" + suffix, input);
  }

  /** The first metadata in a segment. */
  private static void metadata(byte[] segment, String suffix) throws IOException {
    int dimension = LittleEndian.getInt(segment, 48);
    int count = LittleEndian.getInt(segment, 56);
    int at = 64 + 4 * dimension * count;
    for (int i = 0; i < count; i++) {
      int id = LittleEndian.getShort(segment, at);
      int length = LittleEndian.getInt(segment, at + 2);
      int start = at + 6 + id;
      if (length > 0) {
        byte[] input = Arrays.copyOfRange(segment, start, start + length);
        write("table/RecordFuzzTestInputs/metadata", "seed" + suffix, input);
      }
      at = start + length;
    }
  }

  private static byte[] with(int first, byte[] bytes) {
    byte[] longer = new byte[1 + bytes.length];
    longer[0] = (byte) first;
    System.arraycopy(bytes, 0, longer, 1, bytes.length);
    return longer;
  }

  private static void write(String folder, String name, byte[] input) throws IOException {
    Path file = RESOURCES.resolve(folder).resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, input);
  }
}
