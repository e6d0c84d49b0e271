package org.edgevec.recovery;

import java.util.List;

/** What {@link org.edgevec.SalvageReport} tells. */
public record SalvageFacts(
    long entries,
    long lastSequence,
    long attestedSequence,
    boolean usedPreviousSnapshot,
    List<String> notes) {

  public SalvageFacts {
    notes = List.copyOf(notes);
  }
}
