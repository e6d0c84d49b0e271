package org.edgevec;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.recovery.DamagedPart;
import org.edgevec.recovery.VerifyFacts;
import org.jspecify.annotations.Nullable;

/** What reading a whole database found. Nothing was changed. Immutable. */
public final class VerifyReport {

  private final VerifyFacts facts;
  private final List<Damage> damage;

  VerifyReport(VerifyFacts facts) {
    this.facts = facts;
    List<Damage> all = new ArrayList<>();
    for (DamagedPart part : facts.damage()) {
      all.add(new Damage(part));
    }
    this.damage = List.copyOf(all);
  }

  /** How many files were checked. */
  public int files() {
    return facts.files();
  }

  /** How many bytes they have. */
  public long bytes() {
    return facts.bytes();
  }

  /** Entries found whole in the segments, live and dead. */
  public long entries() {
    return facts.entries();
  }

  /** Batches found whole in the log, that behind the previous snapshot included. */
  public long batches() {
    return facts.batches();
  }

  /** All damage, file by file and within a file by offset; empty if there is none. */
  public List<Damage> damage() {
    return damage;
  }

  /**
   * Files that no whole manifest needs, and that were not read: what a crash kept from being
   * deleted, tails that an opening cut off, files that the database did not write.
   */
  public List<String> leftovers() {
    return facts.leftovers();
  }

  /** What is out of the ordinary and no damage, in sentences. */
  public List<String> notes() {
    return facts.notes();
  }

  /** Whether no damage was found. */
  public boolean isIntact() {
    return damage.isEmpty();
  }

  /** A place where bytes are not what was written. Immutable. */
  public static final class Damage {

    private final DamagedPart part;

    private Damage(DamagedPart part) {
      this.part = part;
    }

    /** The name of the file. */
    public String file() {
      return part.file();
    }

    /** Where the part that does not hold begins, in bytes from the start of the file. */
    public long offset() {
      return part.offset();
    }

    /** What is wrong there. */
    public String what() {
      return part.what();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Damage damage && part.equals(damage.part);
    }

    @Override
    public int hashCode() {
      return part.hashCode();
    }

    @Override
    public String toString() {
      return Facts.text("Damage", part);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VerifyReport report && facts.equals(report.facts);
  }

  @Override
  public int hashCode() {
    return facts.hashCode();
  }

  @Override
  public String toString() {
    return Facts.text("VerifyReport", facts);
  }
}
