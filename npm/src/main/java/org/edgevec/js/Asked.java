package org.edgevec.js;

import org.edgevec.HnswOptions;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.idb.IndexedDbStorage;
import org.edgevec.idb.IndexedDbStorage.WhenMissing;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of {@code open} said a database is like.
 *
 * @param dimension or 0
 * @param metric or null
 */
record Asked(int dimension, @Nullable Metric metric) {

  static Asked of(int dimension, String metric) {
    if (dimension != 0) {
      // Refuses a dimension out of range even where it only is to be compared.
      Options.of(dimension, Metric.L2);
    }
    return new Asked(dimension, metric.isEmpty() ? null : Names.metric(metric));
  }

  Options options() {
    return dimension == 0 || metric == null ? Options.existing() : Options.of(dimension, metric);
  }

  /** Insists on what core could not check, since it takes both or neither. */
  private void check(VectorDatabase database) {
    boolean same =
        (dimension == 0 || dimension == database.dimension())
            && (metric == null || metric == database.metric());
    if (!same) {
      throw new InvalidInputException(
          Code.OPTIONS_MISMATCH,
          "This database holds vectors of "
              + database.dimension()
              + " components under '"
              + Names.of(database.metric())
              + "', which is not what was asked for. Open it with its own, or with none to have"
              + " them read.");
    }
  }

  /** Opens the database in a storage, and returns its handle. */
  int open(IndexedDbStorage storage, Options options) {
    VectorDatabase database = VectorDatabase.open(storage, options, new BrowserPlatform());
    storage.urgent(false);
    try {
      check(database);
    } catch (InvalidInputException e) {
      database.close();
      throw e;
    }
    return Handles.add(new Handles.Open(database, storage));
  }

  /** What to do where there is no database. */
  static WhenMissing whenMissing(Options options, boolean acceptLoss) {
    if (!options.createIfMissing() || options.metric() == null || options.salvage()) {
      return WhenMissing.REFUSE;
    }
    return acceptLoss ? WhenMissing.CREATE_EVEN_IF_LOST : WhenMissing.CREATE;
  }

  /** The numbers for a graph; 0 is what {@link HnswOptions#DEFAULT} says. */
  static HnswOptions hnsw(int m, int efConstruction, int minEntries) {
    HnswOptions ours = HnswOptions.DEFAULT;
    return HnswOptions.of(
            m == 0 ? ours.m() : m, efConstruction == 0 ? ours.efConstruction() : efConstruction)
        .minEntries(minEntries == 0 ? ours.minEntries() : minEntries);
  }
}
