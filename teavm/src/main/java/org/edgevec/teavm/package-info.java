/** What TeaVM's compiler is told to do otherwise; nothing in here runs in a browser. */
@NullMarked
package org.edgevec.teavm;

import org.jspecify.annotations.NullMarked;
