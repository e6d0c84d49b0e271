package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.edgevec.storage.StorageBackendContract;
import org.junit.jupiter.api.DynamicTest;

/** Runs core's storage contract in a browser, case by case, as the bundle compiled it. */
final class ContractRunner {

  private ContractRunner() {}

  /** A test for each case, each on a storage of its own. */
  static Stream<DynamicTest> tests(BrowserSession session) {
    TestPage page = session.page("/contract.html");
    List<String> names = StorageBackendContract.cases().stream().map(c -> c.name()).toList();
    String compiled = (String) page.page().evaluate("contract.caseNames()");
    assertThat(compiled.lines()).isEqualTo(names);
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    names.get(i),
                    () ->
                        assertThat(page.page().evaluate("i => contract.runCase(i, 'case-' + i)", i))
                            .isEqualTo("kept")));
  }
}
