package org.edgevec.example.notes;

/** What the person at the command line has to know, and what to do about it. */
final class NotesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotesException(String message) {
    super(message);
  }

  NotesException(String message, Throwable cause) {
    super(message, cause);
  }
}
