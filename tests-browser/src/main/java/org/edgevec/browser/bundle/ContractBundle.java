package org.edgevec.browser.bundle;

import java.util.List;
import java.util.stream.Collectors;
import org.edgevec.GoldenScript;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.idb.IndexedDbStorage;
import org.edgevec.storage.StorageBackendContract;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSExport;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Int32Array;

/**
 * Core's storage contract and golden script against {@link IndexedDbStorage}, and its contract of
 * arenas against the browser's, and the matrix of data shapes, for a page to call.
 *
 * <p>The cases and their assertions are the very classes that the JVM's tests run.
 */
public final class ContractBundle {

  private ContractBundle() {}

  /** TeaVM needs one; the exports are the way in. */
  public static void main(String[] args) {}

  /** The names of the contract's cases, one a line, in order. */
  @JSExport
  public static String caseNames() {
    return StorageBackendContract.cases().stream()
        .map(StorageBackendContract.Case::name)
        .collect(Collectors.joining("\n"));
  }

  /** Runs a case on the storage of that name, which must be new. Resolves to "kept". */
  @JSExport
  public static JSPromise<JSString> runCase(int index, String storageName) {
    List<StorageBackendContract.Case> cases = StorageBackendContract.cases();
    return inThread(
        () -> {
          cases.get(index).run(() -> IndexedDbStorage.open(storageName));
          return "kept";
        });
  }

  /**
   * Writes a golden store, "plain", "linked", "copies" or "values", to a new storage. Resolves to
   * "written".
   */
  @JSExport
  public static JSPromise<JSString> writeGolden(String storageName, String kind) {
    return inThread(
        () -> {
          IndexedDbStorage storage = IndexedDbStorage.open(storageName);
          switch (kind) {
            case "linked" -> GoldenScript.writeLinked(storage);
            case "copies" -> GoldenScript.writeCopies(storage);
            case "values" -> GoldenScript.writeValues(storage);
            default -> GoldenScript.write(storage);
          }
          return "written";
        });
  }

  /** Opens a storage and checks that it holds that golden store. Resolves to "right". */
  @JSExport
  public static JSPromise<JSString> checkGolden(String storageName, String kind) {
    return inThread(
        () -> {
          IndexedDbStorage storage = IndexedDbStorage.open(storageName);
          try (VectorDatabase db = VectorDatabase.open(storage, Options.existing())) {
            switch (kind) {
              case "linked" -> GoldenScript.checkLinked(db);
              case "copies" -> GoldenScript.checkCopies(db);
              case "values" -> GoldenScript.checkValues(db);
              default -> GoldenScript.check(db);
            }
          }
          return "right";
        });
  }

  /** Whether vectors lie in linear memory here. */
  @JSExport
  public static boolean isLinear() {
    return ArenaCases.isLinear();
  }

  /** The names of the arena's cases, one a line, in order: the contract's, or linear memory's. */
  @JSExport
  public static String arenaCaseNames(boolean linear) {
    return arenaCases(linear).stream().map(ArenaCases.Case::name).collect(Collectors.joining("\n"));
  }

  /** Runs one of them. Returns "kept" or what was not. */
  @JSExport
  public static String runArenaCase(boolean linear, int index) {
    try {
      arenaCases(linear).get(index).body().accept(new ArenaCases());
      return "kept";
    } catch (Throwable e) { // an AssertionError above all
      return describe(e);
    }
  }

  private static List<ArenaCases.Case> arenaCases(boolean linear) {
    return linear ? ArenaCases.LINEAR : ArenaCases.CONTRACT;
  }

  /** The cells of a round of the matrix, one a line, in order. */
  @JSExport
  public static String matrixCells() {
    return MatrixCases.cells();
  }

  /** Holds one of them to its bar. Resolves to "kept" or to what does not hold, one a line. */
  @JSExport
  public static JSPromise<JSString> runMatrixCell(int index) {
    return inThread(() -> MatrixCases.run(index));
  }

  /** Takes the data that {@link #matrixBuild} and {@link #matrixSearch} are about. */
  @JSExport
  public static void matrixLoad(
      String metric, int dimension, Float32Array base, Float32Array queries, Float32Array sample) {
    MatrixIndexes.load(Metric.valueOf(metric), dimension, base, queries, sample);
  }

  /** Builds an index of the data, as shipped or walked by floats. Resolves to "built". */
  @JSExport
  public static JSPromise<JSString> matrixBuild(boolean floats, int m, int efConstruction) {
    return inThread(() -> MatrixIndexes.build(floats, m, efConstruction));
  }

  /** The ordinals that each query, or each vector of the sample, finds: k for each, -1 for none. */
  @JSExport
  public static Int32Array matrixSearch(boolean floats, boolean sample, int k, int efSearch) {
    return Int32Array.copyFromJavaArray(MatrixIndexes.search(floats, sample, k, efSearch));
  }

  /** How many searches of an index walked again, or -1. */
  @JSExport
  public static double matrixWalkedAgain(boolean floats) {
    return MatrixIndexes.walkedAgain(floats);
  }

  /** Closes both indexes. Resolves to "closed". */
  @JSExport
  public static JSPromise<JSString> matrixClose() {
    return inThread(MatrixIndexes::close);
  }

  /** Waits with a lock. Resolves to what is told of that. */
  @JSExport
  public static JSPromise<JSString> waitWithALock(boolean writes) {
    return inThread(() -> LockCases.waitWithALock(writes));
  }

  /** Lives a database's life. Resolves to how many locks were taken and how often it waited. */
  @JSExport
  public static JSPromise<JSString> live(String storageName) {
    return inThread(() -> LockCases.live(() -> IndexedDbStorage.open(storageName)));
  }

  /** The text of a double as it is compiled here. */
  @JSExport
  public static String numberText(double value) {
    return Double.toString(value);
  }

  private interface Task {
    String run();
  }

  /**
   * Blocking code runs in a thread of its own, which TeaVM makes a coroutine, and which must not
   * suspend while it has a lock.
   */
  private static JSPromise<JSString> inThread(Task task) {
    return new JSPromise<>(
        (resolve, reject) ->
            new Thread(
                    () -> {
                      try {
                        String result = task.run();
                        String violation = HeldLocks.takeViolation();
                        if (violation != null) {
                          throw new AssertionError(violation);
                        }
                        resolve.accept(JSString.valueOf(result));
                      } catch (Throwable e) { // an AssertionError above all
                        reject.accept(JSString.valueOf(describe(e)));
                      }
                    })
                .start());
  }

  private static String describe(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (@Nullable Throwable e = thrown; e != null; e = e.getCause()) {
      text.append(text.length() == 0 ? "" : ", caused by ").append(e);
    }
    return text.toString();
  }
}
