package org.edgevec;

import org.edgevec.storage.Durability;
import org.jspecify.annotations.Nullable;

/**
 * What a database knows about itself at one moment.
 *
 * @param size live entries
 * @param dimension components of every vector
 * @param metric how nearness is measured
 * @param durability what an acknowledged write survives
 * @param logBytes bytes of log that the next opening would replay
 * @param retainedLogBytes bytes of log kept only so that the previous snapshot can serve, should
 *     the newest be damaged
 * @param segmentBytes bytes of the newest snapshot's segment files
 * @param segmentCount how many segment files the newest snapshot has
 * @param deadEntries deleted or replaced entries whose space is not reclaimed yet
 * @param indexedEntries entries, live and dead, that the search graph links, those with equal
 *     vectors each
 * @param tailEntries entries that are not linked yet; a search scores them one by one
 * @param graphSearches about how many searches since opening walked the graph; others scored every
 *     entry
 * @param undecidedSearches how many of them byte codes could not decide: the vectors themselves did
 * @param lastSequence the number of the last batch that is durable
 * @param generation the number of the newest snapshot; it grows by one with each checkpoint
 * @param lastCheckpointMillis when that snapshot was made, in milliseconds since 1970
 * @param batches batches acknowledged since opening
 * @param syncs the syncs of the log that those batches shared
 * @param readOnly whether writes are refused until the database is opened again
 * @param maintenanceError what the last background checkpoint or seal failed with, or else the last
 *     slice of linking the tail; null if they went well. Nothing is lost, and it is tried again
 */
public record Stats(
    int size,
    int dimension,
    Metric metric,
    Durability durability,
    long logBytes,
    long retainedLogBytes,
    long segmentBytes,
    int segmentCount,
    int deadEntries,
    int indexedEntries,
    int tailEntries,
    long graphSearches,
    long undecidedSearches,
    long lastSequence,
    long generation,
    long lastCheckpointMillis,
    long batches,
    long syncs,
    boolean readOnly,
    @Nullable String maintenanceError) {}
