package org.edgevec.teavm;

import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.instructions.PutFieldInstruction;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Keeps all threads that wait to enter a monitor.
 *
 * <p>When a monitor becomes free, TeaVM 0.15 lets in the first thread that waits for it and then
 * forgets the queue with the others, which wait for ever. Here it does not forget the queue; the
 * next one is let in when the first leaves.
 */
public final class AllWaitingThreads implements TeaVMPlugin, ClassHolderTransformer {

  @Override
  public void install(TeaVMHost host) {
    host.add(this);
  }

  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    if (type.getName().equals("java.lang.Object")) {
      int kept = 0;
      for (MethodHolder method : type.getMethods()) {
        if (method.getName().equals("waitForOtherThreads") && method.getProgram() != null) {
          for (BasicBlock block : method.getProgram().getBasicBlocks()) {
            kept += keepQueue(block);
          }
        }
      }
      if (kept != 1) {
        throw new IllegalStateException(
            "TeaVM's monitors forget their queue in "
                + kept
                + " places of Object.waitForOtherThreads, not in one. See whether they still do.");
      }
    }
  }

  /** Returns how often the block forgot the queue. */
  private static int keepQueue(BasicBlock block) {
    int kept = 0;
    for (Instruction instruction : block) {
      if (instruction instanceof PutFieldInstruction put
          && put.getField().getFieldName().equals("enteringThreads")) {
        put.delete();
        kept++;
      }
    }
    return kept;
  }
}
