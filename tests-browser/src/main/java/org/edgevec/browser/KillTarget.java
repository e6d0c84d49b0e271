package org.edgevec.browser;

import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A browser, and how it keeps IndexedDB, that {@link BrowserKills} kills. */
enum KillTarget {
  /** Chromium as it comes. */
  CHROMIUM {
    @Override
    KillableBrowser start(Playwright playwright, Path profile)
        throws IOException, InterruptedException {
      return ChromiumProcess.start(playwright, profile, List.of());
    }
  },

  /**
   * Chromium with the IndexedDB over SQLite that it is moving to. (Its other flag, {@code
   * IdbSqliteOnDiskRollout}, changes nothing unless it is given a stage.)
   */
  CHROMIUM_SQLITE {
    @Override
    KillableBrowser start(Playwright playwright, Path profile)
        throws IOException, InterruptedException {
      return ChromiumProcess.start(
          playwright, profile, List.of("--enable-features=IdbSqliteBackingStore"));
    }

    @Override
    boolean accepts(IndexedDbFiles.Kind kind) {
      return kind == IndexedDbFiles.Kind.SQLITE;
    }
  },

  /** A stock Firefox. */
  FIREFOX {
    @Override
    KillableBrowser start(Playwright playwright, Path profile)
        throws IOException, InterruptedException {
      Path executable =
          Browsers.firefox()
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "No Firefox found: install firefox-esr, or set EDGEVEC_FIREFOX to the"
                              + " path of a Firefox."));
      return FirefoxProcess.start(playwright, executable, profile);
    }
  };

  /**
   * Starts it on a profile, new or left by one that was killed.
   *
   * @throws IOException if it does not start; none of its processes is left
   */
  abstract KillableBrowser start(Playwright playwright, Path profile)
      throws IOException, InterruptedException;

  /** Whether it is this target that ran, if its IndexedDB rests on {@code kind}. */
  boolean accepts(IndexedDbFiles.Kind kind) {
    return true;
  }
}
