/**
 * EdgeVec in real browsers.
 *
 * <p>{@link org.edgevec.browser.Browsers} finds and starts an installed browser, {@link
 * org.edgevec.browser.PackageServer} serves it the npm package as a user's site would. On these two
 * rest the tests, {@link org.edgevec.browser.BrowserKills} and {@link
 * org.edgevec.browser.BrowserFigures}.
 */
@NullMarked
package org.edgevec.browser;

import org.jspecify.annotations.NullMarked;
