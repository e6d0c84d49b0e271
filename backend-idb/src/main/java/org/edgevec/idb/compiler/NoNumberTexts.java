package org.edgevec.idb.compiler;

import java.util.Map;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.MethodHolder;
import org.teavm.model.ValueType;
import org.teavm.model.emit.ProgramEmitter;
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
public final class NoNumberTexts implements TeaVMPlugin, ClassHolderTransformer {

  private static final Map<String, String> WITHOUT_TEXT =
      Map.of("org.edgevec.Hit", "toString", "java.lang.Double", "toString");

  @Override
  public void install(TeaVMHost host) {
    host.add(this);
  }

  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    String name = WITHOUT_TEXT.get(type.getName());
    for (MethodHolder method : type.getMethods()) {
      if (method.getName().equals(name) && method.getResultType() != ValueType.VOID) {
        ProgramEmitter body = ProgramEmitter.create(method, context.getHierarchy());
        body.constantNull(method.getResultType()).returnValue();
      }
    }
  }
}
