/**
 * The matrix of data shapes as the benchmarks go through it on both sides: which cells, what is
 * measured of each, and how it is told.
 */
@NullMarked
package org.edgevec.bench.matrix;

import org.jspecify.annotations.NullMarked;
