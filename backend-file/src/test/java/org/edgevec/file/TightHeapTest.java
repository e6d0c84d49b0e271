package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Services in heaps that hold what lives and not as much again. */
@Timeout(120)
final class TightHeapTest {

  /** Every case with either collector; {@code -Dedgevec.heaps=all}. */
  private static final boolean ALL = "all".equals(System.getProperty("edgevec.heaps"));

  private static final String HEAP = "40m";

  /** Where vectors are small and metadata is not. */
  private static final String SMALLER_HEAP = "30m";

  @TempDir Path parent;

  private static Stream<String> cases() {
    if (!ALL) {
      return Stream.of(
          "delete linked small Serial", "replace plain large Serial", "mixed linked large Serial");
    }
    List<String> cases = new ArrayList<>();
    for (String change : List.of("delete", "replace", "mixed")) {
      for (String links : List.of("linked", "plain")) {
        for (String metadata : List.of("small", "large")) {
          cases.add(change + " " + links + " " + metadata + " Serial");
          cases.add(change + " " + links + " " + metadata + " G1");
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsDeadMakesRoom(String given) throws Exception {
    String[] words = given.split(" ");
    long start = System.nanoTime();
    try (ChildJvm child = start(words, words[2].equals("large") ? SMALLER_HEAP : HEAP, words[3])) {
      assertThat(child.output().readLine()).isEqualTo("whole");
      assertThat(child.finish()).isZero();
    }
    System.out.println(
        "TightHeapTest: " + given + " took " + (System.nanoTime() - start) / 1_000_000 + " ms");
  }

  private static Stream<String> anyHeaps() {
    List<String> heaps = new ArrayList<>();
    for (int heap = 18; heap <= 32; heap += ALL ? 1 : 6) {
      for (String words : List.of("mixed linked large", "replace plain large")) {
        heaps.add(words + " " + heap);
      }
    }
    return heaps.stream();
  }

  /** What there is no memory for is refused before it is logged, and the database goes on. */
  @ParameterizedTest
  @MethodSource("anyHeaps")
  void inAnyHeapWritesAreMadeOrRefused(String given) throws Exception {
    String[] words = given.split(" ");
    try (ChildJvm child = start(words, words[3] + "m", "Serial")) {
      assertThat(child.output().readLine()).isIn("whole", "full");
    }
    assertThat(EdgeVec.verify(parent.resolve("db")).damage()).isEmpty();
  }

  /** The program, with the first three words, in such a heap with such a collector. */
  private ChildJvm start(String[] words, String heap, String collector) throws IOException {
    return ChildJvm.start(
        TightHeap.class,
        List.of("-Xmx" + heap, "-XX:+Use" + collector + "GC"),
        parent.resolve("db").toString(),
        words[0],
        words[1],
        words[2]);
  }

  /** Opened, closed and opened at once: the one that is closed must be gone by then. */
  @Test
  void aClosedDatabaseMakesRoomAtOnce() throws Exception {
    Path folder = parent.resolve("db");
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(1024, Metric.L2))) {
      for (int i = 0; i < 6000; i += 500) {
        WriteBatch batch = new WriteBatch();
        for (int j = i; j < i + 500; j++) {
          float[] vector = new float[1024];
          vector[j % 1024] = j;
          batch.put("id" + j, vector);
        }
        db.write(batch);
      }
      db.checkpoint();
    }
    try (ChildJvm child =
        ChildJvm.start(OpenAgain.class, List.of("-Xmx" + HEAP), folder.toString(), "5")) {
      assertThat(child.output().readLine()).isEqualTo("6000");
      assertThat(child.finish()).isZero();
    }
  }
}
