package org.edgevec.browser.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.edgevec.browser.bundle.HeldLocks;
import org.jspecify.annotations.Nullable;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.Variable;
import org.teavm.model.instructions.IntegerConstantInstruction;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.model.instructions.PutFieldInstruction;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Has {@link HeldLocks} told of each lock that is taken and given back, and of each coroutine that
 * is about to suspend, so that it can say when one does so with a lock.
 *
 * <p>The browser's {@code ReentrantReadWriteLock} does nothing, which is right as long as nobody
 * waits while he has it. The module that is shipped has neither room nor need for a proof. So the
 * compiler adds the calls, and only to a bundle that has this class on its class path: the module
 * of these tests. What it changes there are the methods of the stand-in, and the one place in
 * TeaVM's {@code Fiber} that every wait passes, be it for a promise, a monitor or a time.
 */
public final class LocksAreWatched implements TeaVMPlugin, ClassHolderTransformer {

  private static final String LOCK = "java.util.concurrent.locks.ReentrantReadWriteLock$";
  private static final Set<String> LOCKS = Set.of(LOCK + "ReadLock", LOCK + "WriteLock");
  private static final String FIBER = "org.teavm.runtime.Fiber";

  /** What {@code Fiber.state} is once it suspends. */
  private static final int SUSPENDING = 1;

  @Override
  public void install(TeaVMHost host) {
    host.add(this);
  }

  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    if (LOCKS.contains(type.getName())) {
      first(theOne("lock", type)).insertPrevious(call("taken"));
      first(theOne("unlock", type)).insertPrevious(call("givenBack"));
    } else if (type.getName().equals(FIBER)) {
      suspension(theOne("suspend", type)).insertPrevious(call("beforeWaiting"));
    }
  }

  private static MethodHolder theOne(String name, ClassHolder type) {
    return theOne(
        type.getMethods().stream().filter(method -> method.getName().equals(name)).toList(),
        name + " in " + type.getName());
  }

  private static <T> T theOne(List<T> found, String what) {
    if (found.size() != 1) {
      throw new IllegalStateException(
          "There should be one " + what + ", and there are " + found.size());
    }
    return found.get(0);
  }

  private static Instruction first(MethodHolder method) {
    return method.getProgram().basicBlockAt(0).getFirstInstruction();
  }

  /** Where a fiber's state becomes that of one that suspends. */
  private static Instruction suspension(MethodHolder suspend) {
    List<Instruction> found = new ArrayList<>();
    for (BasicBlock block : suspend.getProgram().getBasicBlocks()) {
      for (Instruction instruction : block) {
        if (instruction instanceof PutFieldInstruction put
            && put.getField().getFieldName().equals("state")
            && isSuspending(put.getValue(), block)) {
          found.add(put);
        }
      }
    }
    return theOne(found, "place where a fiber suspends");
  }

  private static boolean isSuspending(Variable value, BasicBlock block) {
    @Nullable Integer last = null;
    for (Instruction instruction : block) {
      if (instruction instanceof IntegerConstantInstruction constant
          && constant.getReceiver() == value) {
        last = constant.getConstant();
      }
    }
    return last != null && last == SUSPENDING;
  }

  private static InvokeInstruction call(String name) {
    InvokeInstruction call = new InvokeInstruction();
    call.setType(InvocationType.SPECIAL);
    call.setMethod(new MethodReference(HeldLocks.class, name, void.class));
    return call;
  }
}
