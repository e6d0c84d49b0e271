package org.edgevec.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.StoreFiles;

/**
 * Bytes as a list of changes to the files of a {@link BaseStore}: its number, then changes, each an
 * operation, the number of a file, and what the operation needs. Any bytes are a script; one that
 * ends too early goes on with zeros.
 *
 * <p>In a script that is not <em>literal</em>, bytes that it brings along are mixed with a fixed
 * sequence and, in a patch, with what stands there. The fuzzer watches comparisons and puts what a
 * value was compared with into its input; so it would find the right checksum to a wrong content,
 * and a wrong state would be no error of recovery.
 */
final class Script {

  private static final int MAX_CHANGES = 32;
  private static final int MAX_FILE_BYTES = 1 << 18;
  private static final int MAX_FILES = 24;

  /** What can be done to a file. */
  enum Operation {
    PATCH,
    FLIP,
    CUT,
    APPEND,
    DELETE,
    RENAME,
    COPY,
    SWAP,
    REMOVE_RANGE,
    INSERT,
    COPY_RANGE,
    IMPORT,
    FILL,
    REPLACE,
    NUMBER,
    CUT_BACK
  }

  private final byte[] input;
  private final boolean literal;
  private final BaseStore base;
  private final Set<BaseStore> used = new HashSet<>();
  private final TreeMap<String, byte[]> files;
  private int position;

  private Script(byte[] input, boolean literal) {
    this.input = input;
    this.literal = literal;
    this.base = store();
    this.files = new TreeMap<>(base.files());
  }

  /** Runs a script on a copy of the store that it names. */
  static Script run(byte[] input, boolean literal) {
    Script script = new Script(input, literal);
    for (int i = 0; i < MAX_CHANGES && script.position < input.length; i++) {
      script.change();
    }
    return script;
  }

  /** The store that was changed. */
  BaseStore base() {
    return base;
  }

  /** All stores that files were taken from. */
  Set<BaseStore> used() {
    return used;
  }

  /** What came of it. */
  Map<String, byte[]> files() {
    return files;
  }

  /** How many files are not as they were, came or went. */
  int changedFiles() {
    Set<String> names = new HashSet<>(files.keySet());
    names.addAll(base.files().keySet());
    int changed = 0;
    for (String name : names) {
      changed += Arrays.equals(files.get(name), base.files().get(name)) ? 0 : 1;
    }
    return changed;
  }

  /** What was changed, in words, for messages. */
  String describe() {
    StringBuilder text = new StringBuilder("of \"" + base.name() + "\"");
    Set<String> names = new TreeSet<>(files.keySet());
    names.addAll(base.files().keySet());
    for (String name : names) {
      byte[] before = base.files().get(name);
      byte[] after = files.get(name);
      if (!Arrays.equals(before, after)) {
        text.append(", ").append(name).append(' ').append(change(before, after));
      }
    }
    return text.toString();
  }

  private static String change(byte[] before, byte[] after) {
    if (before == null) {
      return "new with " + after.length + " bytes";
    }
    if (after == null) {
      return "removed";
    }
    int at = Arrays.mismatch(before, after);
    return "from " + before.length + " to " + after.length + " bytes, first differing at " + at;
  }

  private BaseStore store() {
    BaseStore store = BaseStore.ALL.get(u8() % BaseStore.ALL.size());
    used.add(store);
    return store;
  }

  private void change() {
    Operation operation = Operation.values()[u8() % Operation.values().length];
    switch (operation) {
      case IMPORT -> importFile();
      case REPLACE -> put(name(), raw(u16()));
      default -> changeFile(operation);
    }
  }

  private void importFile() {
    BaseStore other = store();
    List<String> names = List.copyOf(other.files().keySet());
    if (!names.isEmpty()) {
      String name = names.get(u8() % names.size());
      put(name, other.files().get(name));
    }
  }

  private void changeFile(Operation operation) {
    String name = existing();
    byte[] bytes = files.get(name);
    if (bytes == null) {
      return;
    }
    switch (operation) {
      case PATCH -> patch(bytes.clone(), name);
      case FLIP -> flip(bytes.clone(), name);
      case CUT -> put(name, Arrays.copyOf(bytes, offset(bytes)));
      case CUT_BACK -> put(name, Arrays.copyOf(bytes, bytes.length - offset(bytes)));
      case APPEND -> put(name, insert(bytes, bytes.length, raw(u8())));
      case INSERT -> put(name, insert(bytes, offset(bytes), raw(u8())));
      case FILL -> put(name, insert(bytes, bytes.length, new byte[u16()]));
      case DELETE -> files.remove(name);
      case RENAME -> {
        files.remove(name);
        put(name(), bytes);
      }
      case COPY -> put(name(), bytes);
      case SWAP -> swap(name, existing());
      case REMOVE_RANGE -> removeRange(bytes, name);
      case COPY_RANGE -> copyRange(bytes);
      case NUMBER -> number(bytes.clone(), name);
      default -> throw new IllegalStateException("not a change of a file: " + operation);
    }
  }

  private void patch(byte[] bytes, String name) {
    int at = offset(bytes);
    byte[] with = raw(1 + (u8() & 15));
    for (int i = 0; i < with.length && at + i < bytes.length; i++) {
      bytes[at + i] = literal ? with[i] : (byte) (bytes[at + i] ^ with[i]);
    }
    put(name, bytes);
  }

  private void flip(byte[] bytes, String name) {
    int at = offset(bytes);
    int bit = u8() & 7;
    if (at < bytes.length) {
      bytes[at] ^= (byte) (1 << bit);
      put(name, bytes);
    }
  }

  /** Adds a little to, or subtracts it from, one of the eight-byte numbers of a header. */
  private void number(byte[] bytes, String name) {
    int at = 8 * (u8() & 7);
    if (at + 8 <= bytes.length) {
      long by = (byte) u8();
      long value = LittleEndian.getLong(bytes, at) + by;
      LittleEndian.putLong(bytes, at, value);
      put(name, bytes);
    }
  }

  private void swap(String first, String second) {
    byte[] bytes = files.get(first);
    put(first, files.get(second));
    put(second, bytes);
  }

  private void removeRange(byte[] bytes, String name) {
    int from = offset(bytes);
    int to = Math.min(bytes.length, from + u8());
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - (to - from));
    System.arraycopy(bytes, to, shorter, from, bytes.length - to);
    put(name, shorter);
  }

  private void copyRange(byte[] bytes) {
    int from = offset(bytes);
    int to = Math.min(bytes.length, from + u16());
    String target = existing();
    byte[] into = files.get(target);
    put(target, insert(into, offset(into), Arrays.copyOfRange(bytes, from, to)));
  }

  private static byte[] insert(byte[] bytes, int at, byte[] more) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, longer, at, more.length);
    System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
    return longer;
  }

  private void put(String name, byte[] bytes) {
    boolean fits = files.containsKey(name) || files.size() < MAX_FILES;
    if (fits && bytes.length <= MAX_FILE_BYTES) {
      files.put(name, bytes);
    }
  }

  /** The name of a file that is there; of none, if there is none. */
  private String existing() {
    List<String> names = new ArrayList<>(files.keySet());
    int number = u8();
    return names.isEmpty() ? "" : names.get(number % names.size());
  }

  /** Any name: of a kind of file, and a number that is small, or as large as they get. */
  private String name() {
    int kind = u8();
    int number = u8();
    long value = (number & 0x80) == 0 ? number : Long.MAX_VALUE - (number & 0x7f);
    return switch (kind % 6) {
      case 0 -> StoreFiles.SEAL;
      case 1 -> "notes.txt";
      case 2 -> StoreFiles.torn(StoreFiles.Kind.WAL.name(value));
      default -> StoreFiles.Kind.values()[kind % 6 - 3].name(value);
    };
  }

  private int offset(byte[] bytes) {
    return u16() % (bytes.length + 1);
  }

  private int u8() {
    return position < input.length ? input[position++] & 0xff : 0;
  }

  private int u16() {
    return u8() | u8() << 8;
  }

  private byte[] raw(int length) {
    int taken = Math.min(length, Math.max(0, input.length - position));
    byte[] bytes = Arrays.copyOfRange(input, position, position + taken);
    for (int i = 0; !literal && i < taken; i++) {
      bytes[i] ^= (byte) ((position + i) * 167 + 91);
    }
    position += taken;
    return bytes;
  }
}
