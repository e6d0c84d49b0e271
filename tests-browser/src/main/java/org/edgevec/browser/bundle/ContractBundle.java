package org.edgevec.browser.bundle;

import java.util.List;
import java.util.stream.Collectors;
import org.edgevec.GoldenScript;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.idb.IndexedDbStorage;
import org.edgevec.storage.StorageBackendContract;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSExport;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/**
 * Core's storage contract and golden script against {@link IndexedDbStorage}, and its contract of
 * arenas against the browser's, for a page to call.
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

  /** Writes the golden store, or that with a graph, to a new storage. Resolves to "written". */
  @JSExport
  public static JSPromise<JSString> writeGolden(String storageName, boolean linked) {
    return inThread(
        () -> {
          IndexedDbStorage storage = IndexedDbStorage.open(storageName);
          if (linked) {
            GoldenScript.writeLinked(storage);
          } else {
            GoldenScript.write(storage);
          }
          return "written";
        });
  }

  /** Opens a storage and checks that it holds that golden store. Resolves to "right". */
  @JSExport
  public static JSPromise<JSString> checkGolden(String storageName, boolean linked) {
    return inThread(
        () -> {
          IndexedDbStorage storage = IndexedDbStorage.open(storageName);
          try (VectorDatabase db = VectorDatabase.open(storage, Options.existing())) {
            if (linked) {
              GoldenScript.checkLinked(db);
            } else {
              GoldenScript.check(db);
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

  private interface Task {
    String run();
  }

  /** Blocking code runs in a thread of its own, which TeaVM makes a coroutine. */
  private static JSPromise<JSString> inThread(Task task) {
    return new JSPromise<>(
        (resolve, reject) ->
            new Thread(
                    () -> {
                      try {
                        resolve.accept(JSString.valueOf(task.run()));
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
