package org.edgevec.table;

/**
 * Is told of encoded metadata, in order, without anything being made of it: {@link
 * MetadataCodec#visit}. Texts and keys are given as ranges of valid UTF-8.
 */
public interface MetadataVisitor {

  /** A key; its value comes next. */
  void key(byte[] source, int offset, int length);

  /** A text: the value, or the next of a list's. */
  void text(byte[] source, int offset, int length);

  /** A whole number. */
  void number(long value);

  /** A number that may have a fraction. */
  void number(double value);

  /** A truth value. */
  void truth(boolean value);

  /** A list; so many texts come next. */
  void list(int count);
}
