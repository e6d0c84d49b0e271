package org.edgevec.browser;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Search graphs between Firefox and the JVM. */
final class GraphExchangeInFirefoxTest extends GraphExchangeCases {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.FIREFOX);

  @Override
  TestPage page() {
    return SESSION.page();
  }
}
