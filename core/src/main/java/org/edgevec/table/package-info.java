/**
 * What a database holds, in memory: entries by ordinal, and the codecs of their records.
 *
 * <p>A {@link org.edgevec.table.Change} is validated and encoded by {@link
 * org.edgevec.table.RecordCodec} into the payload of a log frame; {@link org.edgevec.table.Table}
 * applies that payload, whether it was just logged or is being replayed.
 */
@NullMarked
package org.edgevec.table;

import org.jspecify.annotations.NullMarked;
