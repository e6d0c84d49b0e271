package org.edgevec.snapshot;

import java.util.function.Consumer;
import org.edgevec.ProgressListener;
import org.edgevec.contents.Contents;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.jspecify.annotations.Nullable;

/** The search graph as a part of a snapshot; {@link GraphFormat} has its layout. */
final class GraphPart extends DerivedPart {

  static final int SECTION = 4;

  @Override
  StoreFiles.Kind kind() {
    return StoreFiles.Kind.GRAPH;
  }

  @Override
  int section() {
    return SECTION;
  }

  @Override
  long version(Contents contents) {
    return contents.graph().version();
  }

  @Override
  int size(Contents contents) {
    return contents.decidedCount();
  }

  @Override
  @Nullable PartRef write(
      StorageBackend storage,
      StoreId id,
      long number,
      Contents contents,
      ProgressListener listener) {
    return contents.linkedCount() == 0
        ? null
        : GraphFormat.write(storage, id, number, contents.graph(), listener);
  }

  @Override
  void load(
      StorageBackend storage,
      Manifest manifest,
      PartRef ref,
      Contents contents,
      Consumer<String> onUnused) {
    GraphFormat.StoredGraph stored =
        GraphFormat.load(
            storage, manifest.storeId(), ref, contents.ordinalCount(), manifest.segmentBytes());
    if (stored.isLinkedWell()) {
      contents.useGraph(stored.graph());
    } else {
      onUnused.accept(
          "The search graph in "
              + ref.fileName()
              + " is whole, but an earlier EdgeVec linked it, which led astray in some data: it is"
              + " built anew, and until then searches score every entry.");
    }
  }

  @Override
  void check(
      StorageBackend storage,
      Manifest manifest,
      PartRef ref,
      Consumer<CorruptDataException> onDamage) {
    GraphFormat.check(
        storage, manifest.storeId(), ref, manifest.entryCount(), manifest.segmentBytes(), onDamage);
  }

  @Override
  String rebuilt() {
    return "The search graph cannot be used and is built anew; until then searches score every"
        + " entry: ";
  }
}
