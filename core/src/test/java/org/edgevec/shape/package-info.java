/**
 * Shapes of data for tests and benchmarks, and how well an index finds what is near in them.
 *
 * <p>A {@link Cell} names data: a {@link Shape}, a metric, a dimension, a number of vectors and a
 * seed. Its {@link CellData} are the vectors and queries, the same on every platform; a {@link
 * Truth} tells of any answer how much of it is right; {@link Quality} is what was measured of one
 * index, and {@link Bar} compares two: the index as shipped with one that walks by the vectors
 * themselves.
 *
 * <p>Plain Java that TeaVM compiles, too.
 */
@NullMarked
package org.edgevec.shape;

import org.jspecify.annotations.NullMarked;
