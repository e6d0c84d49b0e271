package org.edgevec.file;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.Metadata;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.table.Change;

/**
 * What the writers of the kill test write: batch {@code number} of writer {@code writer}, made of
 * nothing but these two and the seed. So the writing process and the one that checks it need to
 * agree on numbers only.
 *
 * <p>Every writer has its own ids. Every entry names its batch and the number of changes in it.
 */
final class KillScript {

  static final int WRITERS = 4;
  static final int DIMENSION = 64;

  /** Ids of one writer. A prime, so that steps of any width meet each id once. */
  private static final int IDS = 509;

  private final long seed;

  KillScript(long seed) {
    this.seed = seed;
  }

  /** The changes of a batch, of different ids; one change alone is written without a batch. */
  List<Change> batch(int writer, long number) {
    SplitMix64 random =
        new SplitMix64(new SplitMix64(seed ^ (number * WRITERS + writer)).nextLong());
    int kind = random.nextInt(100);
    if (kind < 45) {
      return changes(writer, number, 1, 0, random);
    }
    if (kind < 55) {
      return changes(writer, number, 1, 100, random);
    }
    // Long frames now and then: a kill in the middle of a write leaves a part of one behind.
    int count = kind < 90 ? 2 + random.nextInt(8) : 100 + random.nextInt(300);
    return changes(writer, number, count, 30, random);
  }

  private static List<Change> changes(
      int writer, long number, int count, int percentDeletes, SplitMix64 random) {
    List<Change> changes = new ArrayList<>();
    int first = random.nextInt(IDS);
    int step = 1 + random.nextInt(IDS - 1);
    for (int i = 0; i < count; i++) {
      String id = idPrefix(writer) + (first + i * step) % IDS;
      changes.add(
          random.nextInt(100) < percentDeletes
              ? new Change.Delete(id)
              : new Change.Put(id, vector(random), Metadata.of("batch", number, "of", count)));
    }
    return changes;
  }

  /** What all ids of a writer begin with. */
  static String idPrefix(int writer) {
    return "writer-" + writer + "/";
  }

  /** Whether some writer may write an entry with that id. */
  static boolean isId(String id) {
    for (int writer = 0; writer < WRITERS; writer++) {
      if (id.startsWith(idPrefix(writer))) {
        return true;
      }
    }
    return false;
  }

  private static float[] vector(SplitMix64 random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }
}
