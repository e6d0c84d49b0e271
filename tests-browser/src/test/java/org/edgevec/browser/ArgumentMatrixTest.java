package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything that a caller may give, for every argument of every public function and method that
 * {@code index.d.ts} declares: each call settles, with a typed error or rightly, nothing is written
 * that was refused, and the database is whole afterwards. See {@code argument-matrix.js}.
 */
@Timeout(900)
class ArgumentMatrixTest {

  @RegisterExtension static final BrowserSession CHROMIUM = BrowserSession.in(Engine.CHROMIUM);

  private record Round(
      List<String> wrong, List<String> slow, Map<String, Integer> columns, int next) {}

  @ParameterizedTest
  @EnumSource
  void nothingThatIsGivenDoesHarm(Host host) {
    assertThat(run(CHROMIUM, host)).isEmpty();
  }

  /** Runs all cases, prints how many, and returns what is wrong. */
  static List<String> run(BrowserSession session, Host host) {
    TestPage page = session.page();
    page.run("window.matrix = await import('/argument-matrix.js');");
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> columns = new TreeMap<>();
    for (Object name : page.list("return matrix.begin(" + (host == Host.WORKER) + ");")) {
      for (int next = 0; next >= 0; ) {
        Map<String, Object> from = Map.of("name", name, "from", next);
        Round round = new Gson().fromJson(page.run("return matrix.round(arg);", from), Round.class);
        wrong.addAll(round.wrong());
        round.slow().forEach(System.out::println);
        round.columns().forEach((column, count) -> columns.merge(column, count, Integer::sum));
        next = round.next();
      }
    }
    page.list("return matrix.end();").forEach(it -> wrong.add((String) it));
    int cases = columns.values().stream().mapToInt(Integer::intValue).sum();
    System.out.println("arguments, " + host + ": " + cases + " cases " + columns);
    return wrong;
  }
}
