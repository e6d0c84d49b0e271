/**
 * The write-ahead log: what makes a batch durable before anybody is told so.
 *
 * <p>{@link org.edgevec.wal.WalFormat} is the byte layout, {@link org.edgevec.wal.WriteAheadLog}
 * appends and syncs, {@link org.edgevec.wal.WalReader} reads one file back frame by frame, and
 * {@link org.edgevec.wal.Seal} attests how far the log is known to be durable.
 */
@NullMarked
package org.edgevec.wal;

import org.jspecify.annotations.NullMarked;
