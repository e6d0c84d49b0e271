package org.edgevec.bench.jvm;

/** A store that makes vectors durable. Thread-safe. */
interface Writer extends AutoCloseable {

  /** Makes one vector durable. */
  void put(String id, float[] vector) throws Exception;

  /** Makes vectors durable together. */
  void putAll(String[] ids, float[][] vectors) throws Exception;

  /** How often the disk was asked to confirm so far, or 0 if that is not known. */
  long syncs();

  @Override
  void close() throws Exception;
}
