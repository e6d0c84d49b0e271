package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;

/** The package on a page with a Content-Security-Policy that lets no string be evaluated. */
final class PolicyRunner {

  private PolicyRunner() {}

  /** Writes and searches, reloads, and finds what was written. */
  static void check(BrowserSession session, Host host) {
    try (Page page = session.context().newPage()) {
      page.navigate(session.origin() + "/policy/policy.html" + query(host));
      assertThat(outcome(page)).isEqualTo("forbidden true: 1 visit-1 1.0000 1");
      page.reload();
      assertThat(outcome(page)).isEqualTo("forbidden true: 2 visit-1 1.0000 1");
    }
  }

  private static String query(Host host) {
    return host == Host.WORKER ? "?worker" : "";
  }

  /** Read by a locator: what evaluates a string would be refused here. */
  private static String outcome(Page page) {
    return page.locator("#done").textContent();
  }
}
