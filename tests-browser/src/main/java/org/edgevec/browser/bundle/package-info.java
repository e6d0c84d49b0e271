/** What is compiled to WebAssembly for the tests: the storage contract and the golden script. */
@NullMarked
package org.edgevec.browser.bundle;

import org.jspecify.annotations.NullMarked;
