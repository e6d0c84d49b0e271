package org.edgevec.teavm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.FieldReference;
import org.teavm.model.MethodHolder;
import org.teavm.model.Program;
import org.teavm.model.ValueType;
import org.teavm.model.instructions.ExitInstruction;
import org.teavm.model.instructions.PutFieldInstruction;

final class AllWaitingThreadsTest {

  @Test
  void theQueueIsNotForgotten() {
    ClassHolder type = objectThatForgets("waitForOtherThreads", "enteringThreads", 1);

    new AllWaitingThreads().transformClass(type, null);

    BasicBlock block = type.getMethods().iterator().next().getProgram().basicBlockAt(0);
    assertThat(block.getFirstInstruction()).isInstanceOf(ExitInstruction.class);
  }

  @Test
  void anotherShapeFailsTheBuild() {
    assertRefused(objectThatForgets("waitForOtherThreads", "enteringThreads", 0), "in 0 places");
    assertRefused(objectThatForgets("waitForOtherThreads", "enteringThreads", 2), "in 2 places");
    assertRefused(objectThatForgets("waitForOthers", "enteringThreads", 1), "in 0 places");
    assertRefused(objectThatForgets("waitForOtherThreads", "queue", 1), "in 0 places");
  }

  private static void assertRefused(ClassHolder type, String why) {
    assertThatThrownBy(() -> new AllWaitingThreads().transformClass(type, null))
        .hasMessageContaining(why);
  }

  private static ClassHolder objectThatForgets(String methodName, String fieldName, int times) {
    ClassHolder type = new ClassHolder("java.lang.Object");
    MethodHolder method = new MethodHolder(methodName, ValueType.VOID);
    Program program = new Program();
    BasicBlock block = program.createBasicBlock();
    IntStream.range(0, times)
        .forEach(
            i -> {
              PutFieldInstruction put = new PutFieldInstruction();
              put.setField(new FieldReference("java.lang.Object$Monitor", fieldName));
              put.setFieldType(ValueType.object("java.util.Queue"));
              put.setValue(program.createVariable());
              block.add(put);
            });
    block.add(new ExitInstruction());
    method.setProgram(program);
    type.addMethod(method);
    return type;
  }
}
