package org.edgevec.linear;

import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.vector.CodeBounds;
import org.edgevec.vector.Extremes;
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
 * through a graph and linking it: see {@link CodeScorer}.
 *
 * <p>Addresses are {@code int}s that stand for unsigned numbers; adding to them wraps as it should.
 */
public final class LinearArena implements VectorArena {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int ALIGNMENT_BYTES = 16;
  private static final int MAX_DIMENSION = 4096;

  /** The largest code; the least is its negative. */
  private static final int MAX_CODE = 127;

  /** Where a code row has its floats, behind the codes; {@link CodeBounds} says what they are. */
  private static final int FACTOR = 0;

  private static final int ADDEND = 4;
  private static final int ERROR = 8;
  private static final int LENGTH = 12;

  /** Codes that one call of the kernel scores at most, a multiple of 4. */
  private static final int BATCH = 512;

  /**
   * A page: a query that is in no arena, behind it four results; in its second half a query for
   * codes, behind it ordinals, and behind them nearnesses. Never given back.
   */
  private static int scratch;

  /** Whose query is in the scratch. */
  private static @Nullable Scorer scratchOwner;

  /** Whose query for codes is in it. */
  private static @Nullable Scorer codeScratchOwner;

  private final int dimension;
  private final Metric metric;
  private final CodeBounds bounds;
  private final int strideBytes;
  private final int codeBytes;
  private final int codeStrideBytes;
  private final int shift;

  /** The largest of a query: 16 bits, and what its products with codes sum up to fits in 31. */
  private final int maxQuery;

  /** Where the addresses of the chunks are: a page, which has room for more than 4 GiB of them. */
  private int chunks;

  private int chunkCount;

  private final Extremes extremes;

  private LinearArena(int dimension, Metric metric) {
    this(dimension, metric, new Extremes());
  }

  private LinearArena(int dimension, Metric metric, Extremes extremes) {
    this.extremes = extremes;
    this.dimension = dimension;
    this.metric = metric;
    this.bounds = new CodeBounds(dimension, metric);
    int floats = metric == Metric.COSINE ? dimension + 1 : dimension;
    this.strideBytes = aligned(4 * floats);
    this.codeBytes = (dimension + 7) & -8;
    this.codeStrideBytes = aligned(codeBytes + 16);
    this.maxQuery = Math.min(Short.MAX_VALUE, Integer.MAX_VALUE / (MAX_CODE * dimension));
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
  public int capacity() {
    return (int) Math.min(Integer.MAX_VALUE, (long) chunkCount << shift);
  }

  @Override
  public void reserve(int count) {
    int needed = chunksFor(count);
    if (needed <= chunkCount) {
      return;
    }
    int done = chunkCount;
    try {
      if (done == 0) {
        chunks = LinearMemory.PAGE_BYTES * allocate(1);
      }
      for (; done < needed; done++) {
        Address.fromInt(chunks + 4 * done).putInt(LinearMemory.PAGE_BYTES * allocate(chunkPages()));
      }
    } catch (OutOfMemoryError e) {
      release(chunkCount, done);
      throw e;
    }
    chunkCount = needed;
  }

  /** Gives back the chunks from one to another, exclusive, and the list of them if none is left. */
  private void release(int from, int to) {
    for (int i = from; i < to; i++) {
      LinearMemory.release(chunk(i) >>> 16, chunkPages());
    }
    if (from == 0 && chunks != 0) {
      LinearMemory.release(chunks >>> 16, 1);
      chunks = 0;
    }
  }

  private int chunksFor(int count) {
    return (int) (((long) count + (1 << shift) - 1) >>> shift);
  }

  @Override
  public void shrink(int count) {
    int needed = chunksFor(count);
    if (needed < chunkCount) {
      release(needed, chunkCount);
      chunkCount = needed;
    }
  }

  @Override
  public void release() {
    release(0, chunkCount);
    chunkCount = 0;
  }

  private int chunk(int index) {
    return Address.fromInt(chunks + 4 * index).getInt();
  }

  private int address(int ordinal) {
    return chunk(ordinal >>> shift) + (ordinal & ((1 << shift) - 1)) * strideBytes;
  }

  private int codeAddress(int ordinal) {
    return chunk(ordinal >>> shift)
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
    extremes.note(other.extremes);
  }

  @Override
  public double settle(int ordinal) {
    int address = address(ordinal);
    double norm = Kernels.norm(address, dimension);
    if (metric == Metric.COSINE) {
      Address.fromInt(address + 4 * dimension).putFloat((float) (1 / norm));
    }
    extremes.note(norm, metric != Metric.COSINE && Kernels.hasTiny(address, dimension) != 0);
    encode(ordinal, norm);
    return norm;
  }

  private void encode(int ordinal, double norm) {
    int codes = codeAddress(ordinal);
    // What is beyond the vector counts for nothing.
    Address.fromInt(codes + codeBytes - 8).putLong(0);
    float unit = Kernels.encode(address(ordinal), codes, dimension, rounding()) / MAX_CODE;
    double residual = residual(unit, MAX_CODE);
    Address behind = Address.fromInt(codes + codeBytes);
    behind.add(FACTOR).putFloat(bounds.factor(unit, norm));
    behind.add(ADDEND).putFloat(bounds.addend(norm));
    behind.add(ERROR).putFloat(bounds.error(residual, norm));
    behind.add(LENGTH).putFloat(bounds.length(residual, norm));
  }

  /** Where the kernels leave what rounding lost. */
  private static int rounding() {
    return scratch + 4 * MAX_DIMENSION;
  }

  private double residual(float unit, int largest) {
    return bounds.residual(unit, largest, Address.fromInt(rounding()).getFloat());
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
  public boolean isEqual(int ordinal, float[] vector) {
    Address from = Address.fromInt(address(ordinal));
    for (int i = 0; i < dimension; i++, from = from.add(4)) {
      if (from.getInt() != Float.floatToRawIntBits(vector[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Scorer scorer() {
    return new LinearScorer(false);
  }

  @Override
  public Scorer walker(Scorer scorer) {
    return new CodeScorer((LinearScorer) scorer);
  }

  @Override
  public Scorer linker() {
    return new LinearScorer(true);
  }

  @Override
  public VectorArena view() {
    LinearArena view = new LinearArena(dimension, metric, extremes);
    view.chunks = chunks;
    view.chunkCount = chunkCount;
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

    private boolean isQueryTiny;
    private final boolean isLinker;

    LinearScorer(boolean isLinker) {
      this.isLinker = isLinker && metric == Metric.DOT;
    }

    @Override
    public void query(float[] queried) {
      isQueryTiny = !isCosine && Extremes.hasTiny(queried, 0, dimension);
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
      isQueryTiny = false; // It is the arena's, which knows.
      if (isCosine && !Extremes.isModerate(factor)) {
        query(get(ordinal));
      }
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
      if (isRooted()) {
        return Extremes.root(inDoubles(address(ordinal)));
      }
      return one(address(ordinal));
    }

    private boolean isRooted() {
      return isLinker && extremes.areExtreme();
    }

    private float one(int row) {
      return score(
          isDistance
              ? Kernels.squaredDistance(query, row, dimension)
              : Kernels.dot(query, row, dimension),
          row);
    }

    /** What a kernel's result means. */
    private float score(float result, int row) {
      if (isCosine) {
        return Vectors.cosine(result, factor, inverseNorm(row));
      }
      boolean areTiny = isQueryTiny || extremes.areTiny();
      float sound = Extremes.isSound(result, areTiny) ? result : Extremes.rounded(inDoubles(row));
      return isDistance ? 0 - sound : sound;
    }

    private double inDoubles(int row) {
      double sum = 0;
      Address a = Address.fromInt(query);
      Address b = Address.fromInt(row);
      for (int i = 0; i < dimension; i++, a = a.add(4), b = b.add(4)) {
        double x = a.getFloat();
        double y = b.getFloat();
        sum += isDistance ? (x - y) * (x - y) : x * y;
      }
      return sum;
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      prepare();
      if (isRooted()) {
        for (int i = 0; i < count; i++) {
          nearness[i] = nearness(ordinals[i]);
        }
        return;
      }
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
      return score(Address.fromInt(scratch + 4 * (MAX_DIMENSION + index)).getFloat(), row);
    }
  }

  /**
   * Bounds by codes, but for queries of which none are known. A query becomes integers of 16 bits
   * at most, in units of its own.
   */
  private final class CodeScorer implements Scorer {

    private final LinearScorer exact;
    private final int[] single = new int[1];
    private final float[] singleNearness = new float[1];
    private boolean isExact;
    private double norm;
    private float factor;
    private float addend;
    private float reach;
    private float lost;

    CodeScorer(LinearScorer exact) {
      this.exact = exact;
    }

    @Override
    public boolean isExact() {
      return isExact;
    }

    @Override
    public void query(int queried) {
      exact.query(queried);
      begin(metric == Metric.COSINE ? 1.0 / exact.factor : Kernels.norm(exact.query, dimension));
    }

    @Override
    public void query(float[] queried) {
      exact.query(queried);
      // Under cosine the scorer has it normalized.
      begin(metric == Metric.COSINE ? 1 : Vectors.norm(queried, 0, dimension));
    }

    private void begin(double queryNorm) {
      norm = queryNorm;
      isExact = !bounds.hold(norm, extremes);
      addend = bounds.addend(norm);
      reach = bounds.reach(norm);
      codeScratchOwner = null;
    }

    private void prepare() {
      if (codeScratchOwner == this) {
        return;
      }
      codeScratchOwner = this;
      exact.prepare();
      // What is beyond the vector counts for nothing.
      Address end = Address.fromInt(codeScratch() + 2 * codeBytes);
      end.add(-16).putLong(0);
      end.add(-8).putLong(0);
      float unit =
          Kernels.encodeQuery(exact.query, codeScratch(), dimension, maxQuery, rounding())
              / maxQuery;
      factor = metric == Metric.COSINE ? (float) (unit / norm) : unit;
      lost = bounds.lost(residual(unit, maxQuery), norm);
    }

    @Override
    public float nearness(int scored) {
      single[0] = scored;
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
      for (int i = 0; i < count; i += BATCH) {
        batch(ordinals, i, Math.min(BATCH, count - i), nearness);
      }
    }

    @Override
    public float slack(int ordinal) {
      if (isExact) {
        return 0;
      }
      prepare();
      Address behind = Address.fromInt(codeAddress(ordinal) + codeBytes);
      return bounds.slack(
          reach * behind.add(ERROR).getFloat() + lost * behind.add(LENGTH).getFloat(),
          addend + behind.add(ADDEND).getFloat());
    }

    private void batch(int[] ordinals, int start, int count, float[] nearness) {
      int in = codeScratch() + 2 * MAX_DIMENSION;
      int out = in + 4 * BATCH;
      Address to = Address.fromInt(in);
      for (int i = 0; i < count; i++, to = to.add(4)) {
        to.putInt(ordinals[start + i]);
      }
      // The kernel scores four at a time.
      int last = ordinals[start + count - 1];
      to.putInt(last);
      to.add(4).putInt(last);
      to.add(8).putInt(last);
      Kernels.codeNearness(
          in,
          (count + 3) & -4,
          chunks,
          shift,
          strideBytes << shift,
          codeStrideBytes,
          codeBytes,
          codeScratch(),
          factor,
          addend,
          reach,
          lost,
          out);
      Address from = Address.fromInt(out);
      for (int i = 0; i < count; i++, from = from.add(4)) {
        nearness[start + i] = from.getFloat();
      }
    }
  }
}
