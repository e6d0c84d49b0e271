package org.edgevec.example.notes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Sentences with their vectors from the JVM, in {@code src/test/resources/sentences.tsv}: what the
 * vectors of a page are compared with. A line is a sentence, a tab, and its floats, little-endian,
 * in base64. {@link #main} writes the file.
 */
final class SentenceVectors {

  private static final Path FILE = Path.of("src/test/resources/sentences.tsv");

  private static final List<String> SENTENCES =
      List.of(
          "Salt",
          "The kettle is full of chalk again.",
          "How do I get the white crust out of it?",
          "Bread keeps best in a wooden box, cut side down, and never in the cold.",
          "A bicycle chain that squeaks wants oil, and one that skips wants replacing.",
          "My car makes a strange noise when I turn left.",
          "She planted the tulips in October, before the first frost, and saw them in April.",
          "Light is scattered by the air, blue more than red, so the sky is blue by day.",
          "What did the committee decide about the budget for 2027?",
          "Nobody came to the meeting on Tuesday, so it was put off by a week.",
          "An acknowledged write survives the crash.",
          "Copy the photographs to a second disk, and keep that disk in another house.",
          "The train to Lisbon leaves at 9:40 from platform 3; seats must be booked.",
          "Karl Landsteiner found the blood groups in Vienna, around 1900.",
          "I felt lonely after the move, and better once I had joined the choir.",
          "Simmer the broth for three hours, skim it now and then, strain it through a cloth, and"
              + " salt it only at the end, because what boils away leaves its salt behind.",
          "café naïve Ångström straße",
          "No! Really?! Yes… well -- (perhaps) \"maybe\" it's 50 % off.",
          "To be, or not to be: that is the question.",
          "Water expands when it freezes, which bursts pipes, lifts paving stones, and keeps lakes"
              + " from freezing to their ground, since ice swims; without that, few fish would live"
              + " through a winter in the north.");

  private SentenceVectors() {}

  @SuppressWarnings("ArrayRecordComponent") // only read, and never compared
  record Sentence(String text, float[] vector) {}

  static List<Sentence> read() throws IOException {
    List<Sentence> sentences = new ArrayList<>();
    for (String line : Files.readAllLines(FILE)) {
      String[] parts = line.split("\t", -1);
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(parts[1])).order(ByteOrder.LITTLE_ENDIAN);
      float[] vector = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(vector);
      sentences.add(new Sentence(parts[0], vector));
    }
    return sentences;
  }

  /** Writes the file anew; run in the module's folder. */
  public static void main(String[] arguments) throws IOException {
    List<String> lines = new ArrayList<>();
    try (SentenceModel model = SentenceModel.load()) {
      for (String sentence : SENTENCES) {
        float[] vector = model.vector(sentence);
        ByteBuffer bytes =
            ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        lines.add(sentence + '\t' + Base64.getEncoder().encodeToString(bytes.array()));
      }
    }
    Files.write(FILE, lines);
  }
}
