package org.edgevec.bench.matrix;

import org.edgevec.shape.Quality;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one index on one cell.
 *
 * @param failure why there is nothing else, or null
 * @param isRefused whether the failure is that it does not take such vectors
 * @param buildSeconds to store and link them
 * @param recalls mean recall@10 by position in {@link Quality#EFS}
 * @param self the part of the stored vectors that find themselves
 * @param beside the same of queries that are a bit off
 * @param fewer searches with fewer hits than there should be
 * @param micros of one search with {@code efSearch} 100
 * @param walkedAgain the part of such searches that walked a second time; negative if unknown
 */
public record Measured(
    String name,
    @Nullable String failure,
    boolean isRefused,
    double buildSeconds,
    double[] recalls,
    double self,
    double beside,
    int fewer,
    double micros,
    double walkedAgain) {

  static Measured failed(String name, RuntimeException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    boolean isRefused = e instanceof Contestant.RefusedException;
    String failure = isRefused ? message : e.getClass().getSimpleName() + ": " + message;
    return new Measured(name, failure, isRefused, 0, new double[0], 0, 0, 0, 0, -1);
  }

  /** A figure of it, or NaN if it failed. */
  double known(double figure) {
    return failure == null ? figure : Double.NaN;
  }

  /** The time of a search, or NaN. */
  double time() {
    return known(micros);
  }

  /** The recall with the {@code efSearch} of a search that does not say; NaN if there is none. */
  double recall() {
    return recall(Quality.DEFAULT_EF);
  }

  double recall(int ef) {
    return failure == null ? recalls[Quality.EFS.indexOf(ef)] : Double.NaN;
  }
}
