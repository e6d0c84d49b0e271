package org.edgevec;

import java.util.List;

/**
 * What reading a whole database found. Nothing was changed.
 *
 * @param files how many files were checked
 * @param bytes how many bytes they have
 * @param entries entries found whole in the segments, live and dead
 * @param batches batches found whole in the log, that behind the previous snapshot included
 * @param damage all damage, file by file and within a file by offset; empty if there is none
 * @param leftovers files that no whole manifest needs, and that were not read: what a crash kept
 *     from being deleted, tails that an opening cut off, files that the database did not write
 * @param notes what is out of the ordinary and no damage, in sentences
 */
public record VerifyReport(
    int files,
    long bytes,
    long entries,
    long batches,
    List<Damage> damage,
    List<String> leftovers,
    List<String> notes) {

  public VerifyReport {
    damage = List.copyOf(damage);
    leftovers = List.copyOf(leftovers);
    notes = List.copyOf(notes);
  }

  /** Whether no damage was found. */
  public boolean isIntact() {
    return damage.isEmpty();
  }

  /**
   * A place where bytes are not what was written.
   *
   * @param file the name of the file
   * @param offset where the part that does not hold begins, in bytes from the start of the file
   * @param what what is wrong there
   */
  public record Damage(String file, long offset, String what) {}
}
