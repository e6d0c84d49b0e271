/**
 * Snapshots: what recovery starts from, so that the log stays short.
 *
 * <p>A snapshot is a {@link org.edgevec.snapshot.Manifest} and the parts that it names, files that
 * never change: immutable segments, and derived parts, which are made of the entries and can be
 * made again ({@link org.edgevec.snapshot.DerivedPart}; the graph's is the first). {@link
 * org.edgevec.snapshot.SnapshotManager} makes one: new parts first, then the manifest, which is the
 * commit point, then what nobody needs any more is deleted. {@link
 * org.edgevec.snapshot.SegmentFormat} and {@link org.edgevec.snapshot.ManifestFormat} are the byte
 * layouts, over the checksummed blocks of {@link org.edgevec.snapshot.BlockWriter} and {@link
 * org.edgevec.snapshot.BlockReader}.
 */
@NullMarked
package org.edgevec.snapshot;

import org.jspecify.annotations.NullMarked;
