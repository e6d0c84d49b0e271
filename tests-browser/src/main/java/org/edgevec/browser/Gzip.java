package org.edgevec.browser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** How long something is when it is compressed as well as gzip can: with {@code -9}. */
public final class Gzip {

  private Gzip() {}

  /** The compressed length in bytes. */
  public static int length(byte[] bytes) throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(target) {
          {
            def.setLevel(9);
          }
        }) {
      gzip.write(bytes);
    }
    return target.size();
  }
}
