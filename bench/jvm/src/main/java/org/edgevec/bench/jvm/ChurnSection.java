package org.edgevec.bench.jvm;

import org.edgevec.bench.Report;
import org.edgevec.bench.Table;

/** Whether recall decays when vectors are replaced. */
final class ChurnSection implements Section {

  private static final int[] EFS = {10, 16, 24, 40, 64, 100, 200};

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Recall after churn");
    ChurnTask.Churn churn =
        new ChurnTask.Churn(
            settings.work().resolve("churn").toString(),
            settings.size(2_000, 50_000),
            settings.size(16, 128),
            settings.queries(),
            20,
            settings.parameters(),
            EFS);
    ChurnTask.Recalls recalls;
    try (Child child = settings.startEdgeVec(ChurnTask.class)) {
      recalls = child.ask("churn", churn, ChurnTask.Recalls.class);
    }
    Table table =
        new Table(
            String.format("Half of %,d × %d replaced", churn.count(), churn.dimension()),
            "ef",
            "recall@10, replaced in " + churn.steps() + " steps",
            "recall@10, built from the result",
            "difference");
    for (int i = 0; i < EFS.length; i++) {
      double churned = recalls.churned()[i];
      double fresh = recalls.fresh()[i];
      table.row(
          Integer.toString(EFS[i]),
          String.format("%.4f", churned),
          String.format("%.4f", fresh),
          String.format("%+.4f", churned - fresh));
    }
    report.text("The aim is a difference of no more than 0.01.");
    report.table(table);
    report.value("recalls", recalls);
  }
}
