package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

class ContractInChromiumTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @TestFactory
  Stream<DynamicTest> indexedDbKeepsTheContract() {
    return ContractRunner.tests(SESSION);
  }

  @TestFactory
  Stream<DynamicTest> arenasInLinearMemoryKeepTheContract() {
    return ArenaRunner.linear(SESSION);
  }

  @Test
  void textsOfNumbersAreThoseOfTheJvm() {
    double[] numbers = {
      0,
      -0.0,
      1,
      -1,
      0.5,
      0.1,
      1.0 / 3,
      100,
      123456.75,
      9999999,
      1e7,
      12345678.9,
      1e21,
      1e-3,
      9.99e-4,
      -2.5e-7,
      1e300,
      Double.MAX_VALUE,
      Double.MIN_NORMAL,
      Double.NaN,
      Double.NEGATIVE_INFINITY,
      1 / 0.0
    };
    TestPage page = SESSION.page("/contract.html");
    for (double number : numbers) {
      String given = Double.toString(number);
      assertThat(page.page().evaluate("text => contract.numberText(Number(text))", given))
          .isEqualTo(given);
    }
  }

  @TestFactory
  Stream<DynamicTest> arenasOnTheHeapKeepTheContract() {
    return ArenaRunner.scalar(SESSION);
  }
}
