package org.edgevec.idb.compiler;

import java.util.Map;
import java.util.Set;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Leaves the search graph out of WebAssembly: none is built, loaded or written there, and every
 * search scores all vectors.
 *
 * <p>Its code would add 10 KB to a download that is to stay below 100. A graph is derived data, so
 * a database goes back and forth all the same: a graph file that the JVM wrote is kept for as long
 * as a snapshot names it, and checked block by block, and the JVM builds another where there is
 * none. The compiler finds this class by {@code META-INF/services}.
 */
public final class NoGraph implements TeaVMPlugin {

  private static final Map<String, Set<String>> REACHES_THE_GRAPH =
      Map.of(
          "org.edgevec.IndexMaintenance", Set.of("afterOpen", "afterWrite"),
          "org.edgevec.index.VectorIndex", Set.of("walk"),
          "org.edgevec.table.Table", Set.of("takeGraphAlong"),
          "org.edgevec.snapshot.SnapshotReader", Set.of("loadGraph"),
          "org.edgevec.snapshot.SnapshotManager", Set.of("writeGraph"),
          "org.edgevec.snapshot.GraphFormat", Set.of("read"));

  @Override
  public void install(TeaVMHost host) {
    host.add(new EmptyMethods(REACHES_THE_GRAPH));
  }
}
