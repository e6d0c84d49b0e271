/** Search: which vectors are nearest to a query. Knows nothing of storage. */
@NullMarked
package org.edgevec.index;

import org.jspecify.annotations.NullMarked;
