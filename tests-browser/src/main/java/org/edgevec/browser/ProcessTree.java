package org.edgevec.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Kills processes with all that they started. */
final class ProcessTree {

  private static final long END_SECONDS = 30;

  private ProcessTree() {}

  /**
   * Kills (SIGKILL) the processes and their descendants, and waits until they have ended. The roots
   * come first, so that none of them has the time to tidy up after its children.
   *
   * @throws IllegalStateException if one of them is still there half a minute later
   */
  static void kill(List<ProcessHandle> roots) throws InterruptedException {
    List<ProcessHandle> all =
        Stream.concat(roots.stream(), roots.stream().flatMap(ProcessHandle::descendants))
            .distinct()
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
    for (ProcessHandle process : all) {
      while (!hasEnded(process)) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "Process " + process.pid() + " is there " + END_SECONDS + " seconds after SIGKILL.");
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  /**
   * Whether a process has ended. One whose status nobody has asked for yet (a zombie) has, too: the
   * killed browser's children become those of process 1, which in a container may never ask.
   */
  static boolean hasEnded(ProcessHandle process) {
    if (!process.isAlive()) {
      return true;
    }
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      // No such file: it ended just now, which isAlive will tell, or this is no Linux.
      return false;
    }
  }
}
