/**
 * Measures the npm package beside its peers, in one Chromium, on the same data.
 *
 * <p>{@link org.edgevec.bench.browser.BrowserBench} is the command. {@link
 * org.edgevec.bench.browser.PeerPackages} installs the packages, {@link
 * org.edgevec.bench.browser.BenchServer} serves them with the pages of {@code src/main/web} and the
 * data, {@link org.edgevec.bench.browser.BenchBrowser} is one fresh browser that runs the tasks of
 * {@code bench.js}. Each of the {@code …Bench} classes is one kind of measurement.
 */
@NullMarked
package org.edgevec.bench.browser;

import org.jspecify.annotations.NullMarked;
