package org.edgevec.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.util.regex.Pattern;
import org.edgevec.demo.DemoServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The demo in Firefox. */
@Timeout(180)
class DemoInFirefoxTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.FIREFOX);

  @Test
  void meaningFindsWithoutSharedWordsAndWithoutAServer() {
    try (DemoServer server = DemoServer.start(DemoMeaning.SITE, 0)) {
      DemoMeaning.check(SESSION, server);
    }
  }

  @Test
  void itIsCrashedAndFilledAndLosesNothing() {
    try (DemoServer server = DemoServer.start(DemoMeaning.SITE, 0)) {
      String url = server.uri() + "?model=no&rounds=2&vectors=2000";
      Page page = SESSION.pageShowing(url, DemoMeaning.READY).page();
      page.getByTestId("crash-many").click();
      assertThat(page.getByTestId("crash-status"))
          .hasText(Pattern.compile("2 crashes in a row: .* 0 lost\\."), withinMinute());
      page.getByTestId("scale-button").click();
      assertThat(page.getByTestId("scale-recall"))
          .hasText(Pattern.compile("(9[5-9]|100)\\.[0-9] %"), withinMinute());
    }
  }

  private static LocatorAssertions.HasTextOptions withinMinute() {
    return new LocatorAssertions.HasTextOptions().setTimeout(60_000);
  }
}
