package org.edgevec.bench.jvm;

/**
 * How a graph is built.
 *
 * @param m HNSW's M: neighbours on the upper levels, and half of those on the lowest
 * @param efConstruction candidates that linking a vector looks at
 */
public record BuildParameters(int m, int efConstruction) {}
