package org.edgevec.browser;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The search graph in Firefox. */
@Timeout(120)
class SearchGraphInFirefoxTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.FIREFOX);

  @ParameterizedTest
  @EnumSource(Host.class)
  void whatWasWrittenIsFoundAtOnceAndLinkedInTheBackground(Host host) {
    SearchGraphRunner.checkBuilding(SESSION.page(host));
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void aCheckpointStoresTheGraphAndOpeningLoadsIt(Host host) {
    SearchGraphRunner.checkReopening(SESSION.page(host));
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void pageAndSearchesComeInBetween(Host host) {
    SearchGraphRunner.checkWaits(SESSION.page(host), "Firefox, " + host);
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void recallHoldsWhenEntriesAreReplacedAndDeleted(Host host) {
    SearchGraphRunner.checkChurn(SESSION.page(host));
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void whenAllRestsNothingIsLeftInTheTailAndWhatWasDeletedIsGone(Host host) {
    SearchGraphRunner.checkRest(SESSION.page(host));
  }
}
