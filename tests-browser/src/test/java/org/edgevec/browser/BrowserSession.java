package org.edgevec.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One browser for a test class, and for each test a context of its own: an empty profile that all
 * pages of the test share. A test fails if one of its pages printed an error it did not announce.
 *
 * <p>Registered as a static field. Server and Playwright are shared by all classes of a run.
 */
final class BrowserSession
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private final Engine engine;
  private final List<TestPage> pages = new ArrayList<>();
  private Shared shared;
  private Browser browser;
  private BrowserContext context;

  private BrowserSession(Engine engine) {
    this.engine = engine;
  }

  static BrowserSession in(Engine engine) {
    return new BrowserSession(engine);
  }

  @Override
  public void beforeAll(ExtensionContext extension) {
    if (browser == null) {
      shared =
          extension
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(BrowserSession.class))
              .getOrComputeIfAbsent(Shared.class);
      browser = engine.launch(shared.playwright);
    }
  }

  @Override
  public void beforeEach(ExtensionContext extension) {
    context = browser.newContext();
    context.setDefaultTimeout(30_000);
  }

  @Override
  public void afterEach(ExtensionContext extension) {
    List<TestPage> opened = List.copyOf(pages);
    pages.clear();
    context.close();
    if (extension.getExecutionException().isEmpty()) {
      opened.forEach(TestPage::checkNothingUnexpected);
    } else {
      opened.forEach(TestPage::printErrors);
    }
  }

  @Override
  public void afterAll(ExtensionContext extension) {
    if (browser != null) {
      browser.close();
      browser = null;
    }
  }

  /** A new tab of the test's context with the package loaded. */
  TestPage page() {
    return page(Host.PAGE);
  }

  /** A new tab with the package loaded, whose {@code edgevec.open} hosts databases there. */
  TestPage page(Host host) {
    return page(host.path);
  }

  /** A new tab at a path of the server; its script must set {@code window.ready}. */
  TestPage page(String path) {
    return pageAt(shared.server.url(path), "window.ready");
  }

  /** A new tab at any address, loaded once {@code ready} holds on it. */
  TestPage pageAt(String url, String ready) {
    return open(url, page -> page.waitForFunction(ready));
  }

  /**
   * The same for a page whose policy lets no string be evaluated, as waiting for an expression
   * would: loaded once an element that the CSS selector names is there.
   */
  TestPage pageShowing(String url, String selector) {
    return open(
        url,
        page ->
            page.locator(selector)
                .first()
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED)));
  }

  private TestPage open(String url, Consumer<Page> ready) {
    TestPage page = new TestPage(context.newPage(), url, ready);
    pages.add(page);
    page.load();
    return page;
  }

  BrowserContext context() {
    return context;
  }

  Browser browser() {
    return browser;
  }

  /** The origin of all pages. */
  String origin() {
    return shared.server.url("");
  }

  /** What all test classes of a run share. */
  static final class Shared implements AutoCloseable, ExtensionContext.Store.CloseableResource {
    final Playwright playwright = Browsers.playwright();
    final PackageServer server = PackageServer.start();

    @Override
    public void close() {
      server.close();
      playwright.close();
    }
  }
}
