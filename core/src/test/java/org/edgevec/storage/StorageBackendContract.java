package org.edgevec.storage;

import java.util.List;
import java.util.stream.Stream;

/**
 * Every sentence of {@link StorageBackend}'s javadoc that a program can check, as named cases that
 * each backend must pass.
 *
 * <p>Plain Java without a test framework, reflection, files or threads: the same classes are
 * compiled to WebAssembly and run in a browser against IndexedDB. A backend's test loops over
 * {@link #cases} and gives each a {@link Factory} on storage of its own. A broken promise is an
 * {@link AssertionError} that says what was expected and what came.
 *
 * <p>Each {@code ContractOf…} is a chapter of it: a list of its cases, and below them what they do.
 */
public final class StorageBackendContract {

  /** The backend under test, on one storage that is empty when a case begins. */
  @FunctionalInterface
  public interface Factory {
    /** Opens the storage; after a close, opens the same storage again with what it holds. */
    StorageBackend open();
  }

  /** What a case does. */
  @FunctionalInterface
  public interface Body {
    /** Runs the case on an empty storage and closes everything that it opened. */
    void run(Factory factory);
  }

  /** A promise and the code that checks it. */
  public record Case(String name, Body body) {
    /** Runs the case on an empty storage. */
    public void run(Factory factory) {
      body.run(factory);
    }
  }

  private StorageBackendContract() {}

  /** All cases, in the order in which they are best read. */
  public static List<Case> cases() {
    return Stream.of(
            ContractOfNames.CASES,
            ContractOfReads.CASES,
            ContractOfAppends.CASES,
            ContractOfSyncs.CASES,
            ContractOfTruncates.CASES,
            ContractOfAtomicWrites.CASES,
            ContractOfClose.CASES)
        .flatMap(List::stream)
        .toList();
  }
}
