package org.edgevec.linear;

import org.edgevec.quant.CodeBounds;
import org.edgevec.quant.CodeLayout;
import org.edgevec.quant.CodeQuery;
import org.edgevec.quant.Codes;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.Vectors;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/**
 * Codes in linear memory. A query becomes integers of 16 bits at most, in units of its own. What is
 * beyond a vector, up to a multiple of eight components, counts for nothing.
 */
final class LinearCodes implements Codes {

  /** Whose query has its codes in the {@link Scratch}. */
  private static @Nullable CodeQuery scratchOwner;

  private final int dimension;
  private final int codeBytes;
  private final LinearChunks chunks;

  /**
   * @param chunks have the vectors, and room for rows of {@link #rowBytes}
   */
  LinearCodes(int dimension, LinearChunks chunks) {
    this.dimension = dimension;
    this.codeBytes = codeBytes(dimension);
    this.chunks = chunks;
  }

  private static int codeBytes(int dimension) {
    return (dimension + 7) & -8;
  }

  /** How long a row is. */
  static int rowBytes(int dimension) {
    return codeBytes(dimension) + CodeLayout.NUMBER_BYTES;
  }

  @Override
  public int capacity() {
    return chunks.capacity();
  }

  /** They come with the vectors. */
  @Override
  public void reserve(int count) {}

  /** They go with the vectors. */
  @Override
  public void shrink(int count) {}

  @Override
  public void copy(Codes source, int from, int to) {
    chunks.copyCodes(((LinearCodes) source).chunks, from, to);
  }

  @Override
  public float encode(int ordinal) {
    int codes = chunks.codes(ordinal);
    Address.fromInt(codes + codeBytes - 8).putLong(0);
    return Kernels.encode(
        chunks.vector(ordinal), codes, dimension, codes + codeBytes + CodeLayout.ERROR);
  }

  @Override
  public float number(int ordinal, int which) {
    return Address.fromInt(chunks.codes(ordinal) + codeBytes + which).getFloat();
  }

  @Override
  public void setNumbers(int ordinal, float factor, float addend, float error, float norm) {
    Address behind = Address.fromInt(chunks.codes(ordinal) + codeBytes);
    behind.add(CodeLayout.FACTOR).putFloat(factor);
    behind.add(CodeLayout.ADDEND).putFloat(addend);
    behind.add(CodeLayout.ERROR).putFloat(error);
    behind.add(CodeLayout.NORM).putFloat(norm);
  }

  @Override
  public CodeQuery query(Scorer scorer) {
    return new ShortQuery((LinearScorer) scorer);
  }

  /** The scorer's query, made codes of where that keeps it. */
  private final class ShortQuery implements CodeQuery {

    /** The largest: 16 bits, and what its products with codes sum up to fits in 31. */
    private final int largest =
        Math.min(Short.MAX_VALUE, Integer.MAX_VALUE / (CodeLayout.MAX_CODE * dimension));

    private final LinearScorer scorer;
    private float unit;

    ShortQuery(LinearScorer scorer) {
      this.scorer = scorer;
    }

    @Override
    public double set(float[] vector) {
      scratchOwner = null;
      return scorer.isCosine() ? 1 : Vectors.norm(vector, 0, dimension);
    }

    @Override
    public double set(int ordinal) {
      scratchOwner = null;
      return scorer.isCosine() ? 1.0 / scorer.factor() : number(ordinal, CodeLayout.NORM);
    }

    @Override
    public boolean prepare() {
      if (scratchOwner == this) {
        return false;
      }
      scratchOwner = this;
      int from = scorer.prepare();
      Address end = Address.fromInt(Scratch.coded() + 2 * codeBytes);
      end.add(-16).putLong(0);
      end.add(-8).putLong(0);
      unit =
          Kernels.encodeQuery(from, Scratch.coded(), dimension, largest, Scratch.lost()) / largest;
      return true;
    }

    @Override
    public float unit() {
      return unit;
    }

    @Override
    public double residual(CodeBounds bounds) {
      return bounds.residual(unit, largest, Address.fromInt(Scratch.lost()).getFloat());
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
      for (int start = 0; start < count; start += Scratch.BATCH) {
        int part = Math.min(Scratch.BATCH, count - start);
        putOrdinals(ordinals, start, part);
        chunks.codeNearness(
            Scratch.ordinals(),
            (part + 3) & -4,
            codeBytes,
            Scratch.coded(),
            factor,
            addend,
            reach,
            lost,
            Scratch.nearness());
        Address from = Address.fromInt(Scratch.nearness());
        for (int i = 0; i < part; i++, from = from.add(4)) {
          bounds[start + i] = from.getFloat();
        }
      }
    }

    /** The kernel scores four at a time: the last is there once more for each that is missing. */
    private void putOrdinals(int[] ordinals, int start, int count) {
      Address to = Address.fromInt(Scratch.ordinals());
      for (int i = 0; i < count; i++, to = to.add(4)) {
        to.putInt(ordinals[start + i]);
      }
      int last = ordinals[start + count - 1];
      to.putInt(last);
      to.add(4).putInt(last);
      to.add(8).putInt(last);
    }
  }
}
