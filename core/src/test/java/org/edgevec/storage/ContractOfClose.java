package org.edgevec.storage;

import static org.edgevec.storage.ContractTools.LOG;
import static org.edgevec.storage.ContractTools.OTHER;
import static org.edgevec.storage.ContractTools.append;
import static org.edgevec.storage.ContractTools.bytes;
import static org.edgevec.storage.ContractTools.checkContent;
import static org.edgevec.storage.ContractTools.checkList;
import static org.edgevec.storage.ContractTools.closeQuietly;
import static org.edgevec.storage.ContractTools.expectIo;
import static org.edgevec.storage.ContractTools.expectLocked;
import static org.edgevec.storage.ContractTools.join;
import static org.edgevec.storage.ContractTools.with;
import static org.edgevec.storage.ContractTools.write;

import java.util.List;
import org.edgevec.storage.StorageBackendContract.Case;
import org.edgevec.storage.StorageBackendContract.Factory;

/** One opener at a time, and what a close leaves. A chapter of {@link StorageBackendContract}. */
final class ContractOfClose {

  static final List<Case> CASES =
      List.of(
          new Case("a second opener is refused", ContractOfClose::secondOpenerIsRefused),
          new Case("close releases the lock", ContractOfClose::closeReleasesTheLock),
          new Case("a second close does nothing", ContractOfClose::secondCloseDoesNothing),
          new Case("use after close is an error", ContractOfClose::useAfterCloseIsAnError));

  private ContractOfClose() {}

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
}
