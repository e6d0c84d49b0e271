package org.edgevec.example.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits Markdown as the page does ({@code splitParagraphs} in {@code
 * web-demo/src/main/web/text.js} ): blank lines separate paragraphs, and a heading is the topic of
 * those below it.
 */
final class Paragraphs {

  /**
   * Longer paragraphs are cut at the end of a sentence, so that each note stays about one thing and
   * is hardly longer than the model reads.
   */
  private static final int LONGEST = 500;

  /** As many as the page's field for a topic takes. */
  private static final int LONGEST_TOPIC = 200;

  private static final Pattern FENCE = Pattern.compile("^\\s*(```|~~~)");
  private static final Pattern HEADING = Pattern.compile("^ {0,3}#{1,6}\\s+(.+?)\\s*#*\\s*$");
  private static final Pattern LINE_END = Pattern.compile("\r\n?|\n");
  private static final Pattern AROUND =
      Pattern.compile("^[\\s\uFEFF]+|[\\s\uFEFF]+$", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern BEHIND =
      Pattern.compile("[\\s\uFEFF]+$", Pattern.UNICODE_CHARACTER_CLASS);

  private final List<Paragraph> found = new ArrayList<>();
  private final StringBuilder lines = new StringBuilder();
  private String topic;

  private Paragraphs(String topic) {
    this.topic = topic;
  }

  /**
   * The paragraphs of a text, in order.
   *
   * @param topic the topic until the first heading
   */
  static List<Paragraph> of(String text, String topic) {
    Paragraphs paragraphs = new Paragraphs(shortened(topic));
    paragraphs.read(text.startsWith("\uFEFF") ? text.substring(1) : text);
    return paragraphs.found;
  }

  private void read(String text) {
    boolean inFence = false;
    for (String line : LINE_END.split(text, -1)) {
      if (FENCE.matcher(line).find()) {
        inFence = !inFence;
      }
      Matcher heading = HEADING.matcher(line);
      if (!inFence && heading.matches()) {
        endParagraph();
        topic = shortened(heading.group(1));
      } else if (!inFence && trimmed(line).isEmpty()) {
        endParagraph();
      } else {
        lines.append(BEHIND.matcher(line).replaceFirst("")).append('\n');
      }
    }
    endParagraph();
  }

  private void endParagraph() {
    String paragraph = trimmed(lines.toString());
    lines.setLength(0);
    for (String part : cut(paragraph, LONGEST)) {
      found.add(new Paragraph(topic, part));
    }
  }

  /**
   * A text in parts, none of them blank, each of at most {@code longest} characters: cut behind the
   * last sentence that fits, else the last word, else in mid word (but not mid character).
   */
  static List<String> cut(String text, int longest) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    while (rest.length() > longest) {
      int end = cutPosition(rest, longest);
      parts.add(trimmed(rest.substring(0, end)));
      rest = trimmed(rest.substring(end));
    }
    parts.add(rest);
    parts.removeIf(String::isEmpty);
    return parts;
  }

  private static int cutPosition(String text, int longest) {
    int sentence = -1;
    for (String end : new String[] {". ", "! ", "? ", ".\n", "\n"}) {
      sentence = Math.max(sentence, text.lastIndexOf(end, longest - end.length()));
    }
    if (sentence > longest / 4) {
      return sentence + 1;
    }
    int space = text.lastIndexOf(' ', longest - 1);
    if (space > longest / 4) {
      return space + 1;
    }
    return Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
  }

  /** Without white space at either end, the same characters as JavaScript's {@code trim}. */
  static String trimmed(String text) {
    return AROUND.matcher(text).replaceAll("");
  }

  private static String shortened(String topic) {
    return topic.codePointCount(0, topic.length()) <= LONGEST_TOPIC
        ? topic
        : trimmed(topic.substring(0, topic.offsetByCodePoints(0, LONGEST_TOPIC)));
  }
}
