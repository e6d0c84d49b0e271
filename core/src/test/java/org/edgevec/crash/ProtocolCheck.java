package org.edgevec.crash;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.snapshot.Manifest;
import org.edgevec.snapshot.ManifestFormat;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreFiles.Kind;

/**
 * The order in which a database must do things, checked against the disk while it does them. A
 * violation is an {@link AssertionError} that comes out of the step.
 *
 * <ul>
 *   <li>no acknowledgement before every byte of the log and its names are durable;
 *   <li>no frame before its file's header is durable; no epoch twice;
 *   <li>no append to a log file that was there at opening;
 *   <li>nothing more is done to a file after a step on it failed;
 *   <li>no rename before the temporary file is durable;
 *   <li>no deletion of what the two newest durable manifests need.
 * </ul>
 */
class ProtocolCheck {

  /** Checks nothing. */
  static final ProtocolCheck NONE = new ProtocolCheck();

  void opened(SimulatedDisk disk) {}

  void append(
      SimulatedDisk disk,
      String name,
      SimulatedDisk.Node node,
      byte[] data,
      int offset,
      int length) {}

  /** A file that exists is about to be synced or truncated. */
  void changed(String name) {}

  void delete(SimulatedDisk disk, String name) {}

  void rename(SimulatedDisk.Node node, String name) {}

  void atomicWriteReturns(SimulatedDisk disk, String name) {}

  void failed(CrashStorage.Step step, String name) {}

  /** A call returned that promises durability. */
  void acknowledged(SimulatedDisk disk) {}

  /** The rules, for the sessions of one database. */
  static ProtocolCheck rules() {
    return new Rules();
  }

  private static final class Rules extends ProtocolCheck {
    private final Set<Long> epochs = new HashSet<>();
    private final Set<String> foundAtOpening = new HashSet<>();
    private final Set<String> failed = new HashSet<>();

    @Override
    void opened(SimulatedDisk disk) {
      failed.clear();
      foundAtOpening.clear();
      foundAtOpening.addAll(disk.live.keySet());
    }

    @Override
    void append(
        SimulatedDisk disk,
        String name,
        SimulatedDisk.Node node,
        byte[] data,
        int offset,
        int length) {
      changed(name);
      if (Kind.WAL.number(name) < 0) {
        return;
      }
      if (node == null) {
        if (length >= FileHeader.BYTES && !epochs.add(LittleEndian.getLong(data, offset + 40))) {
          violated("the epoch of " + name + " was used before");
        }
        return;
      }
      if (foundAtOpening.contains(name)) {
        violated(name + " is appended to, and was there at opening");
      }
      boolean headerIsDurable =
          node.durableSize >= FileHeader.BYTES && disk.durable.get(name) == node;
      if (!headerIsDurable) {
        violated("a frame is appended to " + name + " before its header is durable");
      }
    }

    @Override
    void changed(String name) {
      if (failed.contains(name)) {
        violated(name + " is touched again after a step on it failed");
      }
    }

    @Override
    void rename(SimulatedDisk.Node node, String name) {
      if (!node.isDurable()) {
        violated("a file is renamed to " + name + " before its content is durable");
      }
    }

    @Override
    void atomicWriteReturns(SimulatedDisk disk, String name) {
      SimulatedDisk.Node node = disk.live.get(name);
      if (disk.durable.get(name) != node || !node.isDurable()) {
        violated("the atomic write of " + name + " returns before it is durable");
      }
    }

    @Override
    void failed(CrashStorage.Step step, String name) {
      if (Kind.WAL.number(name) >= 0 && step != CrashStorage.Step.DELETE) {
        failed.add(name);
      }
    }

    @Override
    void acknowledged(SimulatedDisk disk) {
      for (Map.Entry<String, SimulatedDisk.Node> file : disk.live.entrySet()) {
        String name = file.getKey();
        if (Kind.WAL.number(name) >= 0 && file.getValue().size > FileHeader.BYTES) {
          SimulatedDisk.Node node = file.getValue();
          if (!node.isDurable() || disk.durable.get(name) != node) {
            violated("a write is acknowledged, and " + name + " is not durable");
          }
        }
      }
    }

    @Override
    void delete(SimulatedDisk disk, String name) {
      long log = Kind.WAL.number(name);
      boolean isPart = SnapshotManager.isPart(name);
      long manifest = Kind.MANIFEST.number(name);
      if (log >= 0 && disk.live.get(name).size <= FileHeader.BYTES) {
        return;
      }
      long torn = StoreFiles.tornNumber(name);
      if (torn >= 0 && !disk.live.containsKey(Kind.WAL.name(torn))) {
        return; // What was cut off from a log file that is no longer needed.
      }
      if (log < 0 && !isPart && manifest < 0) {
        violated("nobody may delete " + name);
      }
      for (Manifest needed : newestDurable(disk)) {
        boolean isNeeded =
            log >= needed.logNumber() || needed.names(name) || manifest == needed.generation();
        if (isNeeded) {
          violated(name + " is deleted, and " + needed.fileName() + " needs it");
        }
      }
    }

    /** The two newest manifests that a power cut would leave; one at least. */
    private static List<Manifest> newestDurable(SimulatedDisk disk) {
      TreeMap<Long, Manifest> found = new TreeMap<>();
      StorageBackend durable =
          MemoryStorage.open(MemoryStorage.Disk.of(disk.durableImage().files()));
      for (String name : durable.list()) {
        long generation = Kind.MANIFEST.number(name);
        if (generation >= 0 && disk.live.containsKey(name)) {
          found.put(generation, ManifestFormat.read(durable, generation));
        }
      }
      if (found.isEmpty()) {
        violated("something is deleted while no manifest is durable");
      }
      return found.descendingMap().values().stream().limit(2).toList();
    }

    private static void violated(String what) {
      throw new AssertionError("Protocol: " + what);
    }
  }
}
