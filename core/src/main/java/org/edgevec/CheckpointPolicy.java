package org.edgevec;

import java.util.Objects;
import org.edgevec.InvalidInputException.Code;

/**
 * When a database makes a checkpoint by itself: once its log holds more bytes than a quarter of its
 * segments, but at least {@code minLogBytes} and at most {@code maxLogBytes}.
 *
 * <p>A short log makes opening quick, a long one makes checkpoints rare; the quarter keeps the work
 * of checkpoints in proportion to what is written. A shorter log gets one, too, where it is in
 * {@value #MAX_LOG_FILES} files or more, of which each session makes one, or where that is worth it
 * in itself: much of the search graph is not stored yet, or much of what memory and segments hold
 * is dead and can be left behind. {@link #MANUAL} rules out all of these.
 */
public final class CheckpointPolicy {

  /** Between 8 MiB and 64 MiB. */
  public static final CheckpointPolicy DEFAULT = new CheckpointPolicy(8L << 20, 64L << 20);

  /** From so many files on, each of which takes an opening longer, a log gets a checkpoint. */
  public static final int MAX_LOG_FILES = 16;

  /** No checkpoint but those asked for. */
  public static final CheckpointPolicy MANUAL =
      new CheckpointPolicy(Long.MAX_VALUE, Long.MAX_VALUE);

  private final long minLogBytes;
  private final long maxLogBytes;

  private CheckpointPolicy(long minLogBytes, long maxLogBytes) {
    this.minLogBytes = minLogBytes;
    this.maxLogBytes = maxLogBytes;
  }

  /**
   * Other bounds.
   *
   * @param minLogBytes no checkpoint below this many bytes of log, 1 or more
   * @param maxLogBytes always a checkpoint at this many, no less than those
   * @throws InvalidInputException if one is outside its range
   */
  public static CheckpointPolicy of(long minLogBytes, long maxLogBytes) {
    if (minLogBytes < 1 || maxLogBytes < minLogBytes) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          "A checkpoint policy needs 1 <= minLogBytes <= maxLogBytes, not "
              + minLogBytes
              + " and "
              + maxLogBytes
              + ".");
    }
    return new CheckpointPolicy(minLogBytes, maxLogBytes);
  }

  /** No checkpoint below this many bytes of log. */
  public long minLogBytes() {
    return minLogBytes;
  }

  /** Always a checkpoint at this many bytes of log. */
  public long maxLogBytes() {
    return maxLogBytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CheckpointPolicy policy
        && minLogBytes == policy.minLogBytes
        && maxLogBytes == policy.maxLogBytes;
  }

  @Override
  public int hashCode() {
    return Objects.hash(minLogBytes, maxLogBytes);
  }

  @Override
  public String toString() {
    return "CheckpointPolicy[minLogBytes=" + minLogBytes + ", maxLogBytes=" + maxLogBytes + "]";
  }
}
