package org.edgevec.storage;

import static org.edgevec.storage.ContractTools.LOG;
import static org.edgevec.storage.ContractTools.OTHER;
import static org.edgevec.storage.ContractTools.append;
import static org.edgevec.storage.ContractTools.bytes;
import static org.edgevec.storage.ContractTools.check;
import static org.edgevec.storage.ContractTools.checkBytes;
import static org.edgevec.storage.ContractTools.checkContent;
import static org.edgevec.storage.ContractTools.checkList;
import static org.edgevec.storage.ContractTools.checkSize;
import static org.edgevec.storage.ContractTools.expectIo;
import static org.edgevec.storage.ContractTools.expectOutOfBounds;
import static org.edgevec.storage.ContractTools.with;

import java.util.List;
import org.edgevec.storage.StorageBackendContract.Case;
import org.edgevec.storage.StorageBackendContract.Factory;

/** Sizes, reads, and what neither may be asked for. A chapter of {@link StorageBackendContract}. */
final class ContractOfReads {

  static final List<Case> CASES =
      List.of(
          new Case("size counts unsynced bytes", ContractOfReads::sizeCountsUnsyncedBytes),
          new Case(
              "a missing name is an error except for append, delete and atomicWrite",
              ContractOfReads::missingNameIsAnError),
          new Case("read fills exactly its range", ContractOfReads::readFillsExactlyItsRange),
          new Case("a short read is an error", ContractOfReads::shortReadIsAnError),
          new Case("a read of nothing", ContractOfReads::readOfNothing),
          new Case("bad ranges are refused", ContractOfReads::badRangesAreRefused));

  private ContractOfReads() {}

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
}
