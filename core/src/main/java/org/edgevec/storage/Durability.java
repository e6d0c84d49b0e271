package org.edgevec.storage;

/** What an acknowledged write survives. */
public enum Durability {
  /**
   * Survives the loss of power: the device said that the bytes are on it. {@code fsync} on the JVM,
   * a {@code strict} IndexedDB transaction in the browser. The default.
   */
  STRICT,

  /**
   * Survives the end of the process or tab, but not a power cut: the operating system (or the
   * browser) has the bytes and writes them when it likes. Faster, and only used where asked for.
   */
  RELAXED
}
