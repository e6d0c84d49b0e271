package org.edgevec.example.notes;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The Markdown files in a folder and the folders in it, hidden ones left out. All are read before
 * anything is written: a folder of which one file cannot be read becomes no database.
 */
final class NoteFiles {

  /** No text that anyone wrote is longer; one that is would take memory many times over. */
  static final long LARGEST_BYTES = 16L << 20;

  private NoteFiles() {}

  /**
   * A file's content.
   *
   * @param path below the folder, with slashes
   * @param modified milliseconds since 1970
   */
  record NoteFile(String path, String text, long modified) {

    /** The topic that the file's name suggests: without folder, ending and dashes. */
    String topic() {
      return path.replaceFirst("^.*/", "")
          .replaceFirst("\\.[^.]+$", "")
          .replaceAll("[-_]+", " ")
          .strip();
    }
  }

  /**
   * Reads them all, in the order of their paths.
   *
   * @throws NotesException if the folder is missing, cannot be read or has none, or if a file is
   *     not UTF-8 text
   */
  static List<NoteFile> read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new NotesException(
          Files.exists(folder)
              ? folder + " is not a folder. Give the folder that holds the Markdown files."
              : "There is no folder " + folder + ".");
    }
    try {
      List<Path> paths = markdownIn(folder);
      if (paths.isEmpty()) {
        throw new NotesException(
            "There is no Markdown in " + folder + ": no file whose name ends in .md or .markdown.");
      }
      List<NoteFile> files = new ArrayList<>();
      for (Path path : paths) {
        files.add(
            new NoteFile(
                folder.relativize(path).toString().replace(File.separatorChar, '/'),
                text(path),
                Files.getLastModifiedTime(path).toMillis()));
      }
      return files;
    } catch (IOException | UncheckedIOException e) {
      throw new NotesException(folder + " cannot be read: " + e, e);
    }
  }

  private static List<Path> markdownIn(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return !path.equals(folder) && isHidden(path)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !isHidden(path) && isMarkdown(path)) {
              found.add(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(found);
    return found;
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private static boolean isMarkdown(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".md") || name.endsWith(".markdown");
  }

  private static String text(Path path) throws IOException {
    long size = Files.size(path);
    if (size > LARGEST_BYTES) {
      throw new NotesException(
          path + " has " + size + " bytes, and " + LARGEST_BYTES + " are the most. Divide it.");
    }
    byte[] bytes = Files.readAllBytes(path);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw notText(path, "byte " + i + " is a zero, as in binary files and UTF-16");
      }
    }
    return decoded(path, ByteBuffer.wrap(bytes));
  }

  private static String decoded(Path path, ByteBuffer bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.remaining()); // No byte makes two of them.
    CoderResult result = decoder.decode(bytes, text, true);
    if (result.isError()) {
      throw notText(path, "byte " + bytes.position() + " begins no character");
    }
    return text.flip().toString();
  }

  private static NotesException notText(Path path, String why) {
    return new NotesException(
        path
            + " is not UTF-8 text: "
            + why
            + ". Save it as UTF-8, or move it out of the folder. Nothing was written.");
  }
}
