package org.edgevec;

/**
 * One result of a search.
 *
 * @param id the entry's id
 * @param score how near it is; {@link Metric} says in which range, and which way is nearer
 * @param metadata what was stored beside the vector; empty, never null
 */
public record Hit(String id, float score, Metadata metadata) {}
