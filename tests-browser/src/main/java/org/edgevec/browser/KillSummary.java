package org.edgevec.browser;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the rounds of {@link KillRounds} found. */
final class KillSummary {

  final Map<KillRounds.Victim, Integer> kills = new EnumMap<>(KillRounds.Victim.class);

  /** What the profile's files were seen to be. */
  final Set<IndexedDbFiles.Kind> storage = EnumSet.noneOf(IndexedDbFiles.Kind.class);

  /** Every broken promise, in words. */
  final List<String> violations = new ArrayList<>();

  String version = "did not start";
  long acknowledged;
  long recovered;
  int lost;
  int halfBatches;

  /** How often the browser itself lost the database, and how often EdgeVec said so. */
  int storesLost;

  int storesToldLost;

  /** How often the browser did not start at the first attempt. */
  int failedStarts;

  void print(PrintWriter out) {
    out.println();
    out.printf("%s, IndexedDB on %s%n", version, storageText());
    kills.forEach((victim, count) -> out.printf("kills of %-20s %8d%n", victim, count));
    out.printf("writes acknowledged           %8d%n", acknowledged);
    out.printf("writes recovered              %8d%n", recovered);
    out.printf("acknowledged writes lost      %8d%n", lost);
    out.printf("half batches                  %8d%n", halfBatches);
    out.printf(
        "stores lost by the browser    %8d (told as LOST: %d)%n", storesLost, storesToldLost);
    out.printf("starts of it that failed      %8d%n", failedStarts);
    out.printf("violations                    %8d%n", violations.size());
    violations.forEach(violation -> out.println("VIOLATION " + violation));
    out.println();
  }

  private String storageText() {
    return storage.isEmpty()
        ? "nothing"
        : storage.stream().map(Object::toString).collect(Collectors.joining(" and "));
  }
}
