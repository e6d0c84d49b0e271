/** Vectors and the arithmetic on them: where they live, and how near two of them are. */
@NullMarked
package org.edgevec.vector;

import org.jspecify.annotations.NullMarked;
