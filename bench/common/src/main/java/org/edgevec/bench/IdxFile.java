package org.edgevec.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Reads MNIST's files of images: gzipped IDX. Big-endian: the magic 0x00000803 (unsigned bytes,
 * three dimensions), the number of images, rows, columns; then a byte for each pixel.
 */
public final class IdxFile {

  private static final int MAGIC = 0x803;

  private IdxFile() {}

  /**
   * The images, a row of pixels after the other, each pixel a number from 0 to 255.
   *
   * @throws IOException if it is no such file, or ends early
   */
  public static float[][] readImages(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file)), 1 << 16))) {
      int magic = in.readInt();
      if (magic != MAGIC) {
        throw new IOException(
            String.format("%s is no IDX file of images: it begins with %08x.", file, magic));
      }
      float[][] images = new float[in.readInt()][];
      byte[] pixels = new byte[Math.multiplyExact(in.readInt(), in.readInt())];
      for (int i = 0; i < images.length; i++) {
        in.readFully(pixels);
        images[i] = floats(pixels);
      }
      return images;
    }
  }

  private static float[] floats(byte[] pixels) {
    float[] result = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      result[i] = pixels[i] & 0xFF;
    }
    return result;
  }
}
