/** Lucene as a peer of the benchmark on the JVM, in a module of its own since it needs a JDK 21. */
@NullMarked
package org.edgevec.bench.lucene;

import org.jspecify.annotations.NullMarked;
