/**
 * What a database holds, in memory: entries by ordinal, and the codecs of their records.
 *
 * <p>A {@link org.edgevec.table.Change} is validated and encoded by {@link
 * org.edgevec.table.RecordCodec} into the payload of a log frame; {@link org.edgevec.table.Records}
 * are decoded of that payload, whether it is to be logged or is being replayed, and {@link
 * org.edgevec.table.Table} applies them.
 */
@NullMarked
package org.edgevec.table;

import org.jspecify.annotations.NullMarked;
