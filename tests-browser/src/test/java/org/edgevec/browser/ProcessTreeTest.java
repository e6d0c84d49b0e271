package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
class ProcessTreeTest {

  private Process process;

  @AfterEach
  void endWhatIsLeft() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Test
  void whatAProcessStartedEndsWithIt() throws IOException, InterruptedException {
    start("trap '' TERM; sleep 1000 & sleep 1000");
    List<ProcessHandle> children = awaitChildren(2);
    ProcessTree.kill(List.of(process.toHandle()));
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    // Their new parent, process 1, may take its time to ask for their status.
    children.forEach(child -> assertThat(ProcessTree.hasEnded(child)).isTrue());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatNobodyBuriesIsNotWaitedFor() throws IOException, InterruptedException {
    start("sleep 1000 & exec sleep 1000");
    List<ProcessHandle> children = awaitChildren(1);
    ProcessTree.kill(children);
    assertThat(children.get(0).isAlive()).as("a zombie counts as alive").isTrue();
    assertThat(process.isAlive()).isTrue();
  }

  private void start(String script) throws IOException {
    process = new ProcessBuilder("sh", "-c", script).start();
  }

  private List<ProcessHandle> awaitChildren(int count) throws InterruptedException {
    while (process.descendants().count() < count) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return process.descendants().toList();
  }
}
