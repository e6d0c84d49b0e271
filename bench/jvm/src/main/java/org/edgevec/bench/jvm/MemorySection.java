package org.edgevec.bench.jvm;

import org.edgevec.bench.Report;
import org.edgevec.bench.Table;

/** The heap that an entry takes: its vector, its place in the graph, its id. */
final class MemorySection implements Section {

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Memory");
    Table table =
        new Table(
            "Heap for each entry, bytes",
            "store",
            "after writing",
            "after opening",
            "the floats alone",
            "the rest, after opening");
    int count = settings.size(2_000, 100_000);
    for (int dimension : settings.isQuick() ? new int[] {16} : new int[] {128, 768}) {
      try (Child child = settings.startEdgeVec(MemoryTask.class)) {
        MemoryTask.Measure measure =
            new MemoryTask.Measure(
                settings.work().resolve("memory").toString(),
                count,
                dimension,
                settings.parameters());
        MemoryTask.Heap heap = child.ask("measure", measure, MemoryTask.Heap.class);
        int floats = dimension * Float.BYTES;
        table.row(
            String.format("%,d × %d", count, dimension),
            String.format("%,d", heap.written() / count),
            String.format("%,d", heap.opened() / count),
            String.format("%,d", floats),
            String.format("%,d", heap.opened() / count - floats));
        Progress.tell("memory: %,d × %d", count, dimension);
      }
    }
    report.text(
        "Used heap after garbage collections, less what was used before the database was opened; M "
            + settings.parameters().m()
            + ", ids of up to 5 characters, no metadata.");
    report.table(table);
  }
}
