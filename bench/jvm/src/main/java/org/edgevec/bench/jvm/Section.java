package org.edgevec.bench.jvm;

import org.edgevec.bench.Report;

/** A part of the benchmark that can be run by itself. */
interface Section {

  /** Measures, and tells the report. */
  void run(Settings settings, Report report) throws Exception;
}
