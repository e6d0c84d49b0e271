package org.edgevec.file;

import java.nio.file.Path;
import org.edgevec.RecoveryReport;
import org.edgevec.VectorDatabase;

/**
 * Opens the database in the folder given, as the first thing a JVM does, and prints how long that
 * took in nanoseconds, what the recovery report says in milliseconds, and how many records were
 * replayed.
 */
final class ColdOpen {

  private ColdOpen() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    long begin = System.nanoTime();
    try (VectorDatabase db = EdgeVec.open(folder)) {
      long nanos = System.nanoTime() - begin;
      RecoveryReport report = db.recoveryReport();
      System.out.println(nanos + " " + report.durationMillis() + " " + report.replayedRecords());
    }
  }
}
