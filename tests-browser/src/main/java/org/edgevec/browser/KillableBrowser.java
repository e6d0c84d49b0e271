package org.edgevec.browser;

import com.microsoft.playwright.Page;

/**
 * A browser of our own on a profile folder that outlives it, so that it can be killed and started
 * again on what it left.
 *
 * <p>Used by one thread, but for {@link #kill}, which touches processes only and may be called by
 * another one to end a browser that hangs.
 */
interface KillableBrowser extends AutoCloseable {

  /** Its name and version. */
  String version();

  /** A new tab. */
  Page newPage();

  /** Kills (SIGKILL) the processes in which its tabs run, and waits until it has noticed. */
  void killPages() throws InterruptedException;

  /** Kills (SIGKILL) it and every process of it, and waits until they have ended. */
  void kill() throws InterruptedException;

  /** The same as {@link #kill}. */
  @Override
  void close();
}
