package org.edgevec.crash;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The rules of the storage in files are left out, one at a time, and a test must fail. */
class FileRuleMutantTest {

  private static final String FENCE = "org.edgevec.file.FenceTest";
  private static final String FOLDER = "org.edgevec.file.FileStorageFolderTest";
  private static final String REFUSED = "everyChangeOfAFolderThatWasTakenIsRefused";

  private static List<RuleMutant> fence() {
    return List.of(
        RuleMutant.of(
            "no look after a sync",
            "file/FileStorage",
            "      // Last: who looks after the sync may tell of it.\n      lock.file().check();\n",
            "",
            FENCE,
            "aDatabaseWhoseFolderWasTakenReadsOn"),
        RuleMutant.of(
            "no look before a step",
            "file/LockFile",
            "              check();\n              change.run();",
            "              change.run();",
            FENCE,
            REFUSED,
            "REMOVED"),
        RuleMutant.of(
            "no look before a truncation",
            "file/FileStorage",
            "      lock.file().check();\n      openFiles.appendFile(name).truncate(size);",
            "      openFiles.appendFile(name).truncate(size);",
            FENCE,
            REFUSED,
            "REMOVED"),
        RuleMutant.of(
            "token not looked at",
            "file/LockFile",
            "Arrays.equals(seen, token) ? null : \"was taken\"",
            "Arrays.equals(seen, token) ? null : null",
            FENCE,
            REFUSED,
            "TOKEN_OF_ANOTHER"),
        RuleMutant.of(
            "which file it is not looked at",
            "file/LockFile",
            "if (!Objects.equals(now, identity)) {",
            "if (now == identity) {",
            FENCE,
            REFUSED,
            "REPLACED"),
        RuleMutant.of(
            "a log that may grow is kept",
            "file/FileStorage",
            "return name.equals(inherited);",
            "return false;",
            FENCE,
            "aLogThatMayStillGrowIsReplacedAndThenGrowsForNobody"),
        RuleMutant.of(
            "who only reads says that it is closed",
            "file/FileStorage",
            "      if (inherited == null) {\n        closing.run",
            "      if (closed) {\n        closing.run",
            FENCE,
            "whoOnlyReadsLeavesALogThatMayGrowToTheNext"));
  }

  private static List<RuleMutant> folder() {
    return List.of(
        RuleMutant.of(
            "a link at a new file's name followed",
            "file/AppendFile",
            "lock.step(() -> Files.createFile(path));",
            "lock.step(() -> {});",
            FOLDER,
            "aLinkAtTheNameOfANewFileIsNotFollowed"),
        RuleMutant.of(
            "temporary files of others removed",
            "file/FileNames",
            "return isTemporary(name) && StoreFiles.isStoreFile(name.substring(0, infix));",
            "return isTemporary(name);",
            FOLDER,
            "leftoversOfAtomicWritesAreRemovedAndNothingElse"),
        RuleMutant.of(
            "hidden things fill a folder",
            "file/DatabaseFolder",
            "return name.startsWith(\".\")\n        || name.equals(\"lost+found\")",
            "return name.startsWith(\".\")",
            FOLDER,
            "aFolderThatHoldsOnlyHiddenThingsIsEmpty",
            "lost+found"),
        RuleMutant.of(
            "an error in opening keeps the lock",
            "file/FileStorage",
            "      if (!isOpen) {\n        lock.release();\n      }",
            "",
            "org.edgevec.file.FileStorageLockTest",
            "anErrorOfTheJvmLeavesNothingLocked"));
  }

  @TestFactory
  Stream<DynamicTest> everyRuleIsMissedWhenItIsLeftOut() {
    return RuleMutant.tests(Stream.concat(fence().stream(), folder().stream()).toList());
  }
}
