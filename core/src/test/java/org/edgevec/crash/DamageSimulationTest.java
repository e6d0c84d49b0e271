package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.edgevec.crash.PatchedCore.Patch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sample of what {@code ./dev damage} does, another each time: a failure names the damage, and
 * {@code ./dev damage NAME} repeats it. And the simulation notices what it is there to notice.
 */
class DamageSimulationTest {

  private static final int LEAST = 10_000;

  @Test
  void aDamagedStoreIsServedRightOrRefused() {
    String seed = String.valueOf(System.nanoTime());
    String result = DamageSimulation.runFast("0.5", "0.05", seed, "2");
    System.out.println("DamageSimulationTest: a sample, seed " + seed + "\n" + result);
    assertThat(result).contains("wrong answers 0, untyped 0").doesNotContain("VIOLATION");
    Matcher all = Pattern.compile("(?m)^all +([0-9,]+) +([0-9,]+) +([0-9,]+)$").matcher(result);
    assertThat(all.find()).isTrue();
    assertThat(number(all.group(1))).isGreaterThan(LEAST);
    assertThat(number(all.group(2))).isPositive();
    assertThat(number(all.group(3))).isPositive();
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  /** A defect, and what a violation that shows it holds. */
  private record Defect(String shown, Patch patch) {}

  static List<Defect> defects() {
    return List.of(
        new Defect(
            "WRONG plain:",
            new Patch(
                "snapshot/BlockReader",
                "if (LittleEndian.getInt(bytes, start + length) != expected) {",
                "if (length < 0) {")),
        new Defect(
            "WRONG plain:wal-",
            new Patch(
                "wal/WalReader",
                "if (found != expected && (chain == otherChain",
                "if (found != expected && expected == 0 && (chain == otherChain")),
        new Defect(
            ":PARTS:",
            new Patch("snapshot/BlockWriter", ".u32(headerCrc).u32(index)", ".u32(headerCrc)")),
        new Defect(
            ":SWAP:",
            new Patch("storage/FileHeader", "if (!storeId.equals(id)) {", "if (number < 0) {")),
        new Defect(
            "UNTYPED plain:manifest-",
            new Patch(
                "storage/FileHeader",
                "throw new CorruptDataException(file, 0, \"it does",
                "throw new IllegalStateException(\"it does")));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void aDefectIsNoticed(Defect defect) {
    PatchedCore core = PatchedCore.with(List.of(PatchedCore.SMALL_ARENA, defect.patch()));
    String result = core.call("DamageSimulation", "run", "1", "0", "1", "2");
    assertThat(result.lines())
        .anyMatch(line -> line.startsWith("VIOLATION ") && line.contains(defect.shown()));
  }

  @Test
  void aDamageThatAViolationNamesIsRepeated() {
    String damage = "plain:segment-0000000000000001.evec:FLIP:800000";
    assertThat(DamageSimulation.reproduce(damage))
        .isEqualTo(damage + " (bit 0 of byte 100000 flipped): REFUSED CORRUPT");
  }
}
