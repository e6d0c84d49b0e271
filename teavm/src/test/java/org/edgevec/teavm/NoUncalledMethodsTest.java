package org.edgevec.teavm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.teavm.cache.IncrementalDependencyRegistration;
import org.teavm.diagnostics.Diagnostics;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHierarchy;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderSource;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.MethodHolder;
import org.teavm.model.ReferenceCache;
import org.teavm.model.instructions.RaiseInstruction;
import org.teavm.model.util.ProgramUtils;
import org.teavm.parsing.ClasspathClassHolderSource;

final class NoUncalledMethodsTest {

  private static final ClassHolderSource CLASSES =
      new ClasspathClassHolderSource(new ReferenceCache());

  private record Pair(int first, int second) {}

  private static final class Comparing {
    static boolean areEqual(List<String> a, Object b) {
      return a.equals(b);
    }
  }

  private static final class Sorting {
    static int order(Thread.State a, Thread.State b) {
      return a.compareTo(b);
    }
  }

  private static final class Asking {
    static boolean isSame(Object a, Object b, String text) {
      return a.equals(b) && text.equals(b);
    }
  }

  @Test
  void recordsAreNeitherComparedNorPrinted() {
    ClassHolder type = transformed(Pair.class);

    assertThat(isThrowing(type, "equals")).isTrue();
    assertThat(isThrowing(type, "hashCode")).isTrue();
    assertThat(isThrowing(type, "toString")).isFalse();
    assertThat(isThrowing(type, "first")).isFalse();
  }

  @Test
  void whatIsCalledOfARecordStays() {
    ClassHolder type = new ClassHolder("org.edgevec.storage.StoreId");
    type.setParent("java.lang.Record");
    for (MethodHolder method : List.copyOf(CLASSES.get(Pair.class.getName()).getMethods())) {
      if (method.getName().matches("equals|hashCode|toString")) {
        MethodHolder copy = new MethodHolder(method.getDescriptor());
        copy.setProgram(ProgramUtils.copy(method.getProgram()));
        type.addMethod(copy);
      }
    }
    new NoUncalledMethods().transformClass(type, new Context());

    assertThat(isThrowing(type, "equals")).isFalse();
    assertThat(isThrowing(type, "hashCode")).isTrue();
  }

  @Test
  void aCallOfWhatIsLeftOutFailsTheBuild() {
    assertThatThrownBy(() -> transformed(Comparing.class))
        .hasMessageContaining("areEqual")
        .hasMessageContaining("java.util.List.equals")
        .hasMessageContaining("left out");
    assertThatThrownBy(() -> transformed(Sorting.class)).hasMessageContaining("compareTo");
  }

  @Test
  void aCallWhoseTargetIsUnknownPasses() {
    assertThat(transformed(Asking.class)).isNotNull();
  }

  @Test
  void aMethodThatIsNotThereFailsTheBuild() {
    ClassHolder type = new ClassHolder("java.util.AbstractList");

    assertThatThrownBy(() -> new NoUncalledMethods().transformClass(type, new Context()))
        .hasMessageContaining("java.util.AbstractList has no [equals, hashCode]");
  }

  @Test
  void aClassThatIsNotCompiledFailsTheBuild() {
    assertThatThrownBy(() -> new NoUncalledMethods().completing(null))
        .hasMessageContaining("java.util.AbstractMap")
        .hasMessageContaining("not compiled");
  }

  private static ClassHolder transformed(Class<?> type) {
    ClassHolder holder = CLASSES.get(type.getName());
    new NoUncalledMethods().transformClass(holder, new Context());
    return holder;
  }

  private static boolean isThrowing(ClassHolder type, String name) {
    for (MethodHolder method : type.getMethods()) {
      if (method.getName().equals(name)) {
        for (BasicBlock block : method.getProgram().getBasicBlocks()) {
          if (block.getLastInstruction() instanceof RaiseInstruction) {
            return true;
          }
        }
        return false;
      }
    }
    throw new AssertionError(name);
  }

  private static final class Context implements ClassHolderTransformerContext {
    @Override
    public ClassHierarchy getHierarchy() {
      return new ClassHierarchy(CLASSES);
    }

    @Override
    public Diagnostics getDiagnostics() {
      throw new UnsupportedOperationException();
    }

    @Override
    public IncrementalDependencyRegistration getIncrementalCache() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isObfuscated() {
      return true;
    }

    @Override
    public boolean isStrict() {
      return false;
    }

    @Override
    public String getEntryPoint() {
      return "main";
    }

    @Override
    public void submit(ClassHolder type) {
      throw new UnsupportedOperationException();
    }
  }
}
