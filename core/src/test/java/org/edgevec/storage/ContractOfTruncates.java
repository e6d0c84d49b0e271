package org.edgevec.storage;

import static org.edgevec.storage.ContractTools.CHUNK;
import static org.edgevec.storage.ContractTools.LOG;
import static org.edgevec.storage.ContractTools.OTHER;
import static org.edgevec.storage.ContractTools.append;
import static org.edgevec.storage.ContractTools.bytes;
import static org.edgevec.storage.ContractTools.checkContent;
import static org.edgevec.storage.ContractTools.checkList;
import static org.edgevec.storage.ContractTools.checkRange;
import static org.edgevec.storage.ContractTools.checkSize;
import static org.edgevec.storage.ContractTools.expectIllegalArgument;
import static org.edgevec.storage.ContractTools.expectIo;
import static org.edgevec.storage.ContractTools.join;
import static org.edgevec.storage.ContractTools.prefix;
import static org.edgevec.storage.ContractTools.with;
import static org.edgevec.storage.ContractTools.write;

import java.util.List;
import org.edgevec.storage.StorageBackendContract.Case;
import org.edgevec.storage.StorageBackendContract.Factory;

/**
 * Bytes that are taken away: from the end of a file, or with all of it. A chapter of {@link
 * StorageBackendContract}.
 */
final class ContractOfTruncates {

  static final List<Case> CASES =
      List.of(
          new Case(
              "truncate at every border and between", ContractOfTruncates::truncateAtEveryPoint),
          new Case("append follows a truncate", ContractOfTruncates::appendFollowsATruncate),
          new Case(
              "a synced truncate survives reopening", ContractOfTruncates::syncedTruncateSurvives),
          new Case("bad truncates are refused", ContractOfTruncates::badTruncatesAreRefused),
          new Case(
              "reading goes on after a truncate and an append",
              ContractOfTruncates::readingGoesOnAfterATruncate),
          new Case("delete removes a file", ContractOfTruncates::deleteRemovesAFile),
          new Case("delete of a missing name", ContractOfTruncates::deleteOfAMissingName),
          new Case("a deleted name starts afresh", ContractOfTruncates::deletedNameStartsAfresh));

  private ContractOfTruncates() {}

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
}
