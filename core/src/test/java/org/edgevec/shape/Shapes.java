package org.edgevec.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.edgevec.Metric;
import org.edgevec.shape.Shape.Source;
import org.edgevec.shape.Shape.Space;

/** All shapes of the matrix. */
public final class Shapes {

  /** So many vectors come before those of another kind: just more than codes were tried on once. */
  static final int FIRST_KIND = 1_100;

  private static final int[] GROUP_SIZES = {5, 50, 500, 2_000};

  /** Not parsed from their names, nor names made of them: platforms differ in both. */
  private static final float[] NOISES = {0, 0.001f, 0.01f, 0.1f};

  private static final String[] NOISE_NAMES = {"0", "0.001", "0.01", "0.1"};
  private static final double[] FACTORS = {
    1e-27, 1e-22, 1e-19, 1e-17, 1e-10, 1, 1e10, 1e17, 1e19, 1e22, 1e28
  };
  private static final String[] FACTOR_NAMES = {
    "1e-27", "1e-22", "1e-19", "1e-17", "1e-10", "1", "1e10", "1e17", "1e19", "1e22", "1e28"
  };

  /** One of each is the Gaussian. */
  private static final int[] COPIES = {5, 10, 100};

  private static final List<Shape> MATRIX = all();
  private static final List<Shape> COPIES_ONLY = copiesOnly();
  private static final List<Shape> SCALES = allScales();

  private Shapes() {}

  /** Every one, in a fixed order. */
  public static List<Shape> matrix() {
    return MATRIX;
  }

  /** Those of equal vectors: each once and up to 400 times, in a row and shuffled. */
  public static List<Shape> copies() {
    return COPIES_ONLY;
  }

  /** Those of numbers at the edges of what a float holds. */
  public static List<Shape> scales() {
    return SCALES;
  }

  /** The one of that name. */
  public static Shape named(String name) {
    for (List<Shape> shapes : List.of(MATRIX, COPIES_ONLY, SCALES)) {
      for (Shape shape : shapes) {
        if (shape.name().equals(name)) {
          return shape;
        }
      }
    }
    throw new IllegalArgumentException("There is no shape \"" + name + "\".");
  }

  private static List<Shape> copiesOnly() {
    List<Shape> shapes = new ArrayList<>();
    for (boolean isShuffled : new boolean[] {false, true}) {
      for (int copies : new int[] {1, 2, 5, 10, 20, 33, 50, 100, 400}) {
        shapes.add(copies(copies, isShuffled));
      }
    }
    return List.copyOf(shapes);
  }

  private static List<Shape> allScales() {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < FACTORS.length; i++) {
      shapes.add(scale(FACTORS[i], FACTOR_NAMES[i]));
    }
    return List.copyOf(shapes);
  }

  private static List<Shape> all() {
    List<Shape> all = new ArrayList<>();
    all.add(new Shape("uniform", Shapes::uniform));
    all.add(new Shape("Gaussian", Shapes::gaussian));
    all.add(new Shape("clusters", Shapes::clusters));
    for (int size : GROUP_SIZES) {
      for (int i = 0; i < NOISES.length; i++) {
        all.add(groups(size, NOISES[i], NOISE_NAMES[i]));
      }
    }
    all.add(new Shape("an outlier component", space -> changed(space, 0, Shapes::putOutlier)));
    all.add(
        new Shape(
            "an outlier component later", space -> changed(space, FIRST_KIND, Shapes::putOutlier)));
    all.add(new Shape("offset", space -> changed(space, 0, Shapes::offset)));
    all.add(new Shape("offset later", space -> changed(space, FIRST_KIND, Shapes::offset)));
    all.add(new Shape("drift in time", Shapes::drift));
    all.add(new Shape("sorted", Shapes::sorted));
    all.add(new Shape("log-normal lengths", Shapes::logNormalLengths));
    all.add(new Shape("one-hot", Shapes::oneHot));
    for (int copies : COPIES) {
      all.add(copies(copies, false));
      all.add(copies(copies, true));
    }
    all.add(new Shape("versions of notes", Shapes::versions));
    all.add(new Shape("line of integers", Shapes::line));
    all.add(new Shape("grid of integers", Shapes::grid));
    all.add(new Shape("colors", Shapes::colors));
    all.add(new Shape("bags of words", Shapes::words));
    return List.copyOf(all);
  }

  /** Groups of near-duplicates around normally distributed centers, in no order. */
  private static Shape groups(int size, float noise, String noiseName) {
    return new Shape(
        "groups of " + size + " noise " + noiseName, space -> groups(space, size, noise));
  }

  /** Each of some normally distributed vectors several times, in a row or in no order. */
  static Shape copies(int copies, boolean isShuffled) {
    return new Shape(
        copies + (copies == 1 ? " copy" : " copies") + (isShuffled ? " shuffled" : " in a row"),
        space -> copies(space, copies, isShuffled));
  }

  /** Normally distributed vectors times a number. */
  private static Shape scale(double factor, String name) {
    return new Shape("scale " + name, space -> scaled(space, factor));
  }

  // --- how they are drawn ----------------------------------------------------------------------

  /** Makes the vector for a place. */
  private interface Drawing {
    float[] draw(int index);
  }

  /** A query is another vector drawn for one of the places. */
  private static Source redrawn(Space space, Drawing drawing) {
    return source(drawing, () -> drawing.draw(space.chance().below(space.count())));
  }

  /** Makes a query. */
  private interface Asking {
    float[] ask();
  }

  private static Source source(Drawing stored, Asking heldOut) {
    return new Source() {
      @Override
      public float[] stored(int index) {
        return stored.draw(index);
      }

      @Override
      public float[] heldOut() {
        return heldOut.ask();
      }
    };
  }

  private static Source uniform(Space space) {
    return redrawn(
        space,
        index -> {
          float[] vector = new float[space.dimension()];
          for (int i = 0; i < vector.length; i++) {
            vector[i] = 2 * space.chance().uniform() - 1;
          }
          return vector;
        });
  }

  private static Source gaussian(Space space) {
    return redrawn(space, index -> space.chance().normals(space.dimension()));
  }

  private static Source clusters(Space space) {
    ClusteredVectors vectors =
        new ClusteredVectors(space.dimension(), space.chance().below(1 << 30));
    return source(
        index -> vectors.base(index, 1)[0],
        // Whichever: there are more of them than anyone stores.
        () -> vectors.base((1 << 30) + space.chance().below(1 << 29), 1)[0]);
  }

  private static Source groups(Space space, int size, float noise) {
    Chance chance = space.chance();
    float[][] centers = new float[Math.max(1, space.count() / size)][];
    for (int i = 0; i < centers.length; i++) {
      centers[i] = chance.normals(space.dimension());
    }
    return redrawn(
        space, index -> near(centers[chance.below(centers.length)], noise, space.chance()));
  }

  private static float[] near(float[] center, float noise, Chance chance) {
    float[] vector = center.clone();
    for (int i = 0; i < vector.length; i++) {
      vector[i] += noise * chance.normal();
    }
    return vector;
  }

  /** Changes a vector. */
  private interface Change {
    void make(float[] vector, Metric metric);
  }

  private static Source changed(Space space, int from, Change change) {
    return redrawn(
        space,
        index -> {
          float[] vector = space.chance().normals(space.dimension());
          if (index >= from) {
            change.make(vector, space.metric());
          }
          return vector;
        });
  }

  /** One so much larger than the others that they round to nothing beside it. */
  private static void putOutlier(float[] vector, Metric metric) {
    vector[Math.min(5, vector.length - 1)] = metric == Metric.COSINE ? 30 : 300;
  }

  private static void offset(float[] vector, Metric metric) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] += 100;
    }
  }

  private static Source drift(Space space) {
    float[] direction = space.chance().normals(space.dimension());
    return redrawn(
        space,
        index -> {
          float[] vector = space.chance().normals(space.dimension());
          float way = 10f * index / space.count();
          for (int i = 0; i < vector.length; i++) {
            vector[i] += way * direction[i];
          }
          return vector;
        });
  }

  private static Source sorted(Space space) {
    float[][] vectors = new float[space.count()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = space.chance().normals(space.dimension());
    }
    Arrays.sort(vectors, (a, b) -> Float.compare(a[0], b[0]));
    return source(index -> vectors[index], () -> space.chance().normals(space.dimension()));
  }

  private static Source logNormalLengths(Space space) {
    return redrawn(
        space,
        index -> times(space.chance().normals(space.dimension()), space.chance().logNormal(1)));
  }

  private static float[] times(float[] vector, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * factor);
    }
    return vector;
  }

  private static Source scaled(Space space, double factor) {
    return redrawn(space, index -> times(space.chance().normals(space.dimension()), factor));
  }

  /** A query lies between two of them, nearer to one. */
  private static Source oneHot(Space space) {
    return source(
        index -> {
          float[] vector = new float[space.dimension()];
          vector[index % space.dimension()] = 1;
          return vector;
        },
        () -> {
          float[] vector = new float[space.dimension()];
          vector[space.chance().below(space.dimension())] += 0.5f;
          vector[space.chance().below(space.dimension())] += 1;
          return vector;
        });
  }

  private static Source copies(Space space, int copies, boolean isShuffled) {
    float[][] vectors = new float[space.count()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] =
          i % copies == 0 ? space.chance().normals(space.dimension()) : vectors[i - 1].clone();
    }
    if (isShuffled) {
      space.chance().shuffle(vectors);
    }
    return source(index -> vectors[index], () -> space.chance().normals(space.dimension()));
  }

  /** Each stored vector is the next version of one of the notes, 50 of each. */
  private static Source versions(Space space) {
    Chance chance = space.chance();
    float[][] notes = new float[Math.max(1, space.count() / 50)][];
    for (int i = 0; i < notes.length; i++) {
      notes[i] = chance.normals(space.dimension());
    }
    return redrawn(
        space,
        index -> {
          int note = chance.below(notes.length);
          notes[note] = near(notes[note], 0.02f, chance);
          return notes[note].clone();
        });
  }

  /** 1, 2, 3 and so on beside ones, in order. */
  private static Source line(Space space) {
    return source(
        index -> lineAt(index + 1f, space.dimension()),
        () -> lineAt(1 + space.count() * space.chance().uniform(), space.dimension()));
  }

  private static float[] lineAt(float place, int dimension) {
    float[] vector = new float[dimension];
    Arrays.fill(vector, 1);
    vector[0] = place;
    return vector;
  }

  /** The two numbers of a place in a square by turns. */
  private static Source grid(Space space) {
    int side = (int) Math.ceil(Math.sqrt(space.count()));
    return source(
        index -> gridAt(1 + index % side, 1 + index / side, space.dimension()),
        () ->
            gridAt(
                1 + side * space.chance().uniform(),
                1 + side * space.chance().uniform(),
                space.dimension()));
  }

  private static float[] gridAt(float x, float y, int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = i % 2 == 0 ? x : y;
    }
    return vector;
  }

  /** Whole numbers up to 255; not all of them 0, which is no direction. */
  private static Source colors(Space space) {
    return redrawn(
        space,
        index -> {
          float[] vector = new float[space.dimension()];
          for (int i = 0; i < vector.length; i++) {
            vector[i] = space.chance().below(256);
          }
          vector[0] = Math.max(1, vector[0]);
          return vector;
        });
  }

  /** How often each word occurs in a text of ten; some words are frequent, most are rare. */
  private static Source words(Space space) {
    return redrawn(
        space,
        index -> {
          float[] vector = new float[space.dimension()];
          for (int i = 0; i < 10; i++) {
            float rank = space.chance().uniform() * space.chance().uniform();
            vector[(int) (rank * vector.length)]++;
          }
          return vector;
        });
  }
}
