package org.edgevec.storage;

import static org.edgevec.storage.ContractTools.LOG;
import static org.edgevec.storage.ContractTools.append;
import static org.edgevec.storage.ContractTools.bytes;
import static org.edgevec.storage.ContractTools.checkContent;
import static org.edgevec.storage.ContractTools.checkList;
import static org.edgevec.storage.ContractTools.checkSize;
import static org.edgevec.storage.ContractTools.join;
import static org.edgevec.storage.ContractTools.with;

import java.util.List;
import org.edgevec.storage.StorageBackendContract.Case;
import org.edgevec.storage.StorageBackendContract.Factory;

/**
 * What a sync or {@code makeDurable} has made durable is there when the storage is opened again. A
 * chapter of {@link StorageBackendContract}.
 */
final class ContractOfSyncs {

  static final List<Case> CASES =
      List.of(
          new Case("strict sync survives reopening", ContractOfSyncs::strictSyncSurvives),
          new Case("relaxed sync survives reopening", ContractOfSyncs::relaxedSyncSurvives),
          new Case("an empty file survives reopening", ContractOfSyncs::emptyFileSurvivesReopening),
          new Case(
              "makeDurable keeps all bytes, synced or not",
              ContractOfSyncs::makeDurableKeepsAllBytes));

  private ContractOfSyncs() {}

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
}
