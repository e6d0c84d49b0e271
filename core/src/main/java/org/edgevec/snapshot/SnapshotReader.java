package org.edgevec.snapshot;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.edgevec.contents.Contents;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.vector.VectorArena;

/** Loads the entries of a snapshot. */
public final class SnapshotReader {

  private SnapshotReader() {}

  /**
   * Contents with what a manifest's segments and derived parts hold.
   *
   * <p>A derived part that cannot be read, or was made by code that did it badly, leaves them
   * without it: it is made of what the segments hold, and can be made again.
   *
   * @param arenas makes the place where the vectors lie
   * @param onUnused is told of each derived part that is not used, and why
   * @throws CorruptDataException if a segment is missing, damaged, or not the one that is named
   */
  public static Contents load(
      StorageBackend storage,
      Manifest manifest,
      VectorArena.Factory arenas,
      Consumer<String> onUnused) {
    Contents contents = new Contents(manifest.dimension(), manifest.metric(), arenas);
    try {
      Set<String> names = new HashSet<>(storage.list());
      loadSegments(storage, names, manifest, contents);
      loadParts(storage, names, manifest, contents, onUnused);
    } catch (RuntimeException | Error e) {
      contents.release();
      throw e;
    }
    return contents;
  }

  private static void loadSegments(
      StorageBackend storage, Set<String> names, Manifest manifest, Contents contents) {
    for (int i = 0; i < manifest.segments().size(); i++) {
      SegmentRef ref = manifest.segments().get(i);
      expect(names, ref.fileName(), manifest);
      SegmentFormat.load(storage, manifest.storeId(), ref, manifest.dead().get(i), contents);
    }
  }

  private static void loadParts(
      StorageBackend storage,
      Set<String> names,
      Manifest manifest,
      Contents contents,
      Consumer<String> onUnused) {
    for (PartRef ref : manifest.parts()) {
      DerivedPart part = DerivedParts.of(ref);
      try {
        expect(names, ref.fileName(), manifest);
        part.load(storage, manifest, ref, contents, onUnused);
      } catch (CorruptDataException e) {
        onUnused.accept(part.rebuilt() + e.getMessage());
      }
    }
  }

  /** Insists that a part is among the files. */
  static void expect(Set<String> names, String part, Manifest manifest) {
    if (!names.contains(part)) {
      throw new CorruptDataException(
          part, 0, "it is missing, and " + manifest.fileName() + " names it");
    }
  }
}
