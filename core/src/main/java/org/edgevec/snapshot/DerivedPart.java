package org.edgevec.snapshot;

import java.util.function.Consumer;
import org.edgevec.ProgressListener;
import org.edgevec.contents.Contents;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.jspecify.annotations.Nullable;

/**
 * A kind of part of a snapshot that is made of its entries, and can be made of them again: the
 * search graph is one. A manifest names its file in a section of its own. Whatever is wrong with it
 * costs time and nothing else: a part that cannot be used is told of and built anew by whoever
 * keeps it up.
 *
 * <p>A further kind is one class that extends this and a place in {@link DerivedParts#ALL}; {@link
 * StoreFiles} names its files, and {@link org.edgevec.storage.FileHeader} has their versions.
 */
abstract class DerivedPart {

  /** What its files are called. */
  abstract StoreFiles.Kind kind();

  /**
   * The tag of the manifest's section that names it; those of several ascend as in {@link
   * DerivedParts#ALL}.
   */
  abstract int section();

  /** Grows with every change, so that a change can be noticed; never negative. */
  abstract long version(Contents contents);

  /** How much there is, in ordinals. */
  abstract int size(Contents contents);

  /**
   * Writes it; it must not change meanwhile.
   *
   * @param number of the file, which is new
   * @param listener told of the bytes of the file
   * @return null if there is nothing to write
   */
  abstract @Nullable PartRef write(
      StorageBackend storage,
      StoreId id,
      long number,
      Contents contents,
      ProgressListener listener);

  /**
   * Loads it into contents, which hold the entries already. If it is whole and not used, the
   * contents stay without it.
   *
   * @param onUnused is told why a whole one is not used
   * @throws CorruptDataException if it is not the part that the manifest names, is damaged, or does
   *     not fit the entries; the contents are without it then
   */
  abstract void load(
      StorageBackend storage,
      Manifest manifest,
      PartRef ref,
      Contents contents,
      Consumer<String> onUnused);

  /**
   * Reads it as loading would, past blocks that do not hold, and lets go of it.
   *
   * @param onDamage is told of each of them
   * @throws CorruptDataException if the header does not hold
   */
  abstract void check(
      StorageBackend storage,
      Manifest manifest,
      PartRef ref,
      Consumer<CorruptDataException> onDamage);

  /** What is told of one that cannot be used, in front of why. */
  abstract String rebuilt();
}
