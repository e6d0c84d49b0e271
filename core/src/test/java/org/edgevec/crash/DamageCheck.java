package org.edgevec.crash;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.UnsupportedVersionException;

/**
 * Damages a small closed store: a bit of every byte, every truncation, every file removed, the last
 * batches cut off clean. What opens must hold everything, and what does not must be refused with a
 * type. {@code DamageTest} does the same to all bits of a larger one.
 */
final class DamageCheck {

  private static final String WORKLOAD =
      "strict:9:batch,checkpoint,put,fill,idle,compact,delete,put,checkpoint,put,delete,reopen,put,batch,"
          + "put";

  private final Model model = new Model();
  private final Map<String, byte[]> files;
  private final Map<String, byte[]> killed;
  private long checked;

  DamageCheck() {
    Workload workload = Workload.parse(WORKLOAD);
    SimulatedDisk disk = SimulatedDisk.empty();
    Session session =
        new Session(
            disk,
            model,
            Durability.STRICT,
            workload.seed(),
            CrashStorage.Watch.NONE,
            ProtocolCheck.NONE);
    session.open();
    workload.operations().forEach(session::perform);
    killed = disk.liveImage().files();
    session.close();
    files = disk.liveImage().files();
  }

  /** How many damaged stores were opened. */
  long checked() {
    return checked;
  }

  void all() {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] bytes = file.getValue();
      for (int i = 0; i < bytes.length; i++) {
        check(file.getKey(), flipped(bytes, i), "bit " + (i & 7) + " of byte " + i + " flipped");
        check(file.getKey(), Arrays.copyOf(bytes, i), "cut to " + i);
      }
      check(file.getKey(), null, "removed");
    }
    flipWhatWasKilled();
  }

  private static byte[] flipped(byte[] bytes, int index) {
    byte[] flipped = bytes.clone();
    flipped[index] ^= (byte) (1 << (index & 7));
    return flipped;
  }

  /** Of a store that was not closed, nobody attests the last batch, and every other is attested. */
  private void flipWhatWasKilled() {
    for (Map.Entry<String, byte[]> file : killed.entrySet()) {
      for (int i = 0; i < file.getValue().length; i++) {
        TreeMap<String, byte[]> store = new TreeMap<>(killed);
        store.put(file.getKey(), flipped(file.getValue(), i));
        String what = file.getKey() + " of a killed process, byte " + i + " flipped";
        check(store, model.submitted() - 1, what);
      }
    }
  }

  private void check(String name, byte[] damaged, String what) {
    TreeMap<String, byte[]> store = new TreeMap<>(files);
    if (damaged == null) {
      store.remove(name);
    } else {
      store.put(name, damaged);
    }
    check(store, model.submitted(), name + ", " + what);
  }

  private void check(Map<String, byte[]> store, int floor, String what) {
    checked++;
    try {
      VectorDatabase db =
          VectorDatabase.open(
              MemoryStorage.open(MemoryStorage.Disk.of(store)),
              Session.options(Durability.STRICT),
              TestPlatform.withBackground(1));
      int sequence = (int) db.recoveryReport().lastSequence();
      if (sequence < floor) {
        throw new AssertionError("only " + sequence + " batches of " + floor + " are served");
      }
      model.compare(db, sequence, "damage");
    } catch (CorruptDataException | UnsupportedVersionException e) {
      // Refused, as it may be.
      return;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }
}
