package org.edgevec.table;

/**
 * Is told of encoded metadata, in order, without anything being made of it: {@link
 * MetadataCodec#visit}. Does nothing about what it has no method for.
 *
 * <p>Texts and keys are given as ranges of bytes, and whether those are UTF-8 is the visitor's to
 * find out: decoding tells.
 */
public interface MetadataVisitor {

  /** A key; its value comes next. */
  default void key(byte[] source, int offset, int length) {}

  /** A text. */
  default void text(byte[] source, int offset, int length) {}

  /** A whole number. */
  default void number(long value) {}

  /** A number that may have a fraction. */
  default void number(double value) {}

  /** A truth value. */
  default void truth(boolean value) {}

  /** Null. */
  default void nothing() {}

  /** A point in time: seconds since 1970, and nanoseconds after them. */
  default void time(long seconds, int nanos) {}

  /** A list; so many values come next. */
  default void list(int count) {}

  /** An object; so many keys come next, each with its value. */
  default void object(int count) {}
}
