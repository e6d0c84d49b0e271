package org.edgevec.file;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.edgevec.storage.StorageBackendContract;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class FileStorageContractTest {

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> keepsTheContract() {
    List<StorageBackendContract.Case> cases = StorageBackendContract.cases();
    return IntStream.range(0, cases.size()).mapToObj(i -> test(cases.get(i), "case-" + i));
  }

  private DynamicTest test(StorageBackendContract.Case contractCase, String subfolder) {
    return DynamicTest.dynamicTest(
        contractCase.name(),
        () -> contractCase.run(() -> FileStorage.open(folder.resolve(subfolder))));
  }
}
