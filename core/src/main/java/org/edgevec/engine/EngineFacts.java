package org.edgevec.engine;

import org.edgevec.Metric;
import org.edgevec.storage.Durability;
import org.jspecify.annotations.Nullable;

/** What a database knows about itself, as {@link org.edgevec.Stats} tells it. */
public record EngineFacts(
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
