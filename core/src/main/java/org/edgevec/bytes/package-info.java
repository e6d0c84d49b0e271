/** Bytes and what they are checked with: the one reader, the one writer, CRC32C, UTF-8. */
@NullMarked
package org.edgevec.bytes;

import org.jspecify.annotations.NullMarked;
