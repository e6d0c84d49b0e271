package org.edgevec.engine;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.edgevec.Entry;
import org.edgevec.table.StoredEntry;
import org.jspecify.annotations.Nullable;

/** Goes over ids and passes over those that were deleted meanwhile. Not thread-safe. */
final class EntryIterator implements Iterator<Entry> {

  private final LiveContents contents;
  private final Iterator<String> remaining;
  private @Nullable Entry next;

  EntryIterator(LiveContents contents) {
    this.contents = contents;
    this.remaining = contents.ids().iterator();
  }

  @Override
  public boolean hasNext() {
    while (next == null && remaining.hasNext()) {
      StoredEntry stored = contents.stored(remaining.next());
      next = stored == null ? null : stored.entry();
    }
    return next != null;
  }

  @Override
  public Entry next() {
    Entry entry = hasNext() ? next : null;
    if (entry == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return entry;
  }
}
