package org.edgevec.idb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of an open database by their names, and the ids that are free. It is what the directory
 * in IndexedDB says, and the files that are not stored yet.
 */
final class FileTable {

  private final TreeMap<String, StoredFile> files = new TreeMap<>();
  private double nextId = 1;

  /** Notes the files there are; returns what deletes the chunks that no file has, null if none. */
  @Nullable Changes load(IdbConnection.Directory directory) {
    Map<Double, StoredFile> byId = new HashMap<>();
    for (int i = 0; i < directory.names().length; i++) {
      StoredFile file = new StoredFile(directory.names()[i], directory.ids()[i], true);
      put(file);
      byId.put(file.id(), file);
      nextId = Math.max(nextId, file.id() + 1);
    }
    Changes orphans = null;
    double lastOrphan = Double.NaN;
    double[] keys = directory.chunkKeys();
    for (int i = 0; i < keys.length; i += 3) {
      StoredFile file = byId.get(keys[i]);
      if (file != null) {
        file.addChunk(keys[i + 1], keys[i + 2]);
      } else if (keys[i] != lastOrphan) {
        lastOrphan = keys[i];
        orphans = (orphans == null ? new Changes() : orphans).deleteChunks(keys[i]);
      }
      nextId = Math.max(nextId, keys[i] + 1);
    }
    return orphans;
  }

  /** All names, sorted. */
  List<String> names() {
    return List.copyOf(files.keySet());
  }

  int size() {
    return files.size();
  }

  @Nullable StoredFile get(String name) {
    return files.get(name);
  }

  /** The file of that name; a new one, not stored yet, if there is none. */
  StoredFile getOrMake(String name) {
    StoredFile file = files.get(name);
    if (file == null) {
      file = new StoredFile(name, freshId(), false);
      put(file);
    }
    return file;
  }

  /** Lets the file's name stand for it from now on. */
  void put(StoredFile file) {
    files.put(file.name(), file);
  }

  /** Forgets a file, unless its name stands for another one by now. */
  void remove(StoredFile file) {
    files.remove(file.name(), file);
  }

  /** An id that no chunk is stored under. */
  double freshId() {
    return nextId++;
  }
}
