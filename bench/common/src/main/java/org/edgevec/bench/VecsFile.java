package org.edgevec.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the files of SIFT and its like, {@code .fvecs} and {@code .ivecs}: for each
 * vector its dimension as an int32, then so many float32 or int32, all little-endian.
 */
public final class VecsFile {

  private static final int MAX_DIMENSION = 1 << 20;

  private VecsFile() {}

  /**
   * The vectors of an {@code .fvecs} file.
   *
   * @throws IOException if it is no such file, or ends early
   */
  public static float[][] readFloats(Path file) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    try (InputStream in = open(file)) {
      for (ByteBuffer next = next(file, in); next != null; next = next(file, in)) {
        float[] vector = new float[next.remaining() / Float.BYTES];
        next.asFloatBuffer().get(vector);
        vectors.add(vector);
      }
    }
    return vectors.toArray(float[][]::new);
  }

  /**
   * The rows of an {@code .ivecs} file.
   *
   * @throws IOException if it is no such file, or ends early
   */
  public static int[][] readInts(Path file) throws IOException {
    List<int[]> rows = new ArrayList<>();
    try (InputStream in = open(file)) {
      for (ByteBuffer next = next(file, in); next != null; next = next(file, in)) {
        int[] row = new int[next.remaining() / Integer.BYTES];
        next.asIntBuffer().get(row);
        rows.add(row);
      }
    }
    return rows.toArray(int[][]::new);
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), 1 << 20);
  }

  /** The content of the next vector, or null at the end of the file. */
  private static @Nullable ByteBuffer next(Path file, InputStream in) throws IOException {
    byte[] length = in.readNBytes(Integer.BYTES);
    if (length.length == 0) {
      return null;
    }
    int dimension = length.length < Integer.BYTES ? -1 : littleEndian(length).getInt();
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new IOException(file + " is no file of vectors: one has the dimension " + dimension);
    }
    byte[] content = in.readNBytes(dimension * Float.BYTES);
    if (content.length < dimension * Float.BYTES) {
      throw new IOException(file + " ends within a vector.");
    }
    return littleEndian(content);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes an {@code .fvecs} file. */
  public static void write(Path file, float[][] vectors) throws IOException {
    try (OutputStream out = create(file)) {
      for (float[] vector : vectors) {
        ByteBuffer content = begin(vector.length);
        content.asFloatBuffer().put(vector);
        out.write(content.array());
      }
    }
  }

  /** Writes an {@code .ivecs} file. */
  public static void write(Path file, int[][] rows) throws IOException {
    try (OutputStream out = create(file)) {
      for (int[] row : rows) {
        ByteBuffer content = begin(row.length);
        content.asIntBuffer().put(row);
        out.write(content.array());
      }
    }
  }

  private static OutputStream create(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
  }

  private static ByteBuffer begin(int dimension) {
    return littleEndian(new byte[Integer.BYTES + dimension * Float.BYTES]).putInt(dimension);
  }
}
