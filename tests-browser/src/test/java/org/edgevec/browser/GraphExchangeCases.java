package org.edgevec.browser;

import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.Metric;
import org.edgevec.vector.Kernel;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Search graphs between a browser and the JVM. */
@Timeout(60)
abstract class GraphExchangeCases {

  @TempDir Path parent;

  /** A page of the browser with the package in it. */
  abstract TestPage page();

  @ParameterizedTest
  @MethodSource("org.edgevec.browser.JvmKernels#all")
  void aGraphOfTheJvmServesAsItIs(Kernel kernel) throws IOException {
    GraphExchangeRunner.checkFromJvm(page(), parent.resolve("db"), kernel);
  }

  @ParameterizedTest
  @MethodSource("org.edgevec.browser.JvmKernels#all")
  void aGraphOfThePageServesOnTheJvmAsItIs(Kernel kernel) throws IOException {
    GraphExchangeRunner.checkToJvm(page(), parent.resolve("db"), kernel);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void theSameWritesBuildTheSameGraph(Metric metric) throws IOException {
    GraphExchangeRunner.checkSameGraph(page(), parent.resolve("db"), metric);
  }
}
