package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.edgevec.vector.VectorArenaContract;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** Runs core's contract of arenas in a browser, as the bundle compiled it. */
final class ArenaRunner {

  private ArenaRunner() {}

  /** With the package's SIMD kernels, and what holds in linear memory besides. */
  static Stream<DynamicTest> linear(BrowserSession session) {
    TestPage page = session.page("/contract.html");
    assertThat(page.page().evaluate("contract.isLinear()")).isEqualTo(true);
    return Stream.concat(contract(page), tests(page, true));
  }

  /** As where there is no SIMD. */
  static Stream<DynamicTest> scalar(BrowserSession session) {
    TestPage page = session.page("/contract.html?scalar");
    assertThat(page.page().evaluate("contract.isLinear()")).isEqualTo(false);
    return contract(page);
  }

  private static Stream<DynamicTest> contract(TestPage page) {
    List<String> declared =
        Arrays.stream(VectorArenaContract.class.getMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .map(method -> method.getName())
            .sorted()
            .toList();
    assertThat(names(page, false)).isEqualTo(declared);
    return tests(page, false);
  }

  private static List<String> names(TestPage page, boolean linear) {
    String names = (String) page.page().evaluate("x => contract.arenaCaseNames(x)", linear);
    return names.lines().toList();
  }

  private static Stream<DynamicTest> tests(TestPage page, boolean linear) {
    List<String> names = names(page, linear);
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    names.get(i),
                    () ->
                        assertThat(
                                page.page()
                                    .evaluate(
                                        "([linear, i]) => contract.runArenaCase(linear, i)",
                                        List.of(linear, i)))
                            .isEqualTo("kept")));
  }
}
