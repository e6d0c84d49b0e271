package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageBackendContract;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CrashStorageTest {

  private final SimulatedDisk disk = SimulatedDisk.empty();

  @TestFactory
  Stream<DynamicTest> keepsTheContract() {
    return StorageBackendContract.cases().stream()
        .map(
            contractCase ->
                DynamicTest.dynamicTest(
                    contractCase.name(),
                    () -> {
                      SimulatedDisk fresh = SimulatedDisk.empty();
                      contractCase.run(() -> CrashStorage.open(fresh));
                    }));
  }

  /** All that a power cut may leave, as texts: name=content, where # is a byte by chance. */
  private Set<String> states() {
    Set<String> states = new HashSet<>();
    CrashStates.forEach(
        disk,
        1,
        (index, image) -> {
          StringBuilder text = new StringBuilder();
          image
              .files()
              .forEach(
                  (name, bytes) -> {
                    text.append(name.replaceAll("\\.tmp-.*", "~")).append('=');
                    for (byte b : bytes) {
                      text.append(b == 0 ? '0' : b >= 'a' && b <= 'z' ? (char) b : '#');
                    }
                    text.append(' ');
                  });
          states.add(text.toString().strip());
          return true;
        });
    return states;
  }

  private static void append(CrashStorage storage, String name, String text) {
    storage.append(
        name, text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, text.length());
  }

  @Test
  void whatIsSyncedSurvivesAndNothingElseMust() {
    CrashStorage storage = CrashStorage.open(disk);
    append(storage, "f", "abcd");
    assertThat(states()).contains("", "f=", "f=abcd", "f=a", "f=abc", "f=00cd", "f=ab00", "f=0000");
    storage.sync("f", Durability.STRICT);
    assertThat(states()).containsExactly("f=abcd");
    append(storage, "f", "xyz");
    assertThat(states()).contains("f=abcd", "f=abcdx", "f=abcd0yz", "f=abcdxyz");
    assertThat(states()).allMatch(state -> state.startsWith("f=abcd"));
  }

  @Test
  void aRelaxedSyncMakesNothingDurable() {
    CrashStorage storage = CrashStorage.open(disk);
    append(storage, "f", "abcd");
    storage.sync("f", Durability.RELAXED);
    assertThat(states()).contains("", "f=ab00");
  }

  @Test
  void writesToTwoFilesArriveInAnyOrder() {
    CrashStorage storage = CrashStorage.open(disk);
    append(storage, "f", "a");
    append(storage, "g", "b");
    assertThat(states()).contains("", "f=a", "g=b", "f=a g=b", "f= g=b");
  }

  @Test
  void aDeletedFileMayComeBackWhole() {
    CrashStorage storage = CrashStorage.open(disk);
    append(storage, "f", "ab");
    storage.sync("f", Durability.STRICT);
    storage.delete("f");
    assertThat(states()).containsExactlyInAnyOrder("", "f=ab");
  }

  @Test
  void aTruncateMayBeLost() {
    CrashStorage storage = CrashStorage.open(disk);
    append(storage, "f", "abcd");
    storage.sync("f", Durability.STRICT);
    storage.truncate("f", 2);
    assertThat(states()).containsExactlyInAnyOrder("f=abcd", "f=ab");
    storage.sync("f", Durability.STRICT);
    assertThat(states()).containsExactly("f=ab");
  }

  @Test
  void anAtomicWriteLeavesTheOldOrTheNewAtEachStep() {
    Set<String> seen = new HashSet<>();
    CrashStorage.Watch watch =
        new CrashStorage.Watch() {
          @Override
          public void after(CrashStorage storage, CrashStorage.Step step, String name) {
            seen.addAll(states());
          }
        };
    CrashStorage storage =
        CrashStorage.open(
            disk, watch, ProtocolCheck.rules(), java.util.EnumSet.noneOf(CrashStorage.Flaw.class));
    byte[] old = {'o'};
    byte[] fresh = {'n', 'n'};
    storage.atomicWrite("f", sink -> sink.write(old, 0, 1));
    seen.clear();
    storage.atomicWrite(
        "f",
        sink -> {
          sink.write(fresh, 0, 1);
          sink.write(fresh, 1, 1);
        });
    assertThat(seen).contains("f=o", "f=o f~=", "f=o f~=n", "f=o f~=nn", "f=nn");
    assertThat(seen).allMatch(state -> state.startsWith("f=o") || state.equals("f=nn"));
    assertThat(states()).containsExactly("f=nn");
  }

  @Test
  void moreThanTenPendingChangesAreSampled() {
    CrashStorage storage = CrashStorage.open(disk);
    for (int i = 0; i < 15; i++) {
      append(storage, "f" + i, "a");
    }
    assertThat(states()).hasSizeGreaterThan(500).contains("");
  }

  @Test
  void aKilledProcessLosesNothingAndLeavesItPending() {
    CrashStorage storage = CrashStorage.open(disk);
    append(storage, "f", "ab");
    SimulatedDisk killed = disk.afterKill();
    append(storage, "f", "cd");
    CrashStorage next = CrashStorage.open(killed);
    assertThat(next.size("f")).isEqualTo(2);
    assertThat(killed.durableImage().files().get("f")).isEmpty();
  }
}
