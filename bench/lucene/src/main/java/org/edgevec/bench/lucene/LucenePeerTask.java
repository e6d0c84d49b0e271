package org.edgevec.bench.lucene;

import org.edgevec.bench.jvm.PeerTask;

/** Has Lucene in this JVM build an index and search it. */
public final class LucenePeerTask extends PeerTask {

  /** With the default buffer of 16 MB: many segments, merged while adding and at the end. */
  static final String DEFAULT_BUFFER = "default buffer, forceMerge(1)";

  public LucenePeerTask() {
    super(new LucenePeer());
  }
}
