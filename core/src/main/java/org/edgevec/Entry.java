package org.edgevec;

/**
 * One stored entry.
 *
 * @param id the user's id
 * @param vector a copy of the vector as it was put, of the database's dimension
 * @param metadata what was stored beside it; empty, never null
 */
public record Entry(String id, float[] vector, Metadata metadata) {}
