package org.edgevec.storage;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Every sentence of {@link StorageBackend}'s javadoc that a program can check, as named cases that
 * each backend must pass.
 *
 * <p>Plain Java without a test framework, reflection, files or threads: the same class is compiled
 * to WebAssembly and run in a browser against IndexedDB. A backend's test loops over {@link #cases}
 * and gives each a {@link Factory} on storage of its own. A broken promise is an {@link
 * AssertionError} that says what was expected and what came.
 */
public final class StorageBackendContract {

  /** The backend under test, on one storage that is empty when a case begins. */
  @FunctionalInterface
  public interface Factory {
    /** Opens the storage; after a close, opens the same storage again with what it holds. */
    StorageBackend open();
  }

  /** What a case does. */
  @FunctionalInterface
  public interface Body {
    /** Runs the case on an empty storage and closes everything that it opened. */
    void run(Factory factory);
  }

  /** A promise and the code that checks it. */
  public record Case(String name, Body body) {
    /** Runs the case on an empty storage. */
    public void run(Factory factory) {
      body.run(factory);
    }
  }

  /** What backends may cut large content into; the sizes here are chosen around it. */
  private static final int CHUNK = 4 << 20;

  private static final String LOG = "wal-0000000000000001.evec";
  private static final String OTHER = "segment-0000000000000002.evec";

  private StorageBackendContract() {}

  /** All cases, in the order in which they are best read. */
  public static List<Case> cases() {
    return List.of(
        // Names and listing.
        new Case("new storage is empty", StorageBackendContract::newStorageIsEmpty),
        new Case("list is sorted", StorageBackendContract::listIsSorted),
        new Case(
            "list hides locks and temporary files",
            StorageBackendContract::listHidesLocksAndTemporaryFiles),
        new Case(
            "list is a snapshot that later changes leave alone",
            StorageBackendContract::listIsACopy),
        new Case("good names are taken", StorageBackendContract::goodNamesAreTaken),
        new Case("bad names are refused", StorageBackendContract::badNamesAreRefused),
        // Size and read.
        new Case("size counts unsynced bytes", StorageBackendContract::sizeCountsUnsyncedBytes),
        new Case(
            "a missing name is an error except for append, delete and atomicWrite",
            StorageBackendContract::missingNameIsAnError),
        new Case("read fills exactly its range", StorageBackendContract::readFillsExactlyItsRange),
        new Case("a short read is an error", StorageBackendContract::shortReadIsAnError),
        new Case("a read of nothing", StorageBackendContract::readOfNothing),
        new Case("bad ranges are refused", StorageBackendContract::badRangesAreRefused),
        // Append.
        new Case("append creates a file", StorageBackendContract::appendCreatesAFile),
        new Case("append copies its bytes", StorageBackendContract::appendCopiesItsBytes),
        new Case("append takes part of an array", StorageBackendContract::appendTakesPartOfAnArray),
        new Case("append of nothing", StorageBackendContract::appendOfNothing),
        new Case("all byte values come back", StorageBackendContract::allByteValuesComeBack),
        new Case(
            "many appends are read across their borders",
            StorageBackendContract::manyAppendsAreReadAcrossTheirBorders),
        new Case("one append larger than a chunk", StorageBackendContract::largeAppend),
        new Case(
            "appends go on after reopening", StorageBackendContract::appendsGoOnAfterReopening),
        new Case("files do not mix", StorageBackendContract::filesDoNotMix),
        // Sync.
        new Case("strict sync survives reopening", StorageBackendContract::strictSyncSurvives),
        new Case("relaxed sync survives reopening", StorageBackendContract::relaxedSyncSurvives),
        new Case(
            "an empty file survives reopening", StorageBackendContract::emptyFileSurvivesReopening),
        // Truncate.
        new Case(
            "truncate at every border and between", StorageBackendContract::truncateAtEveryPoint),
        new Case("append follows a truncate", StorageBackendContract::appendFollowsATruncate),
        new Case(
            "a synced truncate survives reopening", StorageBackendContract::syncedTruncateSurvives),
        new Case("bad truncates are refused", StorageBackendContract::badTruncatesAreRefused),
        new Case(
            "reading goes on after a truncate and an append",
            StorageBackendContract::readingGoesOnAfterATruncate),
        // Delete.
        new Case("delete removes a file", StorageBackendContract::deleteRemovesAFile),
        new Case("delete of a missing name", StorageBackendContract::deleteOfAMissingName),
        new Case("a deleted name starts afresh", StorageBackendContract::deletedNameStartsAfresh),
        new Case(
            "makeDurable keeps all bytes, synced or not",
            StorageBackendContract::makeDurableKeepsAllBytes),
        // Atomic write.
        new Case("atomicWrite creates", StorageBackendContract::atomicWriteCreates),
        new Case("atomicWrite replaces", StorageBackendContract::atomicWriteReplaces),
        new Case("atomicWrite of nothing", StorageBackendContract::atomicWriteOfNothing),
        new Case("atomicWrite copies its bytes", StorageBackendContract::atomicWriteCopies),
        new Case("a large atomicWrite in odd pieces", StorageBackendContract::largeAtomicWrite),
        new Case(
            "an atomicWrite of exactly two chunks", StorageBackendContract::atomicWriteOfTwoChunks),
        new Case(
            "a failing atomicWrite keeps the old content",
            StorageBackendContract::failingAtomicWriteKeepsTheOldContent),
        new Case(
            "a failing atomicWrite creates nothing",
            StorageBackendContract::failingAtomicWriteCreatesNothing),
        new Case(
            "atomicWrite replaces an appended log",
            StorageBackendContract::atomicWriteReplacesAnAppendedLog),
        new Case(
            "append to an atomically written file",
            StorageBackendContract::appendToAnAtomicallyWrittenFile),
        new Case(
            "truncate of an atomically written file",
            StorageBackendContract::truncateOfAnAtomicallyWrittenFile),
        new Case(
            "the old content is there until an atomicWrite returns",
            StorageBackendContract::oldContentIsThereDuringAtomicWrite),
        new Case(
            "another file is appended to during an atomicWrite",
            StorageBackendContract::appendElsewhereDuringAtomicWrite),
        new Case(
            "two atomicWrites of different names overlap",
            StorageBackendContract::atomicWritesOverlap),
        // Lock and close.
        new Case("a second opener is refused", StorageBackendContract::secondOpenerIsRefused),
        new Case("close releases the lock", StorageBackendContract::closeReleasesTheLock),
        new Case("a second close does nothing", StorageBackendContract::secondCloseDoesNothing),
        new Case("use after close is an error", StorageBackendContract::useAfterCloseIsAnError));
  }

  // Names and listing -----------------------------------------------------------------------------

  private static void newStorageIsEmpty(Factory factory) {
    with(factory, storage -> checkList(storage));
    with(factory, storage -> checkList(storage));
  }

  private static void listIsSorted(Factory factory) {
    with(
        factory,
        storage -> {
          for (String name : List.of("b", "a-1", "c", "a.1", "a", "0", "b0")) {
            append(storage, name, bytes(3, 1));
            storage.sync(name, Durability.STRICT);
          }
          write(storage, "aa", bytes(5, 2));
          checkList(storage, "0", "a", "a-1", "a.1", "aa", "b", "b0", "c");
        });
    with(factory, storage -> checkList(storage, "0", "a", "a-1", "a.1", "aa", "b", "b0", "c"));
  }

  private static void listHidesLocksAndTemporaryFiles(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(3, 1));
          storage.atomicWrite(
              OTHER,
              sink -> {
                sink.write(bytes(2000, 2), 0, 2000);
                checkList(storage, LOG);
              });
          checkList(storage, OTHER, LOG);
        });
  }

  private static void listIsACopy(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, "a", bytes(1, 1));
          List<String> before = storage.list();
          append(storage, "b", bytes(1, 1));
          checkEqual(List.of("a"), before, "the list taken before another file was created");
        });
  }

  private static void goodNamesAreTaken(Factory factory) {
    String longest = "x".repeat(100);
    for (String name : List.of("a", "0", "9z", "a.b-c.0", "a--", longest)) {
      with(
          factory,
          storage -> {
            append(storage, name, bytes(4, 7));
            checkContent(storage, name, bytes(4, 7));
            write(storage, name, bytes(6, 8));
            checkContent(storage, name, bytes(6, 8));
            storage.delete(name);
            checkList(storage);
          });
    }
  }

  private static void badNamesAreRefused(Factory factory) {
    with(
        factory,
        storage -> {
          for (String name :
              List.of(
                  "",
                  ".",
                  "..",
                  "-a",
                  ".a",
                  "A",
                  "aB",
                  "a/b",
                  "../a",
                  "a\\b",
                  "a b",
                  "a_b",
                  "a:b",
                  "a\u0000",
                  "\u00e4",
                  "a\u00e4",
                  "a\n",
                  "x".repeat(101))) {
            checkNameIsRefused(storage, name);
          }
          checkList(storage);
        });
  }

  private static void checkNameIsRefused(StorageBackend storage, String name) {
    String shown = " of the name \"" + name + "\"";
    byte[] one = new byte[1];
    expectIllegalArgument("size" + shown, () -> storage.size(name));
    expectIllegalArgument("read" + shown, () -> storage.read(name, 0, one, 0, 1));
    expectIllegalArgument("append" + shown, () -> storage.append(name, one, 0, 1));
    expectIllegalArgument("sync" + shown, () -> storage.sync(name, Durability.STRICT));
    expectIllegalArgument("truncate" + shown, () -> storage.truncate(name, 0));
    expectIllegalArgument("delete" + shown, () -> storage.delete(name));
    expectIllegalArgument(
        "atomicWrite" + shown, () -> storage.atomicWrite(name, sink -> sink.write(one, 0, 1)));
  }

  // Size and read ---------------------------------------------------------------------------------

  private static void sizeCountsUnsyncedBytes(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(10, 1));
          checkSize(storage, LOG, 10);
          append(storage, LOG, bytes(7, 2));
          checkSize(storage, LOG, 17);
          storage.sync(LOG, Durability.STRICT);
          checkSize(storage, LOG, 17);
          append(storage, LOG, bytes(1, 3));
          checkSize(storage, LOG, 18);
        });
  }

  private static void missingNameIsAnError(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, OTHER, bytes(5, 1));
          expectIo("size of a missing name", () -> storage.size(LOG));
          expectIo("read of a missing name", () -> storage.read(LOG, 0, new byte[1], 0, 1));
          expectIo(
              "read of 0 bytes of a missing name", () -> storage.read(LOG, 0, new byte[1], 0, 0));
          expectIo("strict sync of a missing name", () -> storage.sync(LOG, Durability.STRICT));
          expectIo("relaxed sync of a missing name", () -> storage.sync(LOG, Durability.RELAXED));
          expectIo("truncate of a missing name", () -> storage.truncate(LOG, 0));
          checkList(storage, OTHER);
        });
  }

  private static void readFillsExactlyItsRange(Factory factory) {
    with(
        factory,
        storage -> {
          byte[] content = bytes(50, 3);
          append(storage, LOG, content);
          byte[] target = new byte[40];
          storage.read(LOG, 11, target, 5, 20);
          byte[] expected = new byte[40];
          System.arraycopy(content, 11, expected, 5, 20);
          checkBytes(expected, target, "an array of which bytes 5 to 25 were read into");
        });
  }

  private static void shortReadIsAnError(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(30, 1));
          append(storage, LOG, bytes(20, 2));
          checkShortRead(storage, 0, 51);
          checkShortRead(storage, 49, 2);
          checkShortRead(storage, 50, 1);
          checkShortRead(storage, 1000, 7);
          expectIo(
              "read at an offset near the largest long",
              () -> storage.read(LOG, Long.MAX_VALUE, new byte[1], 0, 1));
          byte[] last = new byte[1];
          storage.read(LOG, 49, last, 0, 1);
          checkBytes(new byte[] {bytes(20, 2)[19]}, last, "the last byte");
        });
  }

  private static void checkShortRead(StorageBackend storage, int offset, int length) {
    byte[] target = new byte[length];
    String what = "read of " + length + " bytes at " + offset + " of a file of 50";
    RuntimeException thrown = expectIo(what, () -> storage.read(LOG, offset, target, 0, length));
    String message = String.valueOf(thrown.getMessage());
    check(
        message.contains("50") && message.contains(String.valueOf(offset + length)),
        what
            + ": the message should name both sizes, 50 and "
            + (offset + length)
            + ": "
            + message);
  }

  private static void readOfNothing(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(9, 1));
          byte[] target = bytes(4, 2);
          storage.read(LOG, 0, target, 0, 0);
          storage.read(LOG, 9, target, 4, 0);
          storage.read(LOG, 5, new byte[0], 0, 0);
          checkBytes(bytes(4, 2), target, "the target of a read of nothing");
          expectIo(
              "read of 0 bytes beyond the end", () -> storage.read(LOG, 10, new byte[1], 0, 0));
        });
  }

  private static void badRangesAreRefused(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, OTHER, bytes(100, 1));
          byte[] ten = new byte[10];
          int[][] ranges = {
            {-1, 1}, {0, -1}, {0, 11}, {10, 1}, {11, 0}, {5, 6}, {1, Integer.MAX_VALUE}
          };
          for (int[] range : ranges) {
            int offset = range[0];
            int length = range[1];
            String shown = " of the range " + offset + " + " + length + " of an array of 10";
            expectOutOfBounds("read" + shown, () -> storage.read(OTHER, 0, ten, offset, length));
            expectOutOfBounds("append" + shown, () -> storage.append(LOG, ten, offset, length));
            expectOutOfBounds(
                "atomicWrite" + shown,
                () -> storage.atomicWrite(LOG, sink -> sink.write(ten, offset, length)));
          }
          checkList(storage, OTHER);
          checkContent(storage, OTHER, bytes(100, 1));
        });
  }

  // Append ----------------------------------------------------------------------------------------

  private static void appendCreatesAFile(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(12, 4));
          checkList(storage, LOG);
          checkContent(storage, LOG, bytes(12, 4));
        });
  }

  private static void appendCopiesItsBytes(Factory factory) {
    with(
        factory,
        storage -> {
          byte[] reused = new byte[1000];
          for (int round = 0; round < 5; round++) {
            System.arraycopy(bytes(1000, round), 0, reused, 0, 1000);
            storage.append(LOG, reused, 0, 1000);
            clear(reused);
          }
          storage.sync(LOG, Durability.STRICT);
          for (int round = 0; round < 5; round++) {
            byte[] read = new byte[1000];
            storage.read(LOG, round * 1000L, read, 0, 1000);
            checkBytes(bytes(1000, round), read, "append " + round + " after its array was reused");
          }
        });
  }

  private static void appendTakesPartOfAnArray(Factory factory) {
    with(
        factory,
        storage -> {
          byte[] source = bytes(100, 5);
          storage.append(LOG, source, 10, 30);
          storage.append(LOG, source, 99, 1);
          byte[] expected = new byte[31];
          System.arraycopy(source, 10, expected, 0, 30);
          expected[30] = source[99];
          checkContent(storage, LOG, expected);
        });
  }

  private static void appendOfNothing(Factory factory) {
    with(
        factory,
        storage -> {
          storage.append(LOG, new byte[0], 0, 0);
          checkList(storage, LOG);
          checkSize(storage, LOG, 0);
          append(storage, LOG, bytes(3, 1));
          storage.append(LOG, new byte[5], 5, 0);
          append(storage, LOG, bytes(2, 2));
          checkContent(storage, LOG, join(bytes(3, 1), bytes(2, 2)));
          storage.sync(LOG, Durability.STRICT);
        });
    with(factory, storage -> checkContent(storage, LOG, join(bytes(3, 1), bytes(2, 2))));
  }

  private static void allByteValuesComeBack(Factory factory) {
    byte[] all = new byte[512];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    with(
        factory,
        storage -> {
          append(storage, LOG, all);
          checkContent(storage, LOG, all);
          storage.sync(LOG, Durability.STRICT);
          write(storage, OTHER, all);
          checkContent(storage, OTHER, all);
        });
    with(
        factory,
        storage -> {
          checkContent(storage, LOG, all);
          checkContent(storage, OTHER, all);
        });
  }

  private static void manyAppendsAreReadAcrossTheirBorders(Factory factory) {
    byte[] all = bytes(12_000, 6);
    with(
        factory,
        storage -> {
          int length = appendInPieces(storage, all);
          byte[] content = prefix(all, length);
          checkReadsAcross(storage, content);
          storage.sync(LOG, Durability.STRICT);
          checkReadsAcross(storage, content);
        });
    with(factory, storage -> checkContent(storage, LOG, prefix(all, (int) storage.size(LOG))));
  }

  /** Appends pieces of 1 to 97 bytes, some of them synced; returns how many bytes that made. */
  private static int appendInPieces(StorageBackend storage, byte[] all) {
    int length = 0;
    for (int i = 0; i < 200; i++) {
      int piece = 1 + i * 37 % 97;
      storage.append(LOG, all, length, piece);
      length += piece;
      if (i % 16 == 7) {
        storage.sync(LOG, i % 32 == 7 ? Durability.STRICT : Durability.RELAXED);
      }
    }
    checkSize(storage, LOG, length);
    return length;
  }

  private static void checkReadsAcross(StorageBackend storage, byte[] content) {
    checkContent(storage, LOG, content);
    for (int offset = 0; offset < content.length; offset += 211) {
      int length = Math.min(1 + offset % 400, content.length - offset);
      checkRange(storage, LOG, content, offset, length);
    }
  }

  private static void largeAppend(Factory factory) {
    int size = CHUNK + 12_345;
    byte[] large = bytes(size, 3);
    byte[] head = bytes(10, 1);
    byte[] tail = bytes(20, 2);
    byte[] content = join(join(head, large), tail);
    with(
        factory,
        storage -> {
          append(storage, LOG, head);
          append(storage, LOG, large);
          append(storage, LOG, tail);
          checkContent(storage, LOG, content);
          storage.sync(LOG, Durability.STRICT);
        });
    with(
        factory,
        storage -> {
          checkContent(storage, LOG, content);
          checkRange(storage, LOG, content, CHUNK - 100, 300);
          checkRange(storage, LOG, content, size, 30);
        });
  }

  private static void appendsGoOnAfterReopening(Factory factory) {
    byte[] all = bytes(500, 9);
    for (int round = 0; round < 5; round++) {
      int start = round * 100;
      with(
          factory,
          storage -> {
            storage.append(LOG, all, start, 60);
            storage.append(LOG, all, start + 60, 40);
            storage.sync(LOG, Durability.STRICT);
            checkContent(storage, LOG, prefix(all, start + 100));
          });
    }
    with(factory, storage -> checkContent(storage, LOG, all));
  }

  private static void filesDoNotMix(Factory factory) {
    with(
        factory,
        storage -> {
          for (int i = 0; i < 10; i++) {
            append(storage, LOG, bytes(10, i));
            append(storage, OTHER, bytes(20, 100 + i));
          }
          storage.sync(OTHER, Durability.STRICT);
          storage.truncate(OTHER, 20);
          checkContent(storage, OTHER, bytes(20, 100));
          checkSize(storage, LOG, 100);
          storage.delete(OTHER);
          checkRange(storage, LOG, join(bytes(10, 0), bytes(10, 1)), 0, 20);
          checkSize(storage, LOG, 100);
        });
  }

  // Sync ------------------------------------------------------------------------------------------

  private static void strictSyncSurvives(Factory factory) {
    syncSurvives(factory, Durability.STRICT);
  }

  private static void relaxedSyncSurvives(Factory factory) {
    syncSurvives(factory, Durability.RELAXED);
  }

  private static void syncSurvives(Factory factory, Durability durability) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(1000, 1));
          storage.sync(LOG, durability);
          append(storage, LOG, bytes(500, 2));
          storage.sync(LOG, durability);
          storage.sync(LOG, durability);
        });
    with(
        factory,
        storage -> {
          checkList(storage, LOG);
          checkContent(storage, LOG, join(bytes(1000, 1), bytes(500, 2)));
        });
  }

  private static void emptyFileSurvivesReopening(Factory factory) {
    with(
        factory,
        storage -> {
          storage.append(LOG, new byte[0], 0, 0);
          storage.sync(LOG, Durability.STRICT);
        });
    with(
        factory,
        storage -> {
          checkList(storage, LOG);
          checkSize(storage, LOG, 0);
        });
  }

  // Truncate --------------------------------------------------------------------------------------

  private static void truncateAtEveryPoint(Factory factory) {
    byte[] content = bytes(30, 4);
    with(
        factory,
        storage -> {
          for (int size = 30; size >= 0; size--) {
            appendThreeTimesTen(storage, content);
            if (size % 2 == 0) {
              storage.sync(LOG, Durability.STRICT);
            }
            storage.truncate(LOG, size);
            checkContent(storage, LOG, prefix(content, size));
            storage.sync(LOG, Durability.STRICT);
            checkContent(storage, LOG, prefix(content, size));
            storage.delete(LOG);
          }
        });
  }

  private static void appendFollowsATruncate(Factory factory) {
    byte[] content = bytes(30, 5);
    byte[] more = bytes(17, 6);
    int[] sizes = {30, 29, 20, 15, 10, 3, 0};
    with(
        factory,
        storage -> {
          for (int size : sizes) {
            String name = "log-" + size;
            for (int i = 0; i < 3; i++) {
              storage.append(name, content, i * 10, 10);
            }
            storage.truncate(name, size);
            append(storage, name, more);
            checkContent(storage, name, join(prefix(content, size), more));
            storage.sync(name, Durability.STRICT);
          }
        });
    with(
        factory,
        storage -> {
          for (int size : sizes) {
            checkContent(storage, "log-" + size, join(prefix(content, size), more));
          }
        });
  }

  private static void syncedTruncateSurvives(Factory factory) {
    byte[] content = bytes(30, 5);
    with(
        factory,
        storage -> {
          appendThreeTimesTen(storage, content);
          storage.sync(LOG, Durability.STRICT);
        });
    with(
        factory,
        storage -> {
          storage.truncate(LOG, 14);
          storage.sync(LOG, Durability.STRICT);
        });
    with(
        factory,
        storage -> {
          checkContent(storage, LOG, prefix(content, 14));
          storage.truncate(LOG, 0);
          storage.sync(LOG, Durability.STRICT);
        });
    with(
        factory,
        storage -> {
          checkList(storage, LOG);
          checkSize(storage, LOG, 0);
        });
  }

  private static void badTruncatesAreRefused(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(10, 1));
          expectIllegalArgument("truncate to -1", () -> storage.truncate(LOG, -1));
          expectIllegalArgument("truncate of 10 bytes to 11", () -> storage.truncate(LOG, 11));
          expectIllegalArgument(
              "truncate to the largest long", () -> storage.truncate(LOG, Long.MAX_VALUE));
          checkContent(storage, LOG, bytes(10, 1));
        });
  }

  private static void appendThreeTimesTen(StorageBackend storage, byte[] content) {
    for (int i = 0; i < 3; i++) {
      storage.append(LOG, content, i * 10, 10);
    }
  }

  // Delete ----------------------------------------------------------------------------------------

  private static void deleteRemovesAFile(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(10, 1));
          storage.sync(LOG, Durability.STRICT);
          write(storage, OTHER, bytes(10, 2));
          storage.delete(LOG);
          checkList(storage, OTHER);
          expectIo("size of a deleted file", () -> storage.size(LOG));
          expectIo("read of a deleted file", () -> storage.read(LOG, 0, new byte[1], 0, 1));
          expectIo("sync of a deleted file", () -> storage.sync(LOG, Durability.STRICT));
          storage.delete(OTHER);
          checkList(storage);
        });
    with(factory, storage -> checkList(storage));
  }

  private static void deleteOfAMissingName(Factory factory) {
    with(
        factory,
        storage -> {
          storage.delete(LOG);
          append(storage, LOG, bytes(10, 1));
          storage.delete(LOG);
          storage.delete(LOG);
          checkList(storage);
        });
  }

  private static void deletedNameStartsAfresh(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(100, 1));
          storage.sync(LOG, Durability.STRICT);
          storage.delete(LOG);
          append(storage, LOG, bytes(7, 2));
          checkContent(storage, LOG, bytes(7, 2));
          storage.sync(LOG, Durability.STRICT);
          storage.delete(LOG);
          write(storage, LOG, bytes(8, 3));
          storage.delete(LOG);
          append(storage, LOG, bytes(9, 4));
          storage.sync(LOG, Durability.STRICT);
        });
    with(factory, storage -> checkContent(storage, LOG, bytes(9, 4)));
  }

  // Atomic write ----------------------------------------------------------------------------------

  private static void atomicWriteCreates(Factory factory) {
    with(
        factory,
        storage -> {
          write(storage, OTHER, bytes(1234, 1));
          checkList(storage, OTHER);
          checkContent(storage, OTHER, bytes(1234, 1));
        });
    with(
        factory,
        storage -> {
          checkList(storage, OTHER);
          checkContent(storage, OTHER, bytes(1234, 1));
        });
  }

  private static void makeDurableKeepsAllBytes(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(5000, 1));
          storage.sync(LOG, Durability.RELAXED);
          storage.makeDurable(LOG, storage.size(LOG));
          append(storage, LOG, bytes(300, 2));
          storage.makeDurable(LOG, storage.size(LOG));
          checkContent(storage, LOG, join(bytes(5000, 1), bytes(300, 2)));
        });
    with(
        factory,
        storage -> {
          checkContent(storage, LOG, join(bytes(5000, 1), bytes(300, 2)));
          storage.makeDurable(LOG, storage.size(LOG));
          checkList(storage, LOG);
        });
  }

  private static void atomicWriteReplaces(Factory factory) {
    with(
        factory,
        storage -> {
          write(storage, OTHER, bytes(5000, 1));
          write(storage, OTHER, bytes(300, 2));
          checkContent(storage, OTHER, bytes(300, 2));
          write(storage, OTHER, bytes(7000, 3));
          checkContent(storage, OTHER, bytes(7000, 3));
        });
    with(
        factory,
        storage -> {
          checkContent(storage, OTHER, bytes(7000, 3));
          write(storage, OTHER, bytes(10, 4));
          checkContent(storage, OTHER, bytes(10, 4));
        });
    with(factory, storage -> checkContent(storage, OTHER, bytes(10, 4)));
  }

  private static void atomicWriteOfNothing(Factory factory) {
    with(
        factory,
        storage -> {
          storage.atomicWrite(OTHER, sink -> {});
          checkList(storage, OTHER);
          checkSize(storage, OTHER, 0);
          write(storage, OTHER, bytes(10, 1));
          storage.atomicWrite(OTHER, sink -> sink.write(new byte[3], 3, 0));
          checkSize(storage, OTHER, 0);
        });
    with(
        factory,
        storage -> {
          checkList(storage, OTHER);
          checkSize(storage, OTHER, 0);
          append(storage, OTHER, bytes(5, 2));
          checkContent(storage, OTHER, bytes(5, 2));
        });
  }

  private static void atomicWriteCopies(Factory factory) {
    byte[] content = bytes(10_000, 5);
    with(
        factory,
        storage -> {
          storage.atomicWrite(
              OTHER,
              sink -> {
                byte[] reused = new byte[1100];
                for (int start = 0; start < content.length; start += 1000) {
                  System.arraycopy(content, start, reused, 50, 1000);
                  sink.write(reused, 50, 1000);
                  clear(reused);
                }
              });
          checkContent(storage, OTHER, content);
        });
  }

  private static void largeAtomicWrite(Factory factory) {
    byte[] content = bytes(2 * CHUNK + (1 << 20) + 77_777, 6);
    with(
        factory,
        storage -> {
          writeInPieces(storage, OTHER, content, 77_773);
          checkContent(storage, OTHER, content);
        });
    with(
        factory,
        storage -> {
          checkContent(storage, OTHER, content);
          checkRange(storage, OTHER, content, CHUNK - 1, 2);
          checkRange(storage, OTHER, content, CHUNK - 1000, CHUNK + 3000);
          checkRange(storage, OTHER, content, content.length - 1, 1);
        });
  }

  private static void atomicWriteOfTwoChunks(Factory factory) {
    byte[] content = bytes(2 * CHUNK, 7);
    with(
        factory,
        storage -> {
          write(storage, OTHER, content);
          checkContent(storage, OTHER, content);
          checkRange(storage, OTHER, content, CHUNK, CHUNK);
          append(storage, OTHER, bytes(3, 8));
          checkContent(storage, OTHER, join(content, bytes(3, 8)));
        });
  }

  private static void failingAtomicWriteKeepsTheOldContent(Factory factory) {
    byte[] old = bytes(3000, 1);
    with(
        factory,
        storage -> {
          write(storage, OTHER, old);
          checkFailureIsPassedOn(storage, OTHER, 0);
          checkFailureIsPassedOn(storage, OTHER, 10);
          checkFailureIsPassedOn(storage, OTHER, CHUNK + 5000);
          checkList(storage, OTHER);
          checkContent(storage, OTHER, old);
        });
    with(
        factory,
        storage -> {
          checkList(storage, OTHER);
          checkContent(storage, OTHER, old);
          write(storage, OTHER, bytes(20, 2));
          checkContent(storage, OTHER, bytes(20, 2));
        });
  }

  private static void failingAtomicWriteCreatesNothing(Factory factory) {
    with(
        factory,
        storage -> {
          checkFailureIsPassedOn(storage, OTHER, 100);
          checkList(storage);
          expectIo("size after a failed atomicWrite", () -> storage.size(OTHER));
        });
    with(factory, storage -> checkList(storage));
  }

  private static void checkFailureIsPassedOn(StorageBackend storage, String name, int written) {
    RuntimeException failure = new IllegalStateException("the content failed");
    RuntimeException thrown =
        expect(
            "an atomicWrite whose content fails after " + written + " bytes",
            "the content's own exception",
            e -> e == failure,
            () ->
                storage.atomicWrite(
                    name,
                    sink -> {
                      sink.write(bytes(written, 9), 0, written);
                      throw failure;
                    }));
    check(thrown == failure, "the content's own exception should come out");
  }

  private static void atomicWriteReplacesAnAppendedLog(Factory factory) {
    with(
        factory,
        storage -> {
          for (int i = 0; i < 20; i++) {
            append(storage, LOG, bytes(100, i));
          }
          storage.sync(LOG, Durability.STRICT);
          append(storage, LOG, bytes(100, 20));
          write(storage, LOG, bytes(150, 30));
          checkSize(storage, LOG, 150);
          checkContent(storage, LOG, bytes(150, 30));
        });
    with(
        factory,
        storage -> {
          checkList(storage, LOG);
          checkContent(storage, LOG, bytes(150, 30));
        });
  }

  private static void appendToAnAtomicallyWrittenFile(Factory factory) {
    byte[] written = bytes(CHUNK + 100, 1);
    byte[] first = bytes(50, 2);
    byte[] second = bytes(60, 3);
    with(
        factory,
        storage -> {
          write(storage, LOG, written);
          append(storage, LOG, first);
          checkContent(storage, LOG, join(written, first));
          storage.sync(LOG, Durability.STRICT);
        });
    with(
        factory,
        storage -> {
          append(storage, LOG, second);
          storage.sync(LOG, Durability.STRICT);
        });
    with(factory, storage -> checkContent(storage, LOG, join(join(written, first), second)));
  }

  private static void truncateOfAnAtomicallyWrittenFile(Factory factory) {
    byte[] written = bytes(CHUNK + 5000, 1);
    with(
        factory,
        storage -> {
          write(storage, LOG, written);
          storage.truncate(LOG, CHUNK + 10);
          checkContent(storage, LOG, prefix(written, CHUNK + 10));
          storage.truncate(LOG, CHUNK - 10);
          append(storage, LOG, bytes(30, 2));
          storage.sync(LOG, Durability.STRICT);
        });
    with(
        factory,
        storage -> checkContent(storage, LOG, join(prefix(written, CHUNK - 10), bytes(30, 2))));
  }

  /** What a backend reads ahead must not outlive a change. */
  private static void readingGoesOnAfterATruncate(Factory factory) {
    byte[] written = bytes(2 * CHUNK + 10, 1);
    byte[] changed = join(prefix(written, CHUNK + 500), bytes(1000, 2));
    with(
        factory,
        storage -> {
          write(storage, LOG, written);
          checkRange(storage, LOG, written, 0, 10);
          storage.truncate(LOG, CHUNK + 500);
          append(storage, LOG, bytes(1000, 2));
          storage.sync(LOG, Durability.STRICT);
          checkRange(storage, LOG, changed, CHUNK, 1500);
          checkContent(storage, LOG, changed);
        });
  }

  private static void oldContentIsThereDuringAtomicWrite(Factory factory) {
    byte[] old = bytes(1000, 1);
    byte[] fresh = bytes(2000, 2);
    with(
        factory,
        storage -> {
          write(storage, OTHER, old);
          storage.atomicWrite(
              OTHER,
              sink -> {
                checkContent(storage, OTHER, old);
                sink.write(fresh, 0, 1500);
                checkContent(storage, OTHER, old);
                sink.write(fresh, 1500, 500);
                checkContent(storage, OTHER, old);
                checkList(storage, OTHER);
              });
          checkContent(storage, OTHER, fresh);
        });
  }

  private static void appendElsewhereDuringAtomicWrite(Factory factory) {
    byte[] log = bytes(90, 1);
    byte[] fresh = bytes(CHUNK + 30, 2);
    with(
        factory,
        storage -> {
          storage.append(LOG, log, 0, 30);
          storage.atomicWrite(
              OTHER,
              sink -> {
                storage.append(LOG, log, 30, 30);
                sink.write(fresh, 0, CHUNK);
                storage.append(LOG, log, 60, 30);
                storage.sync(LOG, Durability.STRICT);
                sink.write(fresh, CHUNK, 30);
                checkContent(storage, LOG, log);
              });
          checkContent(storage, LOG, log);
          checkContent(storage, OTHER, fresh);
        });
    with(
        factory,
        storage -> {
          checkContent(storage, LOG, log);
          checkContent(storage, OTHER, fresh);
        });
  }

  private static void atomicWritesOverlap(Factory factory) {
    with(
        factory,
        storage -> {
          storage.atomicWrite(
              LOG,
              sink -> {
                sink.write(bytes(100, 1), 0, 100);
                write(storage, OTHER, bytes(200, 2));
                sink.write(bytes(100, 3), 0, 100);
                checkList(storage, OTHER);
              });
          checkList(storage, OTHER, LOG);
          checkContent(storage, LOG, join(bytes(100, 1), bytes(100, 3)));
          checkContent(storage, OTHER, bytes(200, 2));
        });
  }

  // Lock and close --------------------------------------------------------------------------------

  private static void secondOpenerIsRefused(Factory factory) {
    with(
        factory,
        storage -> {
          append(storage, LOG, bytes(10, 1));
          expectLocked("a second open", () -> closeQuietly(factory.open()));
          append(storage, LOG, bytes(10, 2));
          storage.sync(LOG, Durability.STRICT);
          expectLocked("a third open", () -> closeQuietly(factory.open()));
          write(storage, OTHER, bytes(5, 3));
          checkContent(storage, LOG, join(bytes(10, 1), bytes(10, 2)));
          checkContent(storage, OTHER, bytes(5, 3));
        });
  }

  private static void closeReleasesTheLock(Factory factory) {
    for (int round = 0; round < 5; round++) {
      byte content = (byte) round;
      with(factory, storage -> write(storage, OTHER, new byte[] {content}));
      with(factory, storage -> checkContent(storage, OTHER, new byte[] {content}));
    }
  }

  private static void secondCloseDoesNothing(Factory factory) {
    StorageBackend first = factory.open();
    first.close();
    first.close();
    with(
        factory,
        storage -> {
          first.close();
          expectLocked(
              "an open after a stale handle was closed again", () -> closeQuietly(factory.open()));
          append(storage, LOG, bytes(10, 1));
          checkContent(storage, LOG, bytes(10, 1));
        });
  }

  private static void useAfterCloseIsAnError(Factory factory) {
    StorageBackend closed = factory.open();
    append(closed, LOG, bytes(10, 1));
    closed.sync(LOG, Durability.STRICT);
    closed.close();
    byte[] one = new byte[1];
    expectIo("list after close", closed::list);
    expectIo("size after close", () -> closed.size(LOG));
    expectIo("read after close", () -> closed.read(LOG, 0, one, 0, 1));
    expectIo("append after close", () -> closed.append(LOG, one, 0, 1));
    expectIo("append of a new file after close", () -> closed.append(OTHER, one, 0, 1));
    expectIo("sync after close", () -> closed.sync(LOG, Durability.STRICT));
    expectIo("truncate after close", () -> closed.truncate(LOG, 0));
    expectIo("delete after close", () -> closed.delete(LOG));
    expectIo("delete of a missing name after close", () -> closed.delete(OTHER));
    expectIo(
        "atomicWrite after close", () -> closed.atomicWrite(OTHER, sink -> sink.write(one, 0, 1)));
    with(
        factory,
        storage -> {
          checkList(storage, LOG);
          checkContent(storage, LOG, bytes(10, 1));
        });
  }

  // Tools -----------------------------------------------------------------------------------------

  /** Opens the storage, runs {@code body} and closes it again, whatever happens. */
  private static void with(Factory factory, Consumer<StorageBackend> body) {
    StorageBackend storage = factory.open();
    try {
      body.accept(storage);
    } finally {
      storage.close();
    }
  }

  /** An open that should have been refused must not lock out the cases that follow. */
  private static void closeQuietly(StorageBackend storage) {
    storage.close();
  }

  private static void append(StorageBackend storage, String name, byte[] data) {
    storage.append(name, data, 0, data.length);
  }

  private static void write(StorageBackend storage, String name, byte[] content) {
    storage.atomicWrite(name, sink -> sink.write(content, 0, content.length));
  }

  private static void writeInPieces(
      StorageBackend storage, String name, byte[] content, int pieceSize) {
    storage.atomicWrite(
        name,
        sink -> {
          for (int start = 0; start < content.length; start += pieceSize) {
            sink.write(content, start, Math.min(pieceSize, content.length - start));
          }
        });
  }

  /** Bytes that differ from place to place and from seed to seed. */
  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (((i + seed * 7919) * 0x9E3779B1) >>> 21);
    }
    return bytes;
  }

  private static void clear(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = 0;
    }
  }

  private static byte[] prefix(byte[] bytes, int length) {
    byte[] prefix = new byte[length];
    System.arraycopy(bytes, 0, prefix, 0, length);
    return prefix;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = new byte[first.length + second.length];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  // Checks ----------------------------------------------------------------------------------------

  private static void checkList(StorageBackend storage, String... expected) {
    checkEqual(List.of(expected), storage.list(), "list()");
  }

  private static void checkSize(StorageBackend storage, String name, long expected) {
    checkEqual(expected, storage.size(name), "size of " + name);
  }

  /** Checks the size and all of the bytes of a file. */
  private static void checkContent(StorageBackend storage, String name, byte[] expected) {
    checkSize(storage, name, expected.length);
    checkRange(storage, name, expected, 0, expected.length);
  }

  /** Checks one read of a part of a file whose content, from byte 0 on, is {@code content}. */
  private static void checkRange(
      StorageBackend storage, String name, byte[] content, int offset, int length) {
    byte[] read = new byte[length];
    storage.read(name, offset, read, 0, length);
    byte[] expected = new byte[length];
    System.arraycopy(content, offset, expected, 0, length);
    checkBytes(expected, read, length + " bytes at " + offset + " of " + name);
  }

  private static void checkBytes(byte[] expected, byte[] actual, String what) {
    checkEqual(expected.length, actual.length, "length of " + what);
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] != actual[i]) {
        throw new AssertionError(
            what + ": byte " + i + " should be " + expected[i] + " and is " + actual[i]);
      }
    }
  }

  private static void checkEqual(Object expected, Object actual, String what) {
    check(Objects.equals(expected, actual), what + " should be " + expected + " and is " + actual);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  private static RuntimeException expectIo(String what, Runnable action) {
    return expect(what, "a StorageIOException", e -> e instanceof StorageIOException, action);
  }

  private static void expectLocked(String what, Runnable action) {
    expect(what, "a StorageLockedException", e -> e instanceof StorageLockedException, action);
  }

  private static void expectIllegalArgument(String what, Runnable action) {
    expect(what, "an IllegalArgumentException", e -> e instanceof IllegalArgumentException, action);
  }

  private static void expectOutOfBounds(String what, Runnable action) {
    expect(
        what, "an IndexOutOfBoundsException", e -> e instanceof IndexOutOfBoundsException, action);
  }

  /** Runs {@code action}, which must throw what {@code matches} takes, and returns that. */
  private static RuntimeException expect(
      String what, String wanted, Predicate<RuntimeException> matches, Runnable action) {
    RuntimeException thrown = null;
    try {
      action.run();
    } catch (RuntimeException e) {
      thrown = e;
    }
    if (thrown == null) {
      throw new AssertionError(what + " should throw " + wanted + " and returned");
    }
    if (!matches.test(thrown)) {
      throw new AssertionError(what + " should throw " + wanted + " and threw " + thrown, thrown);
    }
    return thrown;
  }
}
