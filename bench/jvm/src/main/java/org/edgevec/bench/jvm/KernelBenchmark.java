package org.edgevec.bench.jvm;

import java.util.concurrent.TimeUnit;
import org.edgevec.shape.ClusteredVectors;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.ScalarKernel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How long scoring one or four vectors takes that are in the cache already. JMH makes subclasses,
 * so this class is not final.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {

  /** The name of {@link ScalarKernel} among {@link #kernel}. */
  static final String SCALAR = "scalar";

  /** What {@code simd/} offers. */
  static final String VECTOR_API = "vector-api";

  @Param({SCALAR, VECTOR_API})
  String kernel = SCALAR;

  @Param({"128", "384", "768", "784"})
  int dimension;

  private Kernel measured = new ScalarKernel();
  private float[] query = {};
  private final float[][] rows = new float[4][];
  private final int[] starts = new int[4];
  private final float[] out = new float[4];

  /** Makes the vectors. */
  @Setup
  public void setUp() {
    measured = kernel.equals(SCALAR) ? new ScalarKernel() : EdgeVecPeer.kernel();
    if (!kernel.equals(SCALAR) && measured instanceof ScalarKernel) {
      throw new IllegalStateException("there is no Vector API here");
    }
    float[][] vectors = new ClusteredVectors(dimension, 1).base(0, 5);
    query = vectors[4];
    System.arraycopy(vectors, 0, rows, 0, 4);
  }

  @Benchmark
  public float dot() {
    return measured.dot(query, 0, rows[0], 0, dimension);
  }

  @Benchmark
  public float squaredDistance() {
    return measured.squaredDistance(query, 0, rows[0], 0, dimension);
  }

  @Benchmark
  public float[] dot4() {
    measured.dot4(query, 0, rows, starts, dimension, out, 0);
    return out;
  }

  @Benchmark
  public float[] squaredDistance4() {
    measured.squaredDistance4(query, 0, rows, starts, dimension, out, 0);
    return out;
  }
}
