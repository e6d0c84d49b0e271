package org.edgevec.bench.matrix;

import org.edgevec.shape.CellData;
import org.edgevec.shape.Searcher;

/** An index that is built and searched on one cell. */
public interface Contestant extends Searcher, AutoCloseable {

  /** Its name in tables. */
  String name();

  /**
   * Stores the vectors and links them.
   *
   * @return the seconds that it took
   * @throws RefusedException if it does not take such vectors
   */
  double build(CellData data);

  /** How many milliseconds a search for each of the data's queries takes, all of them together. */
  double passMillis(int k, int efSearch);

  /**
   * How many searches so far walked through the graph a second time, by the vectors themselves.
   *
   * @return -1 if it does not tell
   */
  long walkedAgain();

  @Override
  void close();

  /** It does not take such vectors, and says so. */
  final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
