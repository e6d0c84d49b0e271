package org.edgevec.crash;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.crash.CrashStorage.Flaw;
import org.edgevec.crash.PatchedCore.Patch;

/**
 * A way to break the promise: lines of the database changed, or a flaw of the storage below it.
 *
 * <p>What cannot be noticed is not here: a frame's epoch, sequence and header checksum are each
 * looked at, and the body checksum, chained from the file's header, covers them all once more.
 *
 * @param what is wrong, in a few words
 * @param patches what is changed in the database
 * @param flaw what is wrong with the storage, or null
 */
record Mutant(String what, List<Patch> patches, Flaw flaw) {

  private static Mutant storage(String what, Flaw flaw) {
    return new Mutant(what, List.of(), flaw);
  }

  private static Mutant core(String what, String file, String from, String to) {
    return new Mutant(what, List.of(new Patch(file, from, to)), null);
  }

  /** The same, and further changes. */
  private Mutant and(String file, String from, String to) {
    List<Patch> more = new ArrayList<>(patches);
    more.add(new Patch(file, from, to));
    return new Mutant(what, more, flaw);
  }

  @SuppressWarnings("StringConcatToTextBlock") // as in the sources, blank for blank
  static List<Mutant> all() {
    return List.of(
        // Storage.
        storage("storage: sync does nothing", Flaw.SYNC_IS_SKIPPED),
        storage("storage: sync leaves out the name", Flaw.SYNC_FORGETS_THE_NAME),
        storage("storage: temporary file not synced", Flaw.TEMPORARY_FILE_IS_NOT_SYNCED),
        storage("storage: folder not synced", Flaw.FOLDER_IS_NOT_SYNCED),
        storage("storage: rename before sync", Flaw.RENAME_COMES_FIRST),
        storage("storage: leftovers kept", Flaw.LEFTOVERS_ARE_KEPT),
        storage("storage: names not forced at opening", Flaw.NAMES_ARE_NOT_FORCED_AT_OPENING),
        storage("storage: atomicWrite in place", Flaw.ATOMIC_WRITE_IS_IN_PLACE),
        // The log.
        core(
            "acknowledged before the sync",
            "engine/WritePath",
            "    log.append(group);\n    log.sync();",
            "    log.append(group);"),
        core(
            "batches synced relaxed",
            "wal/WriteAheadLog",
            "storage.sync(current, durability);",
            "storage.sync(current, Durability.RELAXED);"),
        core(
            "header of a log file not synced",
            "wal/WriteAheadLog",
            "    storage.sync(name, Durability.STRICT);\n    current = name;",
            "    current = name;"),
        core(
            "epoch used twice",
            "wal/WriteAheadLog",
            "epoch = randomLong.getAsLong();",
            "epoch = 42;"),
        core(
            "frame attests itself",
            "wal/WriteAheadLog",
            "epoch, sequence, syncedSequence, batch.count()",
            "epoch, sequence, sequence, batch.count()"),
        core(
            "frames attest nothing",
            "recovery/LogReplay",
            "attested = Math.max(attested, in.syncedSequence());",
            "attested = Math.min(attested, lastSequence);"),
        core(
            "rotation does not sync",
            "wal/WriteAheadLog",
            "    syncStrictly();\n    current = null;",
            "    current = null;"),
        core(
            "rotation does not end the file",
            "wal/WriteAheadLog",
            "    current = null;\n    return nextNumber;",
            "    return nextNumber;"),
        core(
            "log goes on in the last file found",
            "recovery/Recovery",
            "Math.max(next, sizes.lastKey() + 1)",
            "Math.max(next, sizes.lastKey())"),
        core(
            "close does not sync a relaxed log",
            "wal/WriteAheadLog",
            "    if (current != null && syncedSequence < lastSequence) {",
            "    if (current == null && syncedSequence < lastSequence) {"),
        core(
            "seal skipped",
            "wal/WriteAheadLog",
            "      Seal.write(storage, storeId, syncedSequence, currentNumber, sizeOf(currentNumber));\n",
            ""),
        core(
            "seal attests one batch too many",
            "wal/WriteAheadLog",
            "Seal.write(storage, storeId, syncedSequence,",
            "Seal.write(storage, storeId, syncedSequence + 1,"),
        core(
            "seal written in place",
            "wal/Seal",
            "    storage.atomicWrite(StoreFiles.SEAL, sink -> sink.write(bytes, 0, bytes.length));",
            "    storage.delete(StoreFiles.SEAL);\n"
                + "    storage.append(StoreFiles.SEAL, bytes, 0, bytes.length);"),
        core(
            "search graphs deleted that snapshots name",
            "snapshot/Manifest",
            "      if (part.fileName().equals(file)) {",
            "      if (part.fileName().isEmpty()) {"),
        core(
            "one log file too many deleted",
            "wal/WriteAheadLog",
            "sizes.headMap(number).keySet()",
            "sizes.headMap(number + 1).keySet()"),
        // Reading the log.
        core(
            "bad body checksum of a frame accepted",
            "wal/WalReader",
            "if (found != expected && (chain == otherChain",
            "if (found != expected && expected == 0 && (chain == otherChain"),
        core(
            "bad header checksum of a file accepted",
            "storage/FileHeader",
            "length == BYTES && LittleEndian.getInt(bytes, CRC_OFFSET) == crc(bytes, 0, BYTES)",
            "length == BYTES"),
        core(
            "end before what is attested accepted",
            "recovery/LogReplay",
            "    if (lastSequence < attested && !missing) {\n      String name",
            "    if (lastSequence < attested && attested < 0) {\n      String name"),
        core(
                "every bad frame taken for a tail",
                "recovery/LogReplay",
                "    if (last && attested <= lastSequence) {",
                "    if (attested >= 0) {")
            .and(
                "recovery/LogReplay",
                "    if (lastSequence < attested && !missing) {\n      String name",
                "    if (lastSequence < attested && attested < 0) {\n      String name"),
        core(
            "every bad frame taken for damage",
            "recovery/LogReplay",
            "    if (last && attested <= lastSequence) {",
            "    if (attested < 0) {"),
        core(
            "frames behind a bad one not looked at",
            "recovery/LogReplay",
            "attested = Math.max(attested, in.attestedBehind());",
            ""),
        core(
            "last log file not replayed",
            "recovery/LogReplay",
            "      replayOrTell(number, newest);",
            "      if (number != sizes.lastKey()) { replayOrTell(number, newest); }"),
        core(
            "batches applied twice",
            "recovery/LogReplay",
            "      apply(name, in);\n",
            "      apply(name, in);\n      apply(name, in);\n"),
        core(
            "half born log files refused",
            "recovery/LogReplay",
            "file.size() <= FileHeader.BYTES;",
            "file.size() == FileHeader.BYTES;"),
        core(
            "seal not read",
            "recovery/Recovery",
            "      return Seal.read(new BufferedFile(storage, StoreFiles.SEAL), id);",
            "      return Seal.read(new BufferedFile(storage, StoreFiles.SEAL), id) * 0;"),
        // Recovery.
        core("torn tail not cut", "recovery/Recovery", "      cut(torn);\n", ""),
        core(
            "torn tail cut by truncate and sync",
            "recovery/Recovery",
            "storage.atomicWrite(torn.name(), sink -> storage.copy(torn.name(), 0, torn.offset(), sink));",
            "storage.truncate(torn.name(), torn.offset());\n"
                + "    storage.sync(torn.name(), org.edgevec.storage.Durability.STRICT);"),
        core(
            "torn tail cut without a sync",
            "recovery/Recovery",
            "storage.atomicWrite(torn.name(), sink -> storage.copy(torn.name(), 0, torn.offset(), sink));",
            "storage.truncate(torn.name(), torn.offset());"),
        core(
            "one frame too many cut",
            "recovery/Recovery",
            "sink -> storage.copy(torn.name(), 0, torn.offset(), sink)",
            "sink -> storage.copy(torn.name(), 0, Math.max(64, torn.offset() - 44), sink)"),
        core(
            "what was read not made durable",
            "recovery/Recovery",
            "    makeDurable(replay, torn);\n",
            ""),
        core(
            "what was read only synced",
            "recovery/Recovery",
            "storage.makeDurable(name, replay.sizes().getOrDefault(number, 0L));",
            "storage.sync(name, org.edgevec.storage.Durability.STRICT);"),
        core(
            "oldest snapshot taken",
            "recovery/Recovery",
            "new ArrayList<>(found.descendingKeySet())",
            "new ArrayList<>(found.keySet())"),
        core(
            "parts of the previous snapshot deleted at opening",
            "recovery/Recovery",
            "(previous != null && previous.names(name))",
            "(previous != null && previous.names(\"\"))"),
        // Snapshots.
        core(
            "manifest not written atomically",
            "snapshot/ManifestFormat",
            "    storage.atomicWrite(\n"
                + "        manifest.fileName(),\n"
                + "        sink -> writeTo(new BlockWriter(sink, header, 0, ProgressListener.NONE), body));",
            "    writeTo(new BlockWriter((d, o, n) -> storage.append(manifest.fileName(), d, o, n),"
                + " header, 0, ProgressListener.NONE), body);\n"
                + "    storage.sync(manifest.fileName(), org.edgevec.storage.Durability.STRICT);"),
        core(
            "manifest not synced",
            "snapshot/ManifestFormat",
            "    storage.atomicWrite(\n"
                + "        manifest.fileName(),\n"
                + "        sink -> writeTo(new BlockWriter(sink, header, 0, ProgressListener.NONE), body));",
            "    writeTo(new BlockWriter((d, o, n) -> storage.append(manifest.fileName(), d, o, n),"
                + " header, 0, ProgressListener.NONE), body);"),
        core(
            "segment not synced",
            "snapshot/SegmentFormat",
            "    storage.atomicWrite(\n"
                + "        StoreFiles.Kind.SEGMENT.name(number),\n"
                + "        sink -> writeBody(new BlockWriter(sink, header, fileBytes, listener), view, from, to));",
            "    writeBody(new BlockWriter((d, o, n) -> storage.append("
                + "StoreFiles.Kind.SEGMENT.name(number), d, o, n), header, fileBytes, listener), view, from, to);"),
        core(
            "log deleted before the manifest",
            "snapshot/SnapshotManager",
            "    ManifestFormat.write(storage, manifest);\n",
            "    log.deleteBefore(manifest.logNumber());\n"
                + "    ManifestFormat.write(storage, manifest);\n"),
        core(
            "log of the previous snapshot deleted",
            "snapshot/SnapshotManager",
            "    log.deleteBefore(firstLogNumberKept());",
            "    log.deleteBefore(newest.logNumber());"),
        core(
            "parts of the previous snapshot deleted",
            "snapshot/SnapshotManager",
            "(before == null || !before.names(name))",
            "(before == null || !before.names(\"\"))"),
        core(
            "snapshot says one batch less",
            "snapshot/SnapshotWriter",
            "        prepared.logNumber(),\n        prepared.lastSequence(),",
            "        prepared.logNumber(),\n        prepared.lastSequence() - 1,"),
        core(
            "snapshot skips a log file",
            "snapshot/SnapshotWriter",
            "        prepared.logNumber(),\n        prepared.lastSequence(),",
            "        prepared.logNumber() + 1,\n        prepared.lastSequence(),"),
        core("dead entries come back", "snapshot/EntryLoad", "Bits.get(dead, index));", "false);"),
        core(
            "checksum of a block not looked at",
            "snapshot/BlockReader",
            "    if (LittleEndian.getInt(bytes, start + length) != expected) {",
            "    if (length < 0) {"),
        core(
            "writes go on after a failed append or sync",
            "engine/WritePath",
            "      life.fail(e);\n      throw e;\n    }\n  }\n\n  private static int puts",
            "      throw e;\n    }\n  }\n\n  private static int puts"),
        core(
            "writes go on after a failed sync of an idle log",
            "engine/WritePath",
            "      syncBeforeSeal();\n",
            ""),
        core(
            "writes go on after a failed rotation",
            "engine/Checkpoints",
            "      // Only the log was touched, by a sync that failed.\n      life.fail(e);",
            "      // Only the log was touched, by a sync that failed."),
        core(
            "failed sync repeated",
            "wal/WriteAheadLog",
            "      storage.sync(current, durability);\n",
            "      try {\n        storage.sync(current, durability);\n"
                + "      } catch (org.edgevec.storage.StorageIOException e) {\n"
                + "        storage.sync(current, durability);\n      }\n"),
        core(
            "failed checkpoint ends all writing",
            "engine/Checkpoints",
            "      snapshots.write(prepared, platform.currentTimeMillis(), listener);\n",
            "      try {\n        snapshots.write(prepared, platform.currentTimeMillis(), listener);\n"
                + "      } catch (PersistenceException e) {\n        life.fail(e);\n        throw e;\n      }\n"));
  }
}
