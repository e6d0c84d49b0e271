package org.edgevec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSpecTest {

  private static final int IMAGES = 0x803;

  @TempDir Path folder;

  @Test
  void mnistIsReadFromItsTwoFiles() throws IOException {
    writeImages(
        "train-images-idx3-ubyte.gz",
        IMAGES,
        3,
        new byte[] {0, 1, 2, 3, -1, 5, 6, 7, 8, 9, 10, 11});
    writeImages("t10k-images-idx3-ubyte.gz", IMAGES, 2, new byte[] {1, 1, 1, 1, 2, 2, 2, 2});
    DataSet data = DataSpec.load("mnist=" + folder, 1);
    assertThat(data.base())
        .isDeepEqualTo(new float[][] {{0, 1, 2, 3}, {255, 5, 6, 7}, {8, 9, 10, 11}});
    assertThat(data.queries()).isDeepEqualTo(new float[][] {{1, 1, 1, 1}});
    assertThat(data.name()).isEqualTo("MNIST 3 × 4");
  }

  @Test
  void anotherFileThanOneOfImagesIsRefused() throws IOException {
    writeImages("train-images-idx3-ubyte.gz", 0x801, 1, new byte[4]);
    assertThatThrownBy(() -> DataSpec.load("mnist=" + folder, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("00000801");
  }

  @Test
  void imagesThatEndEarlyAreRefused() throws IOException {
    writeImages("train-images-idx3-ubyte.gz", IMAGES, 2, new byte[7]);
    assertThatThrownBy(() -> DataSpec.load("mnist=" + folder, 1)).isInstanceOf(EOFException.class);
  }

  private void writeImages(String name, int magic, int count, byte[] pixels) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(folder.resolve(name))))) {
      out.writeInt(magic);
      out.writeInt(count);
      out.writeInt(2);
      out.writeInt(2);
      out.write(pixels);
    }
  }

  @Test
  void siftAndItsLikeAreReadFromTheFilesThatEndInItsNames() throws IOException {
    float[][] base = {{1, 2}, {3, 4.5f}};
    VecsFile.write(folder.resolve("sift_base.fvecs"), base);
    VecsFile.write(folder.resolve("sift_query.fvecs"), new float[][] {{5, 6}});
    for (String kind : new String[] {"sift", "minilm"}) {
      DataSet data = DataSpec.load(kind + "=" + folder, 10);
      assertThat(data.key()).isEqualTo(kind);
      assertThat(data.base()).isDeepEqualTo(base);
      assertThat(data.queries()).isDeepEqualTo(new float[][] {{5, 6}});
    }
  }

  @Test
  void aFileOfIntegersIsReadAsItWasWritten() throws IOException {
    int[][] rows = {{1, -2, Integer.MAX_VALUE}, {7}};
    VecsFile.write(folder.resolve("rows.ivecs"), rows);
    assertThat(VecsFile.readInts(folder.resolve("rows.ivecs"))).isDeepEqualTo(rows);
  }

  @Test
  void aFileThatEndsWithinAVectorIsRefused() throws IOException {
    Path file = folder.resolve("cut.fvecs");
    VecsFile.write(file, new float[][] {{1, 2, 3}});
    Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 15));
    assertThatThrownBy(() -> VecsFile.readFloats(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ends within");
  }

  @Test
  void generatedDataIsOfTheSizeAskedFor() throws IOException {
    DataSet data = DataSpec.load("clustered=200x24", 30);
    assertThat(data.size()).isEqualTo(200);
    assertThat(data.dimension()).isEqualTo(24);
    assertThat(data.queries()).hasNumberOfRows(30);
  }

  @Test
  void whatNamesNoDataIsRefusedWithTheForms() {
    for (String spec : new String[] {"mnist", "glove=/x", "clustered=0x8", "clustered=10", ""}) {
      assertThatThrownBy(() -> DataSpec.load(spec, 1))
          .as(spec)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("clustered=COUNTxDIMENSION");
    }
  }

  @Test
  void normalizedVectorsHaveLengthOne() {
    DataSet data =
        new DataSet("x", "x", new float[][] {{3, 4}, {0, 0}}, new float[][] {{0, 2}}).normalized();
    assertThat(data.base()).isDeepEqualTo(new float[][] {{0.6f, 0.8f}, {0, 0}});
    assertThat(data.queries()).isDeepEqualTo(new float[][] {{0, 1}});
  }

  @Test
  void vectorsOfDifferentDimensionsAreRefused() {
    assertThatThrownBy(
            () -> new DataSet("x", "x", new float[][] {{1, 2}, {1}}, new float[][] {{1, 2}}))
        .hasMessageContaining("vector 1 has 1 components");
  }
}
