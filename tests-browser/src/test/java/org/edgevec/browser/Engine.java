package org.edgevec.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.Optional;

/** A browser to test in. Chromium must be there; without a Firefox its tests are skipped. */
enum Engine {
  CHROMIUM {
    @Override
    Browser launch(Playwright playwright) {
      return Browsers.launchChromium(playwright);
    }
  },
  FIREFOX {
    @Override
    Browser launch(Playwright playwright) {
      Optional<Path> firefox = Browsers.firefox();
      assumeTrue(firefox.isPresent(), "no Firefox on the PATH, and EDGEVEC_FIREFOX is not set");
      return Browsers.launchFirefox(playwright, firefox.get());
    }
  };

  abstract Browser launch(Playwright playwright);
}
