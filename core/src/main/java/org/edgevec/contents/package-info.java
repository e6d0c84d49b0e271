/**
 * Everything of a database that shares ordinals, as one thing: the entries, the search graph over
 * them, and whatever else is kept by ordinal. It is grown, viewed, renumbered and released
 * together.
 *
 * <p>{@link org.edgevec.contents.Contents} is what the engine writes into, snapshots store and
 * recovery fills; {@code query} searches it. Nobody else looks through it at the table or the
 * graph, but for what stores the graph.
 */
@NullMarked
package org.edgevec.contents;

import org.jspecify.annotations.NullMarked;
