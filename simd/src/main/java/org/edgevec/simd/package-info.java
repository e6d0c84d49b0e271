/** Kernels for the JVM that score vectors with the Vector API, found by {@code ServiceLoader}. */
@NullMarked
package org.edgevec.simd;

import org.jspecify.annotations.NullMarked;
