package org.edgevec.snapshot;

/** Takes the entries of one segment: all vectors first, then all ids and metadata, in order. */
interface EntryTarget extends BlockReader.VectorSink {

  /** Makes room for that many entries. */
  void reserve(int count);

  /** Takes notice that all components of a vector were read. */
  void vectorRead(int index);

  /**
   * Takes an entry's other parts, encoded.
   *
   * @throws org.edgevec.bytes.MalformedException if they, or its vector, cannot be stored
   */
  void add(int index, byte[] id, byte[] metadata);
}
