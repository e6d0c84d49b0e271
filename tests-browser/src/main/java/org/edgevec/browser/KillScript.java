package org.edgevec.browser;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What the page of {@link BrowserKills} writes: the same as {@code kills.js}, to be compared with.
 *
 * <p>Each round writes from number 0 on, over what earlier rounds left. Of every ten writes eight
 * are single puts, one is a batch of puts, and one puts, replaces and deletes in one batch.
 */
final class KillScript {

  static final int BATCH = 7;

  private static final int DIMENSION = 16;

  private KillScript() {}

  /**
   * An entry as it is stored.
   *
   * @param vector its floats' bytes, little-endian, as base64
   */
  record Stored(String id, String vector, int round, int number) {}

  /** The ids that a write deletes. */
  static List<String> deletes(int number) {
    return number % 10 == 9 ? List.of("single-" + (number - 9)) : List.of();
  }

  /** The entries that a write puts. */
  static List<Stored> puts(int round, int number) {
    return switch (number % 10) {
      case 8 -> batch(round, number);
      case 9 -> List.of(stored("mixed-" + number, round, number, 0), hot(round, number));
      default -> List.of(stored("single-" + number, round, number, 0));
    };
  }

  private static List<Stored> batch(int round, int number) {
    List<Stored> puts = new ArrayList<>();
    for (int k = 0; k < BATCH; k++) {
      puts.add(stored("batch-" + number + "-" + k, round, number, k));
    }
    return puts;
  }

  /** The one id that is replaced again and again. */
  private static Stored hot(int round, int number) {
    return stored("hot", round, number, 99);
  }

  private static Stored stored(String id, int round, int number, int part) {
    return new Stored(id, vector(round, number, part), round, number);
  }

  private static String vector(int round, int number, int part) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * DIMENSION).order(ByteOrder.LITTLE_ENDIAN);
    int state = round * 1_000_003 + number * 101 + part;
    for (int i = 0; i < DIMENSION; i++) {
      state = (state ^ (state >>> 15)) * 0x2c1b3c6d + 0x6d2b79f5;
      bytes.putFloat(((state ^ (state >>> 13)) >>> 8) / (float) 0x1000000 - 0.5f);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
