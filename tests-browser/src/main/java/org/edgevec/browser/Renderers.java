package org.edgevec.browser;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;

/**
 * Kills the processes in which a Chromium's pages run, as the system does when memory runs out.
 *
 * <p>DevTools' own {@code Page.crash} is no use here: the crashing process symbolises its stack for
 * up to a minute before it dies.
 */
public final class Renderers {

  private Renderers() {}

  /** Kills (SIGKILL) all processes of the browser that render pages. */
  public static void kill(Browser browser) {
    CDPSession session = browser.newBrowserCDPSession();
    try {
      JsonObject processes = session.send("SystemInfo.getProcessInfo");
      for (JsonElement element : processes.getAsJsonArray("processInfo")) {
        JsonObject process = element.getAsJsonObject();
        if (process.get("type").getAsString().equals("renderer")) {
          ProcessHandle.of(process.get("id").getAsLong()).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    } finally {
      session.detach();
    }
  }
}
