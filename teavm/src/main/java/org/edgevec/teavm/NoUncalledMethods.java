package org.edgevec.teavm;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.teavm.dependency.AbstractDependencyListener;
import org.teavm.dependency.DependencyAgent;
import org.teavm.dependency.DependencyListener;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHierarchy;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ClassReader;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.ValueType;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Leaves methods out of the package that nothing in it calls and that the compiler takes for
 * called: how collections and records are compared and printed, and how numbers and constants are
 * ordered.
 *
 * <p>A map asks its keys whether they are equal, so the compiler keeps {@code equals} of whatever
 * may ever be an object, and {@code toString} likewise. Of those methods {@code toString} gives a
 * fixed text here and the others throw. A call that can be seen to reach one of them fails the
 * build, as does a class that is named here and is not compiled.
 *
 * <p>For the package only, which names this class in {@code META-INF/services}: tests that are
 * compiled for browsers compare collections.
 */
public final class NoUncalledMethods extends AbstractDependencyListener
    implements TeaVMPlugin, ClassHolderTransformer {

  private static final Set<String> OF_VALUES = Set.of("equals", "hashCode", "toString");

  private static final Map<String, Set<String>> METHODS =
      Map.ofEntries(
          Map.entry("java.lang.Class", Set.of("toString")),
          Map.entry("java.lang.Double", Set.of("compareTo")),
          Map.entry("java.lang.Enum", Set.of("compareTo")),
          Map.entry("java.lang.Integer", Set.of("compareTo")),
          Map.entry("java.lang.Object", Set.of("toString")),
          Map.entry("java.util.AbstractCollection", Set.of("toString")),
          Map.entry("java.util.AbstractList", Set.of("equals", "hashCode")),
          Map.entry("java.util.AbstractMap", OF_VALUES),
          Map.entry("java.util.AbstractMap$SimpleEntry", OF_VALUES),
          Map.entry("java.util.AbstractSet", Set.of("equals", "hashCode")),
          Map.entry("java.util.ArrayList", Set.of("hashCode", "toString")),
          Map.entry("org.edgevec.CheckpointPolicy", OF_VALUES),
          Map.entry("org.edgevec.Entry", OF_VALUES),
          Map.entry("org.edgevec.Hit", OF_VALUES),
          Map.entry("org.edgevec.HnswOptions", OF_VALUES),
          Map.entry("org.edgevec.Metadata", OF_VALUES),
          Map.entry("org.edgevec.Options", OF_VALUES),
          Map.entry("org.edgevec.RecoveryReport", OF_VALUES),
          Map.entry("org.edgevec.SalvageReport", OF_VALUES),
          Map.entry("org.edgevec.SearchRequest", OF_VALUES),
          Map.entry("org.edgevec.Stats", OF_VALUES),
          Map.entry("org.edgevec.VerifyReport", OF_VALUES),
          Map.entry("org.edgevec.VerifyReport$Damage", OF_VALUES));

  /** Methods of records that are called. */
  private static final Map<String, Set<String>> CALLED =
      Map.of("org.edgevec.storage.StoreId", Set.of("equals"));

  private static final List<String> COLLECTIONS = List.of("java.util.Collection", "java.util.Map");

  private final Set<String> missing = new TreeSet<>(METHODS.keySet());

  @Override
  public void install(TeaVMHost host) {
    host.add((ClassHolderTransformer) this);
    host.add((DependencyListener) this);
  }

  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    missing.remove(type.getName());
    Set<String> uncalled = uncalled(type);
    Set<String> absent = new TreeSet<>(uncalled);
    type.getMethods().forEach(method -> absent.remove(method.getName()));
    if (!absent.isEmpty()) {
      throw new IllegalStateException(type.getName() + " has no " + absent + " to be left out.");
    }
    for (MethodHolder method : type.getMethods()) {
      if (uncalled.contains(method.getName()) && method.getProgram() != null) {
        leaveOut(method, context);
      } else if (type.getName().startsWith("org.edgevec.")) {
        checkCalls(method, context);
      }
    }
  }

  private static Set<String> uncalled(ClassReader type) {
    Set<String> named = METHODS.get(type.getName());
    if (named != null) {
      return named;
    }
    if (!"java.lang.Record".equals(type.getParent())) {
      return Set.of();
    }
    Set<String> uncalled = new TreeSet<>(OF_VALUES);
    uncalled.removeAll(CALLED.getOrDefault(type.getName(), Set.of()));
    return uncalled;
  }

  private static void leaveOut(MethodHolder method, ClassHolderTransformerContext context) {
    ProgramEmitter body = ProgramEmitter.create(method, context.getHierarchy());
    if (method.getResultType().equals(ValueType.object("java.lang.String"))) {
      body.constant("(a value)").returnValue();
    } else {
      body.construct("java.lang.IllegalStateException", body.constant("left out")).raise();
    }
  }

  /** Fails where a method calls one that is left out, as far as the type it names tells. */
  private static void checkCalls(MethodHolder method, ClassHolderTransformerContext context) {
    if (method.getProgram() == null || OF_VALUES.contains(method.getName())) {
      return;
    }
    for (BasicBlock block : method.getProgram().getBasicBlocks()) {
      for (Instruction instruction : block) {
        if (instruction instanceof InvokeInstruction call
            && isLeftOut(call.getMethod(), context.getHierarchy())) {
          throw new IllegalStateException(
              method.getReference() + " calls " + call.getMethod() + ", which is left out.");
        }
      }
    }
  }

  private static boolean isLeftOut(MethodReference method, ClassHierarchy hierarchy) {
    String owner = method.getClassName();
    String name = method.getName();
    if (!OF_VALUES.contains(name) && !name.equals("compareTo")) {
      return false;
    }
    if (OF_VALUES.contains(name) && COLLECTIONS.stream().anyMatch(isAbove(owner, hierarchy))) {
      return true;
    }
    ClassReader type = hierarchy.getClassSource().get(owner);
    if (type != null && uncalled(type).contains(name)) {
      return !owner.equals("java.lang.Object"); // Any object's; the type does not tell.
    }
    return name.equals("compareTo") && isAbove(owner, hierarchy).test("java.lang.Enum");
  }

  private static Predicate<String> isAbove(String type, ClassHierarchy hierarchy) {
    return above -> hierarchy.isSuperType(above, type, false);
  }

  @Override
  public void completing(DependencyAgent agent) {
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          missing
              + " of "
              + getClass().getSimpleName()
              + " are not compiled; take them out of it.");
    }
  }
}
