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
      "strict:9:batch,checkpoint,put,put,compact,batch,put,delete,reopen,put,batch,put";

  private final Model model = new Model();
  private final TreeMap<String, byte[]> files;
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
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) (1 << (i & 7));
        check(file.getKey(), flipped, "bit " + (i & 7) + " of byte " + i + " flipped");
        check(file.getKey(), Arrays.copyOf(bytes, i), "cut to " + i);
      }
      check(file.getKey(), null, "removed");
    }
  }

  private void check(String name, byte[] damaged, String what) {
    TreeMap<String, byte[]> store = new TreeMap<>(files);
    if (damaged == null) {
      store.remove(name);
    } else {
      store.put(name, damaged);
    }
    checked++;
    try {
      VectorDatabase db =
          VectorDatabase.open(
              MemoryStorage.open(MemoryStorage.Disk.of(store)),
              Session.options(Durability.STRICT),
              TestPlatform.withBackground(1));
      model.compare(db, model.submitted(), "damage");
    } catch (CorruptDataException | UnsupportedVersionException e) {
      // Refused, as it may be.
      return;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(name + ", " + what + ": " + e.getMessage(), e);
    }
  }
}
