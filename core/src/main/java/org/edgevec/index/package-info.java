/**
 * The search graph (HNSW): its walks, and what links, mends and purges it in steps that a
 * maintainer takes. Knows nothing of storage, nor of entries.
 */
@NullMarked
package org.edgevec.index;

import org.jspecify.annotations.NullMarked;
