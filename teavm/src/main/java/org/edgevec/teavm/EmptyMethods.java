package org.edgevec.teavm;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.MethodHolder;
import org.teavm.model.ValueType;
import org.teavm.model.emit.ProgramEmitter;

/**
 * Makes methods do nothing, or return null, 0 or false, so that nothing of what they call is
 * compiled.
 */
final class EmptyMethods implements ClassHolderTransformer {

  private final Map<String, Set<String>> names;

  /**
   * @param names of methods, whatever their parameters, by class; one that is not there is an error
   */
  EmptyMethods(Map<String, Set<String>> names) {
    this.names = names;
  }

  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    Set<String> wanted = names.getOrDefault(type.getName(), Set.of());
    Set<String> missing = new TreeSet<>(wanted);
    for (MethodHolder method : type.getMethods()) {
      if (wanted.contains(method.getName())) {
        missing.remove(method.getName());
        empty(method, context);
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(type.getName() + " has no " + missing + " to be left empty");
    }
  }

  private static void empty(MethodHolder method, ClassHolderTransformerContext context) {
    ProgramEmitter body = ProgramEmitter.create(method, context.getHierarchy());
    if (method.getResultType() == ValueType.VOID) {
      body.exit();
    } else {
      boolean isNumber = method.getResultType() instanceof ValueType.Primitive;
      (isNumber ? body.constant(0) : body.constantNull(method.getResultType())).returnValue();
    }
  }
}
