package org.edgevec.quant;

import java.util.Arrays;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.Vectors;

/** Codes in an array for each vector. Queries stay floats. */
final class PlainCodes implements Codes {

  private final VectorArena vectors;
  private byte[][] codes = new byte[0][];
  private float[][] numbers = new float[0][];

  PlainCodes(VectorArena vectors) {
    this.vectors = vectors;
  }

  @Override
  public int capacity() {
    return codes.length;
  }

  @Override
  public void reserve(int count) {
    if (count > codes.length) {
      resize(Math.max(count, 2 * codes.length));
    }
  }

  private void resize(int count) {
    codes = Arrays.copyOf(codes, count);
    numbers = Arrays.copyOf(numbers, count);
  }

  @Override
  public void shrink(int count) {
    if (count < codes.length) {
      resize(count);
    }
  }

  @Override
  public void copy(Codes source, int from, int to) {
    codes[to] = ((PlainCodes) source).codes[from];
    numbers[to] = ((PlainCodes) source).numbers[from];
  }

  @Override
  public float encode(int ordinal) {
    float[] vector = vectors.get(ordinal);
    float largest = 0;
    for (float value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    float unit = largest / CodeLayout.MAX_CODE;
    byte[] row = new byte[vector.length];
    float lost = 0;
    for (int i = 0; i < row.length && CodeLayout.isTelling(unit); i++) {
      float units = vector[i] / unit;
      row[i] = (byte) Math.round(units);
      lost += (units - row[i]) * (units - row[i]);
    }
    codes[ordinal] = row;
    setNumbers(ordinal, 0, 0, lost, 0);
    return largest;
  }

  @Override
  public float number(int ordinal, int which) {
    return numbers[ordinal][which / Float.BYTES];
  }

  @Override
  public void setNumbers(int ordinal, float factor, float addend, float error, float norm) {
    numbers[ordinal] = new float[] {factor, addend, error, norm};
  }

  @Override
  public CodeQuery query(Scorer scorer) {
    return new PlainQuery();
  }

  private final class PlainQuery implements CodeQuery {
    private float[] query = new float[0];

    @Override
    public double set(float[] vector) {
      query = vector;
      return Vectors.norm(vector, 0, vector.length);
    }

    @Override
    public double set(int ordinal) {
      query = vectors.get(ordinal);
      return number(ordinal, CodeLayout.NORM);
    }

    @Override
    public boolean prepare() {
      return true;
    }

    @Override
    public float unit() {
      return 1;
    }

    @Override
    public double residual(CodeBounds bounds) {
      return 0;
    }

    @Override
    public void bounds(
        int[] ordinals,
        int count,
        float factor,
        float addend,
        float reach,
        float lost,
        float[] bounds) {
      for (int i = 0; i < count; i++) {
        int ordinal = ordinals[i];
        byte[] row = codes[ordinal];
        float sum = 0;
        for (int j = 0; j < query.length; j++) {
          sum += query[j] * row[j];
        }
        bounds[i] =
            factor * number(ordinal, CodeLayout.FACTOR) * sum
                + (addend + number(ordinal, CodeLayout.ADDEND))
                + reach * number(ordinal, CodeLayout.ERROR);
      }
    }
  }
}
