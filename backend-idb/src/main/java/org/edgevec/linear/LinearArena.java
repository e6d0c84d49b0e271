package org.edgevec.linear;

import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.vector.CodeCheck;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.ScalarKernel;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.Vectors;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/**
 * Vectors in linear memory, in chunks of about 1 MiB that are never moved, scored by SIMD.
 *
 * <p>A vector begins at a multiple of 16 bytes. Under cosine the inverse of its norm follows it, in
 * the cache line that scoring reads last. Results are those of {@link ScalarKernel} to the last
 * bit.
 *
 * <p>Behind the vectors of a chunk lie coarser copies of them, a byte a component, for walking
 * through a graph: see {@link CodeScorer}. A graph is built by the vectors themselves, so that it
 * is the same everywhere.
 *
 * <p>Addresses are {@code int}s that stand for unsigned numbers; adding to them wraps as it should.
 */
public final class LinearArena implements VectorArena {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int ALIGNMENT_BYTES = 16;
  private static final int MAX_DIMENSION = 4096;

  /** The largest code; the least is its negative. */
  private static final int MAX_CODE = 127;

  /** Where a code row has its two floats, behind the codes. */
  private static final int FACTOR = 0;

  private static final int ADDEND = 4;

  /**
   * A page: a query that is in no arena, behind it four results, and in its second half a query for
   * codes. Never given back.
   */
  private static int scratch;

  /** Whose query is in the scratch. */
  private static @Nullable Scorer scratchOwner;

  /** Whose query for codes is in it. */
  private static @Nullable Scorer codeScratchOwner;

  private final int dimension;
  private final Metric metric;
  private final int strideBytes;
  private final int codeBytes;
  private final int codeStrideBytes;
  private final int shift;
  private int[] chunks = new int[0];
  private boolean areCodesGood;

  private LinearArena(int dimension, Metric metric) {
    this.dimension = dimension;
    this.metric = metric;
    int floats = metric == Metric.COSINE ? dimension + 1 : dimension;
    this.strideBytes = aligned(4 * floats);
    this.codeBytes = (dimension + 7) & -8;
    this.codeStrideBytes = aligned(codeBytes + 8);
    this.shift = 31 - Integer.numberOfLeadingZeros(CHUNK_BYTES / strideBytes);
    if (scratch == 0) {
      scratch = LinearMemory.PAGE_BYTES * allocate(1);
    }
  }

  private static int aligned(int bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }

  /** Makes arenas in linear memory; on the heap, where the processor has no SIMD. */
  public static Factory factory() {
    return Kernels.isThere() == 0 ? HeapArena.SCALAR : LinearArena::new;
  }

  private static int codeScratch() {
    return scratch + LinearMemory.PAGE_BYTES / 2;
  }

  private static int allocate(int pages) {
    int first = LinearMemory.allocate(pages);
    if (first < 0) {
      throw new OutOfMemoryError(
          "The browser has no more memory for vectors: a page can have 4 GiB for all databases in"
              + " it, or what the device has. Close other databases or tabs, or keep fewer vectors.");
    }
    return first;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public Metric metric() {
    return metric;
  }

  private int chunkPages() {
    int bytes = (strideBytes + codeStrideBytes) << shift;
    return (bytes + LinearMemory.PAGE_BYTES - 1) / LinearMemory.PAGE_BYTES;
  }

  @Override
  public void reserve(int count) {
    int needed = (int) (((long) count + (1 << shift) - 1) >>> shift);
    if (needed > chunks.length) {
      int[] grown = Arrays.copyOf(chunks, needed);
      int done = chunks.length;
      try {
        for (; done < needed; done++) {
          grown[done] = LinearMemory.PAGE_BYTES * allocate(chunkPages());
        }
      } catch (OutOfMemoryError e) {
        release(grown, chunks.length, done);
        throw e;
      }
      chunks = grown;
    }
  }

  private void release(int[] addresses, int from, int to) {
    for (int i = from; i < to; i++) {
      LinearMemory.release(addresses[i] >>> 16, chunkPages());
    }
  }

  @Override
  public void release() {
    release(chunks, 0, chunks.length);
    chunks = new int[0];
  }

  private int address(int ordinal) {
    return chunks[ordinal >>> shift] + (ordinal & ((1 << shift) - 1)) * strideBytes;
  }

  private int codeAddress(int ordinal) {
    return chunks[ordinal >>> shift]
        + (strideBytes << shift)
        + (ordinal & ((1 << shift) - 1)) * codeStrideBytes;
  }

  @Override
  public void read(int ordinal, int component, byte[] source, int offset, int count) {
    Address to = Address.fromInt(address(ordinal) + 4 * component);
    int at = offset;
    for (int end = offset + 4 * (count & ~1); at < end; at += 8, to = to.add(8)) {
      to.putLong(LittleEndian.getLong(source, at));
    }
    if ((count & 1) != 0) {
      to.putInt(LittleEndian.getInt(source, at));
    }
  }

  @Override
  public void write(int ordinal, int component, byte[] target, int offset, int count) {
    Address from = Address.fromInt(address(ordinal) + 4 * component);
    int at = offset;
    for (int end = offset + 4 * (count & ~1); at < end; at += 8, from = from.add(8)) {
      LittleEndian.putLong(target, at, from.getLong());
    }
    if ((count & 1) != 0) {
      LittleEndian.putInt(target, at, from.getInt());
    }
  }

  @Override
  public void copy(VectorArena source, int from, int to) {
    LinearArena other = (LinearArena) source;
    Kernels.copy(address(to), other.address(from), strideBytes);
    Kernels.copy(codeAddress(to), other.codeAddress(from), codeStrideBytes);
    checkCodes(to + 1);
  }

  @Override
  public double settle(int ordinal) {
    int address = address(ordinal);
    double norm = Kernels.norm(address, dimension);
    if (metric == Metric.COSINE) {
      Address.fromInt(address + 4 * dimension).putFloat((float) (1 / norm));
    }
    encode(ordinal, norm);
    checkCodes(ordinal + 1);
    return norm;
  }

  private void encode(int ordinal, double norm) {
    int codes = codeAddress(ordinal);
    float unit = Kernels.encode(address(ordinal), codes, dimension) / MAX_CODE;
    Address behind = Address.fromInt(codes + codeBytes);
    behind.add(FACTOR).putFloat(metric == Metric.COSINE ? (float) (unit / norm) : unit);
    behind.add(ADDEND).putFloat(addend(norm));
  }

  /** What is to be added on each side: of a squared distance, the square of a norm. */
  private float addend(double norm) {
    return metric == Metric.L2 ? (float) (-norm * norm) : 0;
  }

  private void checkCodes(int count) {
    if (CodeCheck.isDue(count)) {
      areCodesGood = new CodeCheck(scorer(), new CodeScorer(scorer(), true), count).passes();
    }
  }

  @Override
  public float[] get(int ordinal) {
    float[] copy = new float[dimension];
    Address from = Address.fromInt(address(ordinal));
    for (int i = 0; i < dimension; i++, from = from.add(4)) {
      copy[i] = from.getFloat();
    }
    return copy;
  }

  @Override
  public Scorer scorer() {
    return new LinearScorer();
  }

  @Override
  public Scorer walker(Scorer scorer) {
    return new CodeScorer(scorer, false);
  }

  @Override
  public VectorArena view() {
    LinearArena view = new LinearArena(dimension, metric);
    view.chunks = chunks;
    return view;
  }

  /** Scores under every metric. */
  private final class LinearScorer implements Scorer {

    private final boolean isDistance = metric == Metric.L2;
    private final boolean isCosine = metric == Metric.COSINE;

    /** The query, normalised under cosine; null if it is that of an ordinal. */
    private float @Nullable [] vector;

    /** Where the query lies. */
    private int query;

    /** The inverse of the query's norm, if its direction is not what lies there. */
    private float factor = 1;

    @Override
    public void query(float[] queried) {
      vector = isCosine ? Vectors.normalized(queried) : queried;
      query = scratch;
      factor = 1;
      scratchOwner = null;
    }

    @Override
    public void query(int ordinal) {
      vector = null;
      query = address(ordinal);
      factor = isCosine ? inverseNorm(query) : 1;
    }

    private float inverseNorm(int address) {
      return Address.fromInt(address + 4 * dimension).getFloat();
    }

    /** Sees to it that the query lies where it should: another scorer may have used the place. */
    private void prepare() {
      float[] queried = vector;
      if (queried != null && scratchOwner != this) {
        Address to = Address.fromInt(scratch);
        for (int i = 0; i < dimension; i++, to = to.add(4)) {
          to.putFloat(queried[i]);
        }
        scratchOwner = this;
      }
    }

    @Override
    public float nearness(int ordinal) {
      prepare();
      return one(address(ordinal));
    }

    private float one(int row) {
      return isDistance
          ? -Kernels.squaredDistance(query, row, dimension)
          : score(Kernels.dot(query, row, dimension), row);
    }

    private float score(float dot, int row) {
      return isCosine ? Vectors.cosine(dot, factor, inverseNorm(row)) : dot;
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      prepare();
      // Two or three at the end are scored as four: that takes no longer than one.
      for (int i = 0; i < count; i += 4) {
        int last = Math.min(4, count - i) - 1;
        int r0 = address(ordinals[i]);
        if (last == 0) {
          nearness[i] = one(r0);
        } else {
          int r1 = address(ordinals[i + 1]);
          int r2 = address(ordinals[i + Math.min(2, last)]);
          int r3 = address(ordinals[i + last]);
          four(r0, r1, r2, r3);
          nearness[i] = result(0, r0);
          nearness[i + 1] = result(1, r1);
          if (last > 1) {
            nearness[i + 2] = result(2, r2);
          }
          if (last > 2) {
            nearness[i + 3] = result(3, r3);
          }
        }
      }
    }

    private void four(int r0, int r1, int r2, int r3) {
      int out = scratch + 4 * MAX_DIMENSION;
      if (isDistance) {
        Kernels.squaredDistance4(query, r0, r1, r2, r3, dimension, out);
      } else {
        Kernels.dot4(query, r0, r1, r2, r3, dimension, out);
      }
    }

    private float result(int index, int row) {
      float result = Address.fromInt(scratch + 4 * (MAX_DIMENSION + index)).getFloat();
      return isDistance ? -result : score(result, row);
    }
  }

  /**
   * Scores codes while they are good, and vectors otherwise. The query's components are integers of
   * 16 bits, in units of its own.
   */
  private final class CodeScorer implements Scorer {

    /** As large as it may be: the products with 4096 of the largest codes, summed, fit 31 bits. */
    private static final int MAX_QUERY = 4095;

    private final Scorer exact;
    private final boolean isCheck;
    private final int[] single = new int[1];
    private final float[] singleNearness = new float[1];
    private boolean isExact;
    private float[] vector = new float[0];
    private float unit;
    private float factor;
    private float addend;

    /**
     * @param isCheck whether to score codes in any case, to find out whether they are good
     */
    CodeScorer(Scorer exact, boolean isCheck) {
      this.exact = exact;
      this.isCheck = isCheck;
    }

    @Override
    public boolean isExact() {
      return isExact;
    }

    @Override
    public void query(int ordinal) {
      query(get(ordinal));
    }

    @Override
    public void query(float[] queried) {
      isExact = !isCheck && !areCodesGood;
      if (isExact) {
        exact.query(queried);
        return;
      }
      vector = queried;
      unit = largest(queried) / MAX_QUERY;
      factor = metric == Metric.L2 ? 2 * unit : unit;
      addend = 0;
      if (isCheck) {
        scale(Vectors.norm(queried, 0, dimension));
      }
      codeScratchOwner = null;
    }

    /**
     * Makes nearness what it should be; before, it only is in the right order, as a walk needs it.
     */
    private void scale(double norm) {
      factor = metric == Metric.COSINE ? (float) (factor / norm) : factor;
      addend = addend(norm);
    }

    private float largest(float[] queried) {
      float max = 0;
      for (int i = 0; i < dimension; i++) {
        max = Math.max(max, Math.abs(queried[i]));
      }
      return max;
    }

    private void prepare() {
      if (codeScratchOwner == this) {
        return;
      }
      codeScratchOwner = this;
      float inverse = unit < Float.MIN_NORMAL ? 0 : 1 / unit;
      Address to = Address.fromInt(codeScratch());
      for (int i = 0; i < codeBytes; i++, to = to.add(2)) {
        // Positive until the end, so that cutting off rounds. What is beyond the vector counts for
        // nothing, whatever lies behind the codes.
        float scaled = i < dimension ? vector[i] * inverse : 0;
        to.putShort((short) ((int) (scaled + (MAX_QUERY + 1.5f)) - (MAX_QUERY + 1)));
      }
    }

    @Override
    public float nearness(int ordinal) {
      single[0] = ordinal;
      nearness(single, 1, singleNearness);
      return singleNearness[0];
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      if (isExact) {
        exact.nearness(ordinals, count, nearness);
        return;
      }
      prepare();
      int query = codeScratch();
      int out = scratch + 4 * MAX_DIMENSION;
      for (int i = 0; i < count; i += 4) {
        int last = Math.min(4, count - i) - 1;
        int r0 = codeAddress(ordinals[i]);
        int r1 = codeAddress(ordinals[i + Math.min(1, last)]);
        int r2 = codeAddress(ordinals[i + Math.min(2, last)]);
        int r3 = codeAddress(ordinals[i + last]);
        Kernels.codeDot4(query, r0, r1, r2, r3, codeBytes, out);
        nearness[i] = result(out, r0);
        if (last > 0) {
          nearness[i + 1] = result(out + 4, r1);
        }
        if (last > 1) {
          nearness[i + 2] = result(out + 8, r2);
        }
        if (last > 2) {
          nearness[i + 3] = result(out + 12, r3);
        }
      }
    }

    private float result(int at, int row) {
      Address behind = Address.fromInt(row + codeBytes);
      float scale = factor * behind.add(FACTOR).getFloat();
      return scale * Address.fromInt(at).getInt() + (addend + behind.add(ADDEND).getFloat());
    }
  }
}
