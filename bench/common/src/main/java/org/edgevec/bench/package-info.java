/**
 * What all benchmarks share: data sets with held-out queries and their exact neighbours, the
 * arithmetic of recall and percentiles, and reports.
 *
 * <p>A {@code DataSpec} names data; it becomes a {@code DataSet}; {@code ExactNeighbors} finds what
 * a perfect search would find in it; {@code Recall} compares. A {@code Report} prints tables as
 * they come and writes them as Markdown and JSON, with plots beside them.
 */
@NullMarked
package org.edgevec.bench;

import org.jspecify.annotations.NullMarked;
