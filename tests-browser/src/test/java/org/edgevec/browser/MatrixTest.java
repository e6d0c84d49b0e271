package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Search in Chromium on data of many shapes finds what a walk by the vectors themselves finds: a
 * round of the matrix that {@code ./dev bench browser --only matrix} goes through.
 */
class MatrixTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @TestFactory
  Stream<DynamicTest> searchFindsWhatAWalkByTheVectorsThemselvesFinds() {
    TestPage page = SESSION.page("/contract.html");
    assertThat(page.page().evaluate("contract.isLinear()")).isEqualTo(true);
    List<String> cells = ((String) page.page().evaluate("contract.matrixCells()")).lines().toList();
    return IntStream.range(0, cells.size())
        .mapToObj(i -> DynamicTest.dynamicTest(cells.get(i), () -> check(page, cells.get(i), i)));
  }

  private static void check(TestPage page, String cell, int index) {
    assertThat(page.page().evaluate("i => contract.runMatrixCell(i)", index))
        .as(cell)
        .isEqualTo("kept");
  }
}
