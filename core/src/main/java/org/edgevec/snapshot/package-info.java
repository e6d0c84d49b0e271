/**
 * Snapshots: what recovery starts from, so that the log stays short.
 *
 * <p>A snapshot is a {@link org.edgevec.snapshot.Manifest} and the immutable segments that it
 * names. {@link org.edgevec.snapshot.SnapshotManager} makes one: new segments first, then the
 * manifest, which is the commit point, then what nobody needs any more is deleted. {@link
 * org.edgevec.snapshot.SegmentFormat} and {@link org.edgevec.snapshot.ManifestFormat} are the byte
 * layouts, over the checksummed blocks of {@link org.edgevec.snapshot.BlockWriter} and {@link
 * org.edgevec.snapshot.BlockReader}.
 */
@NullMarked
package org.edgevec.snapshot;

import org.jspecify.annotations.NullMarked;
