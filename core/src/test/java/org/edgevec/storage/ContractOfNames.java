package org.edgevec.storage;

import static org.edgevec.storage.ContractTools.LOG;
import static org.edgevec.storage.ContractTools.OTHER;
import static org.edgevec.storage.ContractTools.append;
import static org.edgevec.storage.ContractTools.bytes;
import static org.edgevec.storage.ContractTools.checkContent;
import static org.edgevec.storage.ContractTools.checkEqual;
import static org.edgevec.storage.ContractTools.checkList;
import static org.edgevec.storage.ContractTools.expectIllegalArgument;
import static org.edgevec.storage.ContractTools.with;
import static org.edgevec.storage.ContractTools.write;

import java.util.List;
import org.edgevec.storage.StorageBackendContract.Case;
import org.edgevec.storage.StorageBackendContract.Factory;

/** What a name may be, and what is listed. A chapter of {@link StorageBackendContract}. */
final class ContractOfNames {

  static final List<Case> CASES =
      List.of(
          new Case("new storage is empty", ContractOfNames::newStorageIsEmpty),
          new Case("list is sorted", ContractOfNames::listIsSorted),
          new Case(
              "list hides locks and temporary files",
              ContractOfNames::listHidesLocksAndTemporaryFiles),
          new Case(
              "list is a snapshot that later changes leave alone", ContractOfNames::listIsACopy),
          new Case("good names are taken", ContractOfNames::goodNamesAreTaken),
          new Case("bad names are refused", ContractOfNames::badNamesAreRefused));

  private ContractOfNames() {}

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
}
