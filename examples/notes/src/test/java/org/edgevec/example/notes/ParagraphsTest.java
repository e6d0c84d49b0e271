package org.edgevec.example.notes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** That they are the page's own, NotesExampleTest in tests-browser sees. */
class ParagraphsTest {

  @Test
  void headingsAreTopicsAndBlankLinesSeparate() {
    assertThat(
            Paragraphs.of(
                "\uFEFFFirst.\r\n\r\n# One #\r\nSecond\rline.  \n\n \u00a0\n## Two\n\n\nThird.\n#no\n",
                "file"))
        .containsExactly(
            new Paragraph("file", "First."),
            new Paragraph("One", "Second\nline."),
            new Paragraph("Two", "Third.\n#no"));
  }

  @Test
  void codeIsKeptTogether() {
    assertThat(Paragraphs.of("```\n# no topic\n\nx = 1\n```\n\nBehind.", ""))
        .containsExactly(
            new Paragraph("", "```\n# no topic\n\nx = 1\n```"), new Paragraph("", "Behind."));
  }

  @Test
  void longParagraphsEndAtASentence() {
    String sentence = "It is so. ";
    assertThat(Paragraphs.of(sentence.repeat(110), ""))
        .extracting(paragraph -> paragraph.text().length())
        .containsExactly(499, 499, 99);
    assertThat(Paragraphs.of("x" + "😀".repeat(300), "").get(0).text()).hasSize(499);
  }

  @Test
  void aTopicHasAtMostTwoHundredCharacters() {
    Paragraph paragraph = Paragraphs.of("# " + "😀".repeat(300) + "\nText.", "").get(0);

    assertThat(paragraph.topic()).isEqualTo("😀".repeat(200));
  }

  @Test
  void nothingButBlanksHasNone() {
    assertThat(Paragraphs.of(" \n\t\n\u2003\n# Heading only\n", "")).isEmpty();
  }
}
