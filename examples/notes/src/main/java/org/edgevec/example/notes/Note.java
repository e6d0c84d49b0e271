package org.edgevec.example.notes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.edgevec.Metadata;

/**
 * An entry of the notebook that the page keeps, but for its vector.
 *
 * @param id of the page's form, {@code note/} and 128 bits
 * @param created milliseconds since 1970
 */
record Note(String id, Paragraph paragraph, long created) {

  private static final int ID_BYTES = 16;

  /**
   * The note at a place in a file.
   *
   * <p>The page draws its ids at random. Here the place decides: whoever embeds a folder again gets
   * the same ids, so that notes are replaced and not doubled.
   *
   * @param path of the file, below the folder, with slashes
   * @param index of the note in the file
   */
  static Note at(String path, int index, Paragraph paragraph, long created) {
    byte[] digest = sha256().digest((path + '\n' + index).getBytes(StandardCharsets.UTF_8));
    String bits = HexFormat.of().formatHex(Arrays.copyOf(digest, ID_BYTES));
    return new Note("note/" + bits, paragraph, created);
  }

  /** What the page stores of a note, and the space that its vector lies in. */
  Metadata metadata(String space) {
    return Metadata.of(
        "topic",
        paragraph.topic(),
        "text",
        paragraph.text(),
        "sample",
        false,
        "created",
        created,
        "space",
        space);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
