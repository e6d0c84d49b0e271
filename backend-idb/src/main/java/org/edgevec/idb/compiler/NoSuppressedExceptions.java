package org.edgevec.idb.compiler;

import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.MethodHolder;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Makes {@code Throwable.addSuppressed} do nothing in WebAssembly.
 *
 * <p>TeaVM 0.15 never makes the array that it adds to: the call traps, no {@code catch} sees that,
 * and the promise that somebody awaits is never settled. JavaScript is only given the first
 * exception anyway. The compiler finds this class by {@code META-INF/services}.
 */
public final class NoSuppressedExceptions implements TeaVMPlugin, ClassHolderTransformer {

  @Override
  public void install(TeaVMHost host) {
    host.add(this);
  }

  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    if (type.getName().equals("java.lang.Throwable")) {
      for (MethodHolder method : type.getMethods()) {
        if (method.getName().equals("addSuppressed")) {
          ProgramEmitter.create(method, context.getHierarchy()).exit();
        }
      }
    }
  }
}
