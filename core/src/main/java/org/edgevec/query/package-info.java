/**
 * Searches: which entries are nearest to a query.
 *
 * <p>A {@link org.edgevec.query.Query} says what is sought and which ordinals may be returned; the
 * {@link org.edgevec.query.Searcher} chooses between walking the graph and scoring all, and {@link
 * org.edgevec.query.Found} makes hits of what it found, without a lock.
 */
@NullMarked
package org.edgevec.query;

import org.jspecify.annotations.NullMarked;
