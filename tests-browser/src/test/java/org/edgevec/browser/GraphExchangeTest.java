package org.edgevec.browser;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Search graphs between Chromium and the JVM. */
final class GraphExchangeTest extends GraphExchangeCases {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @Override
  TestPage page() {
    return SESSION.page();
  }
}
