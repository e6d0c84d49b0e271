package org.edgevec.browser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That nothing leaves the demo is forced by its server's policy, in Firefox. */
@Timeout(60)
class BreakoutInFirefoxTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.FIREFOX);

  @Test
  void nothingReachesAnotherServer() {
    BreakoutRunner.checkNothingLeaves(SESSION);
  }

  @Test
  void withoutThePolicyAllOfItDoes() {
    BreakoutRunner.checkAllLeavesWhereNothingForbidsIt(SESSION);
  }
}
