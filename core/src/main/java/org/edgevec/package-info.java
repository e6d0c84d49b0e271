/**
 * EdgeVec: an embedded vector database whose acknowledged writes survive the crash.
 *
 * <p>{@link org.edgevec.VectorDatabase} is the database; the other types here are the values that
 * go into it and come out of it. Data passes from here through {@code wal} (made durable), {@code
 * table} (applied), {@code index} (searched), {@code snapshot} (checkpointed) and {@code recovery}
 * (read back), over {@code storage} and {@code vector}.
 */
@NullMarked
package org.edgevec;

import org.jspecify.annotations.NullMarked;
