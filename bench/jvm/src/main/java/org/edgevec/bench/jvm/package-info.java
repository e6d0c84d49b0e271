/**
 * The benchmark on the JVM: EdgeVec and its peers on the same data in the same run.
 *
 * <p>Every index under test lives in a JVM of its own, so that none runs with code that was
 * compiled for another: {@link org.edgevec.bench.jvm.JvmBench} reads the command line and asks
 * sections to run; a section starts {@link org.edgevec.bench.jvm.Child} JVMs and asks them, over
 * pipes, one thing at a time; in the child a {@link org.edgevec.bench.jvm.Task} answers. Only one
 * JVM works at a time, and rounds of different peers alternate, so that what else the machine does
 * hits all alike.
 */
@NullMarked
package org.edgevec.bench.jvm;

import org.jspecify.annotations.NullMarked;
