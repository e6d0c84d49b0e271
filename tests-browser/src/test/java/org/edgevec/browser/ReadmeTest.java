package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The README's JavaScript runs as it is printed. */
@Timeout(60)
class ReadmeTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private static final Pattern BLOCK = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL);

  @Test
  void theExampleRunsAndPrintsTheCosines() throws IOException {
    TestPage page = SESSION.page();
    List<String> printed = new ArrayList<>();
    page.page().onConsoleMessage(message -> printed.add(message.text()));
    page.page()
        .evaluate(
            """
            (code) => new Promise((resolve, reject) => {
              window.onerror = (message) => reject(new Error(message));
              const script = document.createElement('script');
              script.type = 'module';
              script.textContent = code + '\\nwindow.readmeDone();';
              window.readmeDone = resolve;
              document.head.append(script);
            })
            """,
            example());
    float[] query = {0.8f, 0.4f, 0};
    assertThat(printed)
        .containsExactly(
            line("bread", cosine(query, new float[] {0.7f, 0.6f, 0.1f}), ""),
            line("tea", cosine(query, new float[] {0.9f, 0.1f, 0}), "Tea"));
    assertThat(page.run("return (await edgevec.open('notes')).size();")).isEqualTo("3");
  }

  private static String example() throws IOException {
    Matcher matcher = BLOCK.matcher(Files.readString(ModuleFolder.resolve("../README.md")));
    assertThat(matcher.find()).as("a block of JavaScript in the README").isTrue();
    return matcher.group(1);
  }

  private static String line(String id, double cosine, String title) {
    return String.format(Locale.ROOT, "%s %.3f %s", id, cosine, title);
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
