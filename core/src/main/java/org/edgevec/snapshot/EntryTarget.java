package org.edgevec.snapshot;

/** Takes the entries of one segment: all vectors first, then all ids and metadata, in order. */
interface EntryTarget {

  /** Makes room for that many entries. */
  void reserve(int count);

  /** The array into which the vector of an entry is to be put, from {@link #start} on. */
  float[] array(int index);

  /** Where in its {@link #array} a vector begins. */
  int start(int index);

  /** Takes notice that a vector lies in its array. */
  void vectorRead(int index);

  /**
   * Takes an entry's other parts, encoded.
   *
   * @throws org.edgevec.bytes.MalformedException if they, or its vector, cannot be stored
   */
  void add(int index, byte[] id, byte[] metadata);
}
