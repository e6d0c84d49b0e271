package org.edgevec.storage;

import static org.edgevec.storage.ContractTools.CHUNK;
import static org.edgevec.storage.ContractTools.LOG;
import static org.edgevec.storage.ContractTools.OTHER;
import static org.edgevec.storage.ContractTools.append;
import static org.edgevec.storage.ContractTools.bytes;
import static org.edgevec.storage.ContractTools.check;
import static org.edgevec.storage.ContractTools.checkContent;
import static org.edgevec.storage.ContractTools.checkList;
import static org.edgevec.storage.ContractTools.checkRange;
import static org.edgevec.storage.ContractTools.checkSize;
import static org.edgevec.storage.ContractTools.clear;
import static org.edgevec.storage.ContractTools.expect;
import static org.edgevec.storage.ContractTools.expectIo;
import static org.edgevec.storage.ContractTools.join;
import static org.edgevec.storage.ContractTools.prefix;
import static org.edgevec.storage.ContractTools.with;
import static org.edgevec.storage.ContractTools.write;
import static org.edgevec.storage.ContractTools.writeInPieces;

import java.util.List;
import org.edgevec.storage.StorageBackendContract.Case;
import org.edgevec.storage.StorageBackendContract.Factory;

/**
 * Files that are replaced as a whole, or not at all. A chapter of {@link StorageBackendContract}.
 */
final class ContractOfAtomicWrites {

  static final List<Case> CASES =
      List.of(
          new Case("atomicWrite creates", ContractOfAtomicWrites::atomicWriteCreates),
          new Case("atomicWrite replaces", ContractOfAtomicWrites::atomicWriteReplaces),
          new Case("atomicWrite of nothing", ContractOfAtomicWrites::atomicWriteOfNothing),
          new Case("atomicWrite copies its bytes", ContractOfAtomicWrites::atomicWriteCopies),
          new Case("a large atomicWrite in odd pieces", ContractOfAtomicWrites::largeAtomicWrite),
          new Case(
              "an atomicWrite of exactly two chunks",
              ContractOfAtomicWrites::atomicWriteOfTwoChunks),
          new Case(
              "a failing atomicWrite keeps the old content",
              ContractOfAtomicWrites::failingAtomicWriteKeepsTheOldContent),
          new Case(
              "a failing atomicWrite creates nothing",
              ContractOfAtomicWrites::failingAtomicWriteCreatesNothing),
          new Case(
              "atomicWrite replaces an appended log",
              ContractOfAtomicWrites::atomicWriteReplacesAnAppendedLog),
          new Case(
              "append to an atomically written file",
              ContractOfAtomicWrites::appendToAnAtomicallyWrittenFile),
          new Case(
              "truncate of an atomically written file",
              ContractOfAtomicWrites::truncateOfAnAtomicallyWrittenFile),
          new Case(
              "the old content is there until an atomicWrite returns",
              ContractOfAtomicWrites::oldContentIsThereDuringAtomicWrite),
          new Case(
              "another file is appended to during an atomicWrite",
              ContractOfAtomicWrites::appendElsewhereDuringAtomicWrite),
          new Case(
              "two atomicWrites of different names overlap",
              ContractOfAtomicWrites::atomicWritesOverlap));

  private ContractOfAtomicWrites() {}

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
}
