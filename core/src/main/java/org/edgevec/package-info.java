/**
 * EdgeVec: an embedded vector database whose acknowledged writes survive the crash.
 *
 * <p>{@link org.edgevec.VectorDatabase} is the database; the other types here are the values that
 * go into it and come out of it. Behind it stands {@code engine}, which writes through {@code wal}
 * (made durable) into {@code contents} (applied), searches those by {@code query}, stores them by
 * {@code snapshot} and has them read back by {@code recovery}, over {@code storage} and {@code
 * vector}.
 */
@NullMarked
package org.edgevec;

import org.jspecify.annotations.NullMarked;
