package org.edgevec.idb.compiler;

import java.util.Map;
import java.util.Set;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Leaves out of WebAssembly how values of the public face are compared and printed, and the
 * formatting of floats and doubles: JavaScript gets objects and numbers of its own, and no message
 * holds a number that is not whole.
 *
 * <p>The compiler cannot know. A list's {@code toString} calls that of whatever may lie in it, so
 * the few methods here would bring two kilobytes of the download along. They return null, 0 or
 * false instead. The compiler finds this class by {@code META-INF/services}.
 */
public final class NoValueMethods implements TeaVMPlugin {

  private static final Set<String> OF_VALUES = Set.of("equals", "hashCode", "toString");

  private static final Map<String, Set<String>> METHODS =
      Map.ofEntries(
          Map.entry("java.lang.Double", Set.of("toString")),
          Map.entry("org.edgevec.CheckpointPolicy", OF_VALUES),
          Map.entry("org.edgevec.Entry", OF_VALUES),
          Map.entry("org.edgevec.Hit", OF_VALUES),
          Map.entry("org.edgevec.HnswOptions", OF_VALUES),
          Map.entry("org.edgevec.Options", OF_VALUES),
          Map.entry("org.edgevec.RecoveryReport", OF_VALUES),
          Map.entry("org.edgevec.SalvageReport", OF_VALUES),
          Map.entry("org.edgevec.SearchRequest", OF_VALUES),
          Map.entry("org.edgevec.Stats", OF_VALUES),
          Map.entry("org.edgevec.VerifyReport", OF_VALUES),
          Map.entry("org.edgevec.VerifyReport$Damage", OF_VALUES));

  @Override
  public void install(TeaVMHost host) {
    host.add(new EmptyMethods(METHODS));
  }
}
