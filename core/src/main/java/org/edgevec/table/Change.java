package org.edgevec.table;

import org.edgevec.Metadata;

/** One change of a batch, not validated yet. */
public sealed interface Change {

  /** The user's id. */
  String id();

  /** Store an entry, replacing what is under its id. */
  record Put(String id, float[] vector, Metadata metadata) implements Change {}

  /** Remove an entry. */
  record Delete(String id) implements Change {}
}
