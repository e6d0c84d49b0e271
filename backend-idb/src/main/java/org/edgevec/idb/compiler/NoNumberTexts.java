package org.edgevec.idb.compiler;

import java.util.Map;
import java.util.Set;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Leaves the formatting of floats and doubles out of WebAssembly, where nothing prints one: numbers
 * go to JavaScript as numbers, and no message holds any that is not whole.
 *
 * <p>The compiler cannot know. A list's {@code toString} calls that of whatever may lie in it, so
 * the few methods here would bring a kilobyte of the download along. They return null instead. The
 * compiler finds this class by {@code META-INF/services}.
 */
public final class NoNumberTexts implements TeaVMPlugin {

  private static final Map<String, Set<String>> TEXTS =
      Map.of("org.edgevec.Hit", Set.of("toString"), "java.lang.Double", Set.of("toString"));

  @Override
  public void install(TeaVMHost host) {
    host.add(new EmptyMethods(TEXTS));
  }
}
