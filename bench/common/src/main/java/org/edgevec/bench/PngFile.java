package org.edgevec.bench;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes drawings as small PNG files: a byte a pixel, for one of 256 colours, and packed as tightly
 * as may be. The colours are the most frequent ones of the drawing. What is missing are shades at
 * the edges of lines and letters, for which the most similar are taken.
 */
final class PngFile {

  private static final int COLORS = 256;

  private PngFile() {}

  /** Writes an image without transparency, in place of a file that may be there. */
  static void write(BufferedImage image, Path file) throws IOException {
    Files.deleteIfExists(file);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam tightly = writer.getDefaultWriteParam();
    tightly.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    tightly.setCompressionQuality(0);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(indexed(image), null, null), tightly);
    } finally {
      writer.dispose();
    }
  }

  private static BufferedImage indexed(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    int[] palette = palette(pixels);
    IndexColorModel model =
        new IndexColorModel(Byte.SIZE, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
    Map<Integer, Integer> indices = new HashMap<>();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = indices.computeIfAbsent(pixels[i], color -> nearest(color, palette));
    }
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
    result.getRaster().setSamples(0, 0, width, height, 0, pixels);
    return result;
  }

  private static int[] palette(int[] pixels) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int color : pixels) {
      counts.merge(color, 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(COLORS)
        .mapToInt(Map.Entry::getKey)
        .toArray();
  }

  private static int nearest(int color, int[] palette) {
    int nearest = 0;
    for (int i = 1; i < palette.length; i++) {
      if (distance(color, palette[i]) < distance(color, palette[nearest])) {
        nearest = i;
      }
    }
    return nearest;
  }

  private static int distance(int one, int other) {
    int sum = 0;
    for (int shift = 0; shift < 3 * Byte.SIZE; shift += Byte.SIZE) {
      int difference = (one >>> shift & 0xff) - (other >>> shift & 0xff);
      sum += difference * difference;
    }
    return sum;
  }
}
