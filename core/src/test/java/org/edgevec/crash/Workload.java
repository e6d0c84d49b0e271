package org.edgevec.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.Durability;

/**
 * What is done to a database, from its creation on; its text is enough to do the same again.
 *
 * @param durability of its writes
 * @param seed of store id and epochs
 * @param operations in order
 */
record Workload(Durability durability, long seed, List<Operation> operations) {

  /** One call, or a few, of the database. */
  enum Operation {
    PUT,
    BATCH,
    DELETE,
    CHECKPOINT,
    /** Deletes until more than 30 % is dead, then a checkpoint, which rewrites segments. */
    COMPACT,
    REOPEN,
    /** Three writers, of which two share a sync. */
    GROUP,
    /** What the database does when nobody writes for a while: it seals the log. */
    IDLE,
    /** A batch larger than a few blocks of a device. */
    LARGE,
    /** A batch of so many entries that a segment outlives the death of one. */
    FILL;

    private static final List<Operation> ENUMERATED =
        List.of(PUT, BATCH, DELETE, CHECKPOINT, COMPACT, REOPEN);
  }

  /** How many sequences of that many operations there are. */
  static int sequences(int length) {
    int count = 1;
    for (int i = 0; i < length; i++) {
      count *= Operation.ENUMERATED.size();
    }
    return count;
  }

  /** A sequence by its number; those with neighbouring numbers begin alike. */
  static Workload sequence(Durability durability, int length, int number) {
    Operation[] operations = new Operation[length];
    int rest = number;
    for (int i = length - 1; i >= 0; i--) {
      operations[i] = Operation.ENUMERATED.get(rest % Operation.ENUMERATED.size());
      rest /= Operation.ENUMERATED.size();
    }
    return new Workload(durability, 1, List.of(operations));
  }

  /** A longer one, by chance; writes are twice as frequent as all else. */
  static Workload random(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    Durability durability = random.nextInt(4) == 0 ? Durability.RELAXED : Durability.STRICT;
    List<Operation> operations = new ArrayList<>();
    for (int i = 5 + random.nextInt(10); i > 0; i--) {
      boolean write = random.nextInt(2) == 0;
      Operation[] all = Operation.values();
      operations.add(write ? all[random.nextInt(3)] : all[random.nextInt(all.length)]);
    }
    return new Workload(durability, seed, operations);
  }

  /** How many operations this and another workload begin with in common. */
  int commonWith(Workload other) {
    int count = 0;
    if (durability != other.durability || seed != other.seed) {
      return 0;
    }
    int limit = Math.min(operations.size(), other.operations.size());
    while (count < limit && operations.get(count) == other.operations.get(count)) {
      count++;
    }
    return count;
  }

  /** Reads what {@link #toString} wrote. */
  static Workload parse(String text) {
    String[] parts = text.split(":", -1);
    List<Operation> operations = new ArrayList<>();
    for (String name : parts[2].split(",", -1)) {
      operations.add(Operation.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return new Workload(
        Durability.valueOf(parts[0].toUpperCase(Locale.ROOT)),
        Long.parseLong(parts[1]),
        operations);
  }

  @Override
  public String toString() {
    StringJoiner names = new StringJoiner(",");
    operations.forEach(operation -> names.add(operation.name().toLowerCase(Locale.ROOT)));
    return durability.name().toLowerCase(Locale.ROOT) + ":" + seed + ":" + names;
  }

  /** What is done after a recovery that is itself watched. */
  static List<Operation> afterwards(long choice) {
    List<List<Operation>> all =
        Arrays.asList(
            List.of(Operation.PUT, Operation.REOPEN, Operation.PUT),
            List.of(Operation.BATCH, Operation.CHECKPOINT, Operation.PUT),
            List.of(Operation.PUT),
            List.of(Operation.DELETE, Operation.REOPEN),
            List.of(Operation.COMPACT, Operation.BATCH),
            List.of(Operation.CHECKPOINT, Operation.PUT));
    return all.get((int) Long.remainderUnsigned(choice, all.size()));
  }
}
