package org.edgevec.idb;

/**
 * A rejected promise: the name and message of what it was rejected with. Never leaves this package.
 */
final class JsFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final String text;

  JsFailure(String name, String text) {
    super(name + ": " + text);
    this.name = name;
    this.text = text;
  }

  /** The {@code DOMException}'s name, such as {@code QuotaExceededError}. */
  String name() {
    return name;
  }

  /** What the browser says about it. */
  String text() {
    return text;
  }
}
