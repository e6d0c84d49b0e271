/**
 * What the npm package's JavaScript calls: the database's methods as exported functions.
 *
 * <p>{@link org.edgevec.js.Exports} has one function per call of the JavaScript face. {@code
 * Values} turns JavaScript's values into Java's and back, {@code Failures} turns exceptions into
 * objects with a {@code code}, {@code Handles} gives numbers to open databases.
 */
@NullMarked
package org.edgevec.js;

import org.jspecify.annotations.NullMarked;
