package org.edgevec.recovery;

import java.util.List;

/** What {@link org.edgevec.VerifyReport} tells. */
public record VerifyFacts(
    int files,
    long bytes,
    long entries,
    long batches,
    List<DamagedPart> damage,
    List<String> leftovers,
    List<String> notes) {

  public VerifyFacts {
    damage = List.copyOf(damage);
    leftovers = List.copyOf(leftovers);
    notes = List.copyOf(notes);
  }
}
