package org.edgevec.bench.jvm;

import java.io.IOException;
import java.nio.file.Path;

/**
 * An index of vectors under test, with the squared Euclidean distance. One thread uses it. The
 * distance under which it searches, and whether it keeps vectors on disk or in memory, is what its
 * users would choose for speed.
 */
public interface Peer extends AutoCloseable {

  /** Its version, kernels and parameters, in one line for people. */
  String description();

  /**
   * Builds the index, anew if there is one, from vectors in the order of their ordinals.
   *
   * @param way one of those that {@link Peers} lists
   * @param folder an empty folder for what it stores
   * @return the seconds that building took, by the clock
   */
  double build(String way, float[][] base, BuildParameters parameters, Path folder)
      throws IOException;

  /**
   * Searches the index built last.
   *
   * @param k how many to find
   * @param ef how many candidates to keep, at least {@code k}
   * @return the answer that a user would get
   */
  Object search(float[] query, int k, int ef) throws IOException;

  /** The ordinals in an answer, nearest first. */
  int[] ordinals(Object answer) throws IOException;

  @Override
  void close() throws IOException;
}
