/**
 * Vectors in linear memory, where the browser's SIMD reaches them.
 *
 * <p>{@link org.edgevec.linear.LinearArena} keeps them, and {@code LinearCodes} their codes, in the
 * same {@code LinearChunks}, pieces that {@code LinearMemory} gives out. They are scored by {@code
 * Kernels}, a WebAssembly module of its own ({@code kernels.wat}) on the same memory. Nothing in
 * here waits, so all of it is plain fast code.
 */
@NullMarked
package org.edgevec.linear;

import org.jspecify.annotations.NullMarked;
