package org.edgevec.storage;

import static org.edgevec.storage.ContractTools.CHUNK;
import static org.edgevec.storage.ContractTools.LOG;
import static org.edgevec.storage.ContractTools.OTHER;
import static org.edgevec.storage.ContractTools.append;
import static org.edgevec.storage.ContractTools.bytes;
import static org.edgevec.storage.ContractTools.checkBytes;
import static org.edgevec.storage.ContractTools.checkContent;
import static org.edgevec.storage.ContractTools.checkList;
import static org.edgevec.storage.ContractTools.checkRange;
import static org.edgevec.storage.ContractTools.checkSize;
import static org.edgevec.storage.ContractTools.clear;
import static org.edgevec.storage.ContractTools.join;
import static org.edgevec.storage.ContractTools.prefix;
import static org.edgevec.storage.ContractTools.with;
import static org.edgevec.storage.ContractTools.write;

import java.util.List;
import org.edgevec.storage.StorageBackendContract.Case;
import org.edgevec.storage.StorageBackendContract.Factory;

/** Bytes that are appended, however they are cut. A chapter of {@link StorageBackendContract}. */
final class ContractOfAppends {

  static final List<Case> CASES =
      List.of(
          new Case("append creates a file", ContractOfAppends::appendCreatesAFile),
          new Case("append copies its bytes", ContractOfAppends::appendCopiesItsBytes),
          new Case("append takes part of an array", ContractOfAppends::appendTakesPartOfAnArray),
          new Case("append of nothing", ContractOfAppends::appendOfNothing),
          new Case("all byte values come back", ContractOfAppends::allByteValuesComeBack),
          new Case(
              "many appends are read across their borders",
              ContractOfAppends::manyAppendsAreReadAcrossTheirBorders),
          new Case("one append larger than a chunk", ContractOfAppends::largeAppend),
          new Case("appends go on after reopening", ContractOfAppends::appendsGoOnAfterReopening),
          new Case("files do not mix", ContractOfAppends::filesDoNotMix));

  private ContractOfAppends() {}

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
}
