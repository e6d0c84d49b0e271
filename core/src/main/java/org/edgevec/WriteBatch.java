package org.edgevec;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.table.Change;

/**
 * Changes that become durable and visible together, or not at all. They apply in the order in which
 * they were added. Not thread-safe; may be written more than once.
 */
public final class WriteBatch {

  private final List<Change> changes = new ArrayList<>();

  /** Adds the storing of a vector, replacing what is under that id. The vector is copied. */
  public WriteBatch put(String id, float[] vector, Metadata metadata) {
    Arguments.required(id, "The id");
    changes.add(
        new Change.Put(
            id,
            Arguments.required(vector, "The vector").clone(),
            Arguments.required(metadata, "The metadata")));
    return this;
  }

  /** Adds the storing of a vector without metadata. */
  public WriteBatch put(String id, float[] vector) {
    return put(id, vector, Metadata.empty());
  }

  /** Adds the removal of an entry; of no effect where there is none. */
  public WriteBatch delete(String id) {
    changes.add(new Change.Delete(Arguments.required(id, "The id")));
    return this;
  }

  /** How many changes it holds. */
  public int size() {
    return changes.size();
  }

  List<Change> changes() {
    return changes;
  }
}
