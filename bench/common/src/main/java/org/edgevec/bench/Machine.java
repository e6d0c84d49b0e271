package org.edgevec.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What figures were measured on.
 *
 * @param cpu the processor's name, or "unknown processor"
 * @param processors how many the JVM may use
 * @param os name, version and architecture
 * @param jdk vendor and version of the JVM that runs the benchmark
 * @param date in UTC
 */
public record Machine(String cpu, int processors, String os, String jdk, LocalDate date) {

  private static final Path LINUX_CPUS = Path.of("/proc/cpuinfo");

  /** This machine, now. */
  public static Machine current() {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        String.join(
            " ",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch")),
        System.getProperty("java.vm.vendor") + " JDK " + System.getProperty("java.runtime.version"),
        LocalDate.now(ZoneOffset.UTC));
  }

  private static String processorName() {
    try {
      if (Files.isReadable(LINUX_CPUS)) {
        return processorName(Files.readAllLines(LINUX_CPUS, StandardCharsets.UTF_8));
      }
      return firstLine("sysctl", "-n", "machdep.cpu.brand_string");
    } catch (IOException e) {
      return "unknown processor";
    }
  }

  private static String processorName(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown processor");
  }

  private static String firstLine(String... command) throws IOException {
    try (var reader = new ProcessBuilder(command).start().inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      return line == null ? "unknown processor" : line;
    }
  }

  /** One line for people. */
  public String description() {
    return String.format("%s, %d processors; %s; %s; %s", cpu, processors, os, jdk, date);
  }
}
