package org.edgevec;

/**
 * Is told how far a long piece of work has come, on the thread that does it.
 *
 * <p>What it throws ends the work and reaches whoever asked for it. It must not write to the
 * database that the work is about, or close it.
 */
@FunctionalInterface
public interface ProgressListener {

  /** Takes no notice. */
  ProgressListener NONE = (done, total) -> {};

  /**
   * Called at the beginning, at least every 4 MiB, and at the end.
   *
   * @param done bytes of the work that are done; never fewer than before, at the end {@code total}
   * @param total bytes of all the work; the same in every call
   */
  void progress(long done, long total);
}
