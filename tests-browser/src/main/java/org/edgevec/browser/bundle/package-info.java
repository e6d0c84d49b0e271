/** What is compiled to WebAssembly for the tests: the contracts and the golden script. */
@NullMarked
package org.edgevec.browser.bundle;

import org.jspecify.annotations.NullMarked;
