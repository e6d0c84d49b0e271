package org.edgevec.teavm;

import java.util.Map;
import java.util.Set;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Makes {@code Throwable.addSuppressed} do nothing in WebAssembly.
 *
 * <p>TeaVM 0.15 never makes the array that it adds to: the call traps, no {@code catch} sees that,
 * and the promise that somebody awaits is never settled. JavaScript is only given the first
 * exception anyway. The compiler finds this class by {@code META-INF/services}.
 */
public final class NoSuppressedExceptions implements TeaVMPlugin {

  @Override
  public void install(TeaVMHost host) {
    host.add(new EmptyMethods(Map.of("java.lang.Throwable", Set.of("addSuppressed"))));
  }
}
