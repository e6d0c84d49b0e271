package org.edgevec.recovery;

import java.util.List;
import org.edgevec.contents.Contents;
import org.edgevec.snapshot.Manifest;
import org.edgevec.snapshot.Span;
import org.edgevec.storage.StorageFullException;
import org.edgevec.wal.WriteAheadLog;
import org.jspecify.annotations.Nullable;

/**
 * What recovery gives to the database that is being opened.
 *
 * @param contents what was recovered
 * @param newest the snapshot that served
 * @param previous the snapshot before it, if that is whole
 * @param logStart where the log goes on
 * @param attested up to which batch the log is known to have been durable
 * @param report what the user is told
 * @param moved the runs of ordinals, if replaying left entries of the snapshot behind, or null
 * @param full why what a crash left is not in order, so that nothing may be written, or null if it
 *     is
 */
public record Recovered(
    Contents contents,
    Manifest newest,
    @Nullable Manifest previous,
    WriteAheadLog.Start logStart,
    long attested,
    RecoveryFacts report,
    @Nullable List<Span> moved,
    @Nullable StorageFullException full) {}
