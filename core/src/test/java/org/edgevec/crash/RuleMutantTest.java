package org.edgevec.crash;

import java.util.List;
import java.util.stream.Stream;
import org.edgevec.crash.PatchedCore.Patch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rules that no crash state shows are left out, one at a time: what callers do meanwhile, who goes
 * first, and what maintenance owes. A test must fail by each.
 */
class RuleMutantTest {

  private static final String CALLERS = "org.edgevec.CallersDataTest";
  private static final String CHECKPOINTS = "org.edgevec.CheckpointFailureTest";
  private static final String GROUPS = "org.edgevec.GroupCommitTest";
  private static final String MEMORY = "org.edgevec.TightMemoryTest";
  private static final String SESSIONS = "org.edgevec.SessionsTest";

  private static List<RuleMutant> callersData() {
    return List.of(
        RuleMutant.of(
            "vector not copied",
            "table/RecordCodec",
            "    out.floats(vector, 0, vector.length);",
            "    out.floats(put.vector(), 0, vector.length);",
            CALLERS,
            "aVector"),
        RuleMutant.of(
            "batch not counted while encoding",
            "table/RecordCodec",
            "payload.length, all.length, dimension)",
            "payload.length, changes.size(), dimension)",
            CALLERS,
            "aBatchThatGrows"),
        RuleMutant.of(
            "query not copied",
            "engine/Engine",
            "    float[] query = RecordCodec.checkedCopy(",
            "    float[] query = request.query();\n    RecordCodec.checkedCopy(",
            CALLERS,
            "aQuery",
            "L2"));
  }

  private static List<RuleMutant> turns() {
    return List.of(
        new RuleMutant(
            "writes go before who wants the lead alone",
            List.of(
                new Patch(
                    "engine/CommitQueue",
                    "while ((led || waitingAlone > 0) && !ticket.done)",
                    "while (led && !ticket.done)"),
                new Patch(
                    "engine/CommitQueue",
                    "if (led || ticket.done || waitingAlone > 0)",
                    "if (led || ticket.done)")),
            GROUPS,
            "aCheckpointGoesBeforeTheWritesThatWait"),
        RuleMutant.of(
            "closing does not end a checkpoint",
            "engine/Checkpoints",
            "checkpointAlone((done, total) -> life.checkNotClosing())",
            "checkpointAlone(ProgressListener.NONE)",
            CHECKPOINTS,
            "closingEndsOne"),
        RuleMutant.of(
            "a check is not noticed to be closed upon",
            "engine/Checkpoints",
            "      life.checkNotClosing();\n      listener.progress(done, total);\n"
                + "      life.checkNotClosing(); // The listener itself may have closed it.\n",
            "      listener.progress(done, total);\n",
            "org.edgevec.VerifyOpenTest",
            "closingEndsIt"),
        RuleMutant.of(
            "a due checkpoint does not wait for a check",
            "engine/LogMaintenance",
            "if (!checkpoints.isVerifying() && mayTry()",
            "if (mayTry()",
            "org.edgevec.VerifyOpenTest",
            "aCheckpointThatIsDueWaitsUntilVerifyIsDone"));
  }

  private static List<RuleMutant> maintenance() {
    return List.of(
        RuleMutant.of(
            "log not sealed while busy",
            "engine/LogMaintenance",
            "      if (platform.nanoTime() - sealedNanos >= SEAL_NANOS) {\n"
                + "        sealIfNeeded();\n      }\n",
            "",
            SESSIONS,
            "whoNeverRestsIsAttestedAllTheSame"),
        RuleMutant.of(
            "closing stores nothing",
            "engine/Engine",
            "      maintenance.beforeClosing();\n",
            "",
            SESSIONS,
            "whatWasLinkedIsStoredByClosing"),
        RuleMutant.of(
            "closing stores whatever is new",
            "snapshot/StoredPart",
            "unstored > CHECKPOINT_NODES + now / STORED_NODES",
            "unstored > -1 - now / STORED_NODES",
            SESSIONS,
            "notForTheSakeOfFew"),
        RuleMutant.of(
            "closing leaves many log files",
            "engine/LogMaintenance",
            "    if (isLogInManyFiles() || checkpoints",
            "    if (checkpoints",
            SESSIONS,
            "shortOnesLeaveFewFiles"),
        RuleMutant.of(
            "opening begins nothing",
            "engine/Engine",
            "      maintenance.afterOpen();\n",
            "",
            SESSIONS,
            "openingBeginsWhatIsDue"),
        RuleMutant.of(
            "log files not counted",
            "engine/LogMaintenance",
            "(isLogInManyFiles() || checkpoints.isWorthItself())",
            "checkpoints.isWorthItself()",
            SESSIONS,
            "openingBeginsWhatIsDue"),
        RuleMutant.of(
            "no room for a seal fails closing",
            "engine/WritePath",
            "    sealIfRoom();\n",
            "    log.seal();\n",
            "org.edgevec.FaultTest",
            "aSealForWhichThereIsNoRoomDoesNotFailClosing"),
        RuleMutant.of(
            "what cannot be read is no damage",
            "storage/BufferedFile",
            "        throw new CorruptDataException(name, offset, e);",
            "        throw e;",
            "org.edgevec.UnreadablePartTest",
            "partsOfSnapshotsAndTheSealAreNotNeeded"));
  }

  private static List<RuleMutant> checkpoints() {
    String[] fails = {CHECKPOINTS, "anErrorIsToldAndBacksOffAndLeavesNothing", "false"};
    String[] between = {CHECKPOINTS, "whatHappensBetweenDraftAndLeadIsInTheSnapshot"};
    return List.of(
        RuleMutant.of(
            "a failed checkpoint is tried again at once",
            "engine/LogMaintenance",
            "if (!checkpoints.isVerifying() && mayTry() && ",
            "if (!checkpoints.isVerifying() && ",
            fails),
        RuleMutant.of(
            "a failed checkpoint is not told",
            "engine/LogMaintenance",
            "      failedAtNanos = platform.nanoTime();\n      error = textOf(e);",
            "      failedAtNanos = platform.nanoTime();",
            fails),
        RuleMutant.of(
            "a seal makes a failed checkpoint forgotten",
            "engine/LogMaintenance",
            "      writes.runAlone(writes::seal);\n",
            "      writes.runAlone(writes::seal);\n      error = null;\n      failures = 0;\n",
            fails),
        RuleMutant.of(
            "errors of checkpoints are not caught",
            "engine/LogMaintenance",
            "    } catch (RuntimeException | Error e) {\n      failures++;",
            "    } catch (RuntimeException e) {\n      failures++;",
            fails),
        RuleMutant.of(
            "each attempt begins a log file",
            "snapshot/SnapshotManager",
            "      SnapshotPlan plan = plan(contents, since);\n",
            "      log.rotate();\n      SnapshotPlan plan = plan(contents, since);\n",
            fails),
        RuleMutant.of(
            "deaths between draft and lead forgotten",
            "table/Table",
            "        die(before + Long.bitCount(~drop[word] & (bit - 1)));\n",
            "",
            CHECKPOINTS,
            "writesAndSearchesGoOnWhileTheDeadAreLeftBehind"),
        RuleMutant.of(
            "entries between draft and lead forgotten",
            "table/Table",
            "      copyFrom(source, now, ordinal);\n",
            "",
            CHECKPOINTS,
            "writesAndSearchesGoOnWhileTheDeadAreLeftBehind"),
        RuleMutant.of(
            "entries between draft and lead in no segment",
            "snapshot/SnapshotManager",
            "spansWith(ordinalCount - draft.since().ordinalCount())",
            "spansWith(0)",
            between));
  }

  private static List<RuleMutant> memory() {
    return List.of(
        RuleMutant.of(
            "what is dead makes no room for a write",
            "engine/Engine",
            "if (!platform.makesRoomInPlace() || life.hasFailed() || !checkpoints.makeRoom(seen)) {",
            "if (seen >= 0) {",
            MEMORY,
            "writesGoOnWhileWhatLivesFits",
            "REPLACE NONE"),
        RuleMutant.of(
            "the graph keeps what is dead",
            "contents/Compaction",
            "if (isPressing && removed < count / GRAPH_SHARE",
            "if (removed < 0",
            MEMORY,
            "writesGoOnWhileWhatLivesFits",
            "REPLACE STALE"),
        RuleMutant.of(
            "no checkpoint without another table",
            "snapshot/SnapshotManager",
            "    } catch (OutOfMemoryError e) {\n      return null;\n    }",
            "    } catch (OutOfMemoryError e) {\n      throw new IllegalStateException(e);\n    }",
            MEMORY,
            "checkpointsDoWithoutAnotherTable",
            "DELETE NONE"),
        RuleMutant.of(
            "segments that lost entries are kept",
            "engine/Checkpoints",
            "    snapshots.moved(spans, contents.present());\n",
            "",
            MEMORY,
            "checkpointsDoWithoutAnotherTable",
            "DELETE NONE"),
        RuleMutant.of(
            "replay keeps what it replaced",
            "recovery/ReplayedContents",
            "if (!compact(true)) {",
            "if (count > 0) {",
            MEMORY,
            "openingKeepsNoMoreThanLives",
            "REPLACE NONE"),
        RuleMutant.of(
            "a write is not tried again after a checkpoint",
            "engine/Checkpoints",
            "    } finally {\n      // What it left behind, and what it held for itself.\n      madeRoom();\n    }",
            "    } finally {\n    }",
            MEMORY,
            "aWriteIsTriedAgainAfterACheckpoint"),
        RuleMutant.of(
            "segments that lost entries in replay are kept",
            "recovery/ReplayedContents",
            "return hasMoved ? spans : null;",
            "return null;",
            MEMORY,
            "openingKeepsNoMoreThanLives",
            "MIXED NONE"),
        RuleMutant.of(
            "a closed database keeps its entries",
            "engine/LiveContents",
            "      contents = empty;\n      searcher = ofNothing;\n",
            "",
            MEMORY,
            "aClosedDatabaseKeepsNoEntries"),
        RuleMutant.of(
            "who reads while it is closed finds nothing",
            "engine/LiveContents",
            "      life.checkOpen();\n      int ordinal = ",
            "      int ordinal = ",
            MEMORY,
            "whoReadsWhileItIsClosedIsToldSo"));
  }

  private static List<RuleMutant> versions() {
    return List.of(
        RuleMutant.of(
            "newer metadata in an older log file",
            "wal/WriteAheadLog",
            "current == null || batch.formatVersion() > formatVersion",
            "current == null",
            "org.edgevec.wal.WriteAheadLogTest",
            "aBatchOfANewerVersionBeginsAnotherFile"),
        RuleMutant.of(
            "newer metadata in an older segment",
            "snapshot/SegmentFormat",
            "MetadataCodec.formatVersion(view.metadata()[ordinal])",
            "1",
            "org.edgevec.snapshot.SegmentFormatTest",
            "theVersionIsTheLowestThatSuffices"),
        RuleMutant.of(
            "equal metadata of other bytes",
            "table/MetadataCodec",
            "hasOthers |= type != STRING;",
            "hasOthers = true;",
            "org.edgevec.table.MetadataCodecTest",
            "newerBytesThatAreNotWrittenAreMalformed"));
  }

  @TestFactory
  Stream<DynamicTest> everyRuleIsMissedWhenItIsLeftOut() {
    return RuleMutant.tests(
        Stream.of(callersData(), turns(), maintenance(), checkpoints(), memory(), versions())
            .flatMap(List::stream)
            .toList());
  }
}
