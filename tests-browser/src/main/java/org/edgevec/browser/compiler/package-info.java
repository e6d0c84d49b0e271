/** What the compiler puts into the bundle of tests, and into nothing that is shipped. */
@org.jspecify.annotations.NullMarked
package org.edgevec.browser.compiler;
