/**
 * The server that shows the demo page: a folder of files over HTTP, on this machine only. The page
 * itself lies in {@code src/main/web}; nothing of it runs here.
 */
@NullMarked
package org.edgevec.demo;

import org.jspecify.annotations.NullMarked;
