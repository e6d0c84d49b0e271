package org.edgevec;

/** What public values are made of, as text. */
final class Facts {

  private Facts() {}

  /** A record's text under another name. */
  static String text(String name, Record facts) {
    String text = facts.toString();
    return name + text.substring(text.indexOf('['));
  }
}
