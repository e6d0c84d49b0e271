package org.edgevec.browser;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

class ContractInFirefoxTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.FIREFOX);

  @TestFactory
  Stream<DynamicTest> indexedDbKeepsTheContract() {
    return ContractRunner.tests(SESSION);
  }

  @TestFactory
  Stream<DynamicTest> arenasInLinearMemoryKeepTheContract() {
    return ArenaRunner.linear(SESSION);
  }

  @TestFactory
  Stream<DynamicTest> arenasOnTheHeapKeepTheContract() {
    return ArenaRunner.scalar(SESSION);
  }
}
