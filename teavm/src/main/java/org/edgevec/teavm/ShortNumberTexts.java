package org.edgevec.teavm;

import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.ValueType;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Has JavaScript write the text of a double, with the shortest digits that read back as the same
 * number, in Java's form.
 *
 * <p>Whatever may be printed brings {@code Double.toString} along, for it may be one, and TeaVM's
 * own way is a kilobyte of the download.
 */
public final class ShortNumberTexts implements TeaVMPlugin, ClassHolderTransformer {

  private static final ValueType TEXT = ValueType.object("java.lang.String");
  private static final MethodDescriptor TO_STRING =
      new MethodDescriptor("toString", ValueType.DOUBLE, TEXT);

  @Override
  public void install(TeaVMHost host) {
    host.add(this);
  }

  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    if (type.getName().equals("java.lang.Double")) {
      MethodHolder method = type.getMethod(TO_STRING);
      if (method == null) {
        throw new IllegalStateException("java.lang.Double has no " + TO_STRING + ".");
      }
      ProgramEmitter body = ProgramEmitter.create(method, context.getHierarchy());
      body.invoke(
              "org.teavm.classlib.impl.text.DoubleAnalyzer",
              "text",
              TEXT,
              body.var(1, ValueType.DOUBLE))
          .returnValue();
    }
  }
}
