package org.edgevec.bench.browser;

import java.time.Duration;

/** A task was not done in the time that it was given. */
final class OverBudget extends RuntimeException {

  private static final long serialVersionUID = 1;

  OverBudget(Duration budget) {
    super("not done after " + budget.toSeconds() + " s");
  }
}
