package org.edgevec.example.notes;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * The sentence model all-MiniLM-L6-v2, quantized: the file that the page runs, too. Its vectors and
 * the page's have a cosine of 0.99 and more to each other, so they can lie in one database.
 */
final class SentenceModel implements AutoCloseable {

  /** Stands beside every vector of this model: vectors of different models cannot be compared. */
  static final String SPACE = "all-minilm-l6-v2-q";

  /** Numbers in every vector. */
  static final int DIMENSION = 384;

  /** Longest text that is read to its end, the two tokens around it included. */
  static final int MAX_TOKENS = 128;

  /** A text that is longer is read in pieces of so many characters at most, as the page does it. */
  private static final int PIECE = 400;

  private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";

  private final EmbeddingModel model;
  private final HuggingFaceTokenizer tokenizer;

  private SentenceModel(EmbeddingModel model, HuggingFaceTokenizer tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads the model, which takes a second or two.
   *
   * @throws NotesException if it does not run on this machine
   */
  static SentenceModel load() {
    // Its files are on the class path; these keep the library from asking for others and counting.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    try (InputStream file = SentenceModel.class.getResourceAsStream(TOKENIZER)) {
      // One text at a time on this thread: a text in a batch has another vector than alone.
      EmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
      return new SentenceModel(
          model,
          HuggingFaceTokenizer.newInstance(
              file, Map.of("padding", "false", "truncation", "false")));
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new NotesException(
          "The sentence model does not run on this machine: "
              + e
              + ". It needs 64-bit Linux with glibc, macOS or Windows, and a home folder that can be"
              + " written to.",
          e);
    }
  }

  /**
   * The vector of a text alone, as of a question: {@link #DIMENSION} numbers, of length 1. What is
   * beyond {@link #MAX_TOKENS} is not read.
   */
  float[] vector(String text) {
    return model.embed(text).content().vector();
  }

  /**
   * The vector of a paragraph, whose topic stands before its text: the mean of the vectors of its
   * pieces, where it is longer than the model reads.
   */
  float[] vector(Paragraph paragraph) {
    String whole = withTopic(paragraph.topic(), paragraph.text());
    if (tokens(whole) <= MAX_TOKENS) {
      return vector(whole);
    }
    float[] sum = new float[DIMENSION];
    for (String piece : Paragraphs.cut(paragraph.text(), PIECE)) {
      float[] vector = vector(withTopic(paragraph.topic(), piece));
      for (int i = 0; i < DIMENSION; i++) {
        sum[i] += vector[i];
      }
    }
    return toUnitLength(sum);
  }

  private static String withTopic(String topic, String text) {
    return topic.isEmpty() ? text : topic + '\n' + text;
  }

  /** How many tokens a text has, with the two around it, read or not. */
  int tokens(String text) {
    return tokenizer.encode(text, true, false).getIds().length;
  }

  private static float[] toUnitLength(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
