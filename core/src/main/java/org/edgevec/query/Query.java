package org.edgevec.query;

import org.edgevec.contents.Accepted;

/**
 * What is sought.
 *
 * @param vector checked, and not changed any more
 * @param k how many hits at most, 1 or more
 * @param efSearch how many candidates a walk through the graph keeps; {@code k} if that is more
 * @param isExact whether to score every vector in any case
 * @param accepted what may be returned
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Query(float[] vector, int k, int efSearch, boolean isExact, Accepted accepted) {}
