package org.edgevec.example.notes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.edgevec.example.notes.SentenceVectors.Sentence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SentenceModelTest {

  private static SentenceModel model;

  @BeforeAll
  static void load() {
    model = SentenceModel.load();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void vectorsAreThoseThatThePageIsComparedWith() throws IOException {
    List<Sentence> sentences = SentenceVectors.read();

    assertThat(sentences).hasSize(20);
    for (Sentence sentence : sentences) {
      float[] vector = model.vector(sentence.text());
      assertThat(vector).hasSize(SentenceModel.DIMENSION);
      assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
      // Other processors round otherwise, in the seventh digit.
      assertThat(dot(vector, sentence.vector())).as(sentence.text()).isGreaterThan(0.9999);
    }
  }

  @Test
  void tokensBeyondTheMostAreNotRead() {
    String words = "word ".repeat(SentenceModel.MAX_TOKENS - 2);

    assertThat(model.tokens(words)).isEqualTo(SentenceModel.MAX_TOKENS);
    assertThat(model.vector(words + "banana")).isEqualTo(model.vector(words));
    assertThat(model.vector(words.substring(5) + "banana")).isNotEqualTo(model.vector(words));
  }

  @Test
  void aTopicStandsBeforeItsText() {
    assertThat(model.vector(new Paragraph("Tea", "Hot."))).isEqualTo(model.vector("Tea\nHot."));
    assertThat(model.vector(new Paragraph("", "Hot."))).isEqualTo(model.vector("Hot."));
  }

  @Test
  void aParagraphThatIsLongerIsReadToItsEnd() {
    String text =
        "k 7; q 4, ".repeat(38)
            + "The bananas ripened in the hold of the ship, on their way over the sea.";
    assertThat(text.length()).isLessThan(500);
    float[] question = model.vector("ripe fruit on board");

    float[] vector = model.vector(new Paragraph("", text));

    assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
    assertThat(dot(vector, question)).isGreaterThan(0.05 + dot(model.vector(text), question));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
