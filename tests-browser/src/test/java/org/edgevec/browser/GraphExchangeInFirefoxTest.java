package org.edgevec.browser;

import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.Metric;
import org.edgevec.vector.Kernel;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Search graphs between Firefox and the JVM. */
@Timeout(60)
class GraphExchangeInFirefoxTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.FIREFOX);

  @TempDir Path parent;

  @ParameterizedTest
  @MethodSource("org.edgevec.browser.JvmKernels#all")
  void aGraphOfTheJvmServesAsItIs(Kernel kernel) throws IOException {
    GraphExchangeRunner.checkFromJvm(SESSION.page(), parent.resolve("db"), kernel);
  }

  @ParameterizedTest
  @MethodSource("org.edgevec.browser.JvmKernels#all")
  void aGraphOfThePageServesOnTheJvmAsItIs(Kernel kernel) throws IOException {
    GraphExchangeRunner.checkToJvm(SESSION.page(), parent.resolve("db"), kernel);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void theSameWritesBuildTheSameGraph(Metric metric) throws IOException {
    GraphExchangeRunner.checkSameGraph(SESSION.page(), parent.resolve("db"), metric);
  }
}
