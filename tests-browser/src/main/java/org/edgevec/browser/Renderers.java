package org.edgevec.browser;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Kills the processes in which a Chromium's pages run, as the system does when memory runs out.
 *
 * <p>DevTools' own {@code Page.crash} is no use here: the crashing process symbolises its stack for
 * up to a minute before it dies.
 */
public final class Renderers {

  private static final long NOTICE_SECONDS = 20;

  private Renderers() {}

  /**
   * Kills (SIGKILL) all processes of the browser that render pages, and waits until the browser has
   * noticed. It keeps a spare one for the next page; a page that is opened too soon is given the
   * spare that was just killed, and never comes up.
   *
   * @throws IllegalStateException if the browser does not notice
   */
  public static void kill(Browser browser) {
    CDPSession session = browser.newBrowserCDPSession();
    try {
      Set<Long> killed = running(session);
      for (long id : killed) {
        ProcessHandle.of(id).ifPresent(ProcessHandle::destroyForcibly);
      }
      awaitNoticed(session, killed);
    } finally {
      session.detach();
    }
  }

  private static void awaitNoticed(CDPSession session, Set<Long> killed) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(NOTICE_SECONDS);
    while (!Collections.disjoint(running(session), killed)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Chromium did not notice that its renderers are gone");
      }
    }
  }

  /** The ids of the processes that render pages. */
  private static Set<Long> running(CDPSession session) {
    Set<Long> ids = new HashSet<>();
    JsonObject processes = session.send("SystemInfo.getProcessInfo");
    for (JsonElement element : processes.getAsJsonArray("processInfo")) {
      JsonObject process = element.getAsJsonObject();
      if (process.get("type").getAsString().equals("renderer")) {
        ids.add(process.get("id").getAsLong());
      }
    }
    return ids;
  }
}
