package org.edgevec.filter;

import org.edgevec.InvalidInputException;
import org.edgevec.bytes.Utf8;

/** Cuts a filter's text into tokens, one at a time. */
final class Tokenizer {

  /** What a token is. */
  enum Kind {
    /** A name that may be a keyword. */
    WORD,
    /** A name in double quotes, which is none. */
    NAME,
    /** A text in single quotes. */
    TEXT,
    NUMBER,
    /** {@code ?}, or a colon and a name. */
    PARAMETER,
    SYMBOL,
    END
  }

  private final String source;
  private int at;
  private int start;
  private Kind kind = Kind.END;
  private String text = "";
  private String keyword = "";
  private boolean hasFailed;

  /** At the first token. */
  Tokenizer(String source) {
    this.source = source;
    next();
  }

  Kind kind() {
    return kind;
  }

  /** Where the token begins. */
  int start() {
    return start;
  }

  /** The token's content: without quotes, and without the colon of a parameter. */
  String text() {
    return text;
  }

  /** Whether the token is this keyword, in upper case, or this symbol. */
  boolean is(String expected) {
    return keyword.equals(expected);
  }

  /** Whether an error was made here, which has a place. */
  boolean hasFailed() {
    return hasFailed;
  }

  /** Goes on to the next token. */
  void next() {
    while (at < source.length() && " \t\r\n".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
    start = at;
    keyword = "";
    char c = peek(0);
    if (at == source.length()) {
      kind = Kind.END;
    } else if (isNamePart(c) && !isDigit(c)) {
      kind = Kind.WORD;
      text = name();
      keyword = upper(text);
    } else if (c == '\'' || c == '"') {
      kind = c == '"' ? Kind.NAME : Kind.TEXT;
      text = quoted();
    } else if (isDigit(c) || (c == '-' || c == '+') && isDigit(peek(1))) {
      kind = Kind.NUMBER;
      text = number();
    } else if (c == '?' || c == ':') {
      kind = Kind.PARAMETER;
      at++;
      text = c == ':' ? name() : "";
      expect(c == '?' || !text.isEmpty(), "a name right behind the colon");
    } else {
      kind = Kind.SYMBOL;
      at += c == '<' && peek(1) == '>' || "<>!".indexOf(c) >= 0 && peek(1) == '=' ? 2 : 1;
      keyword = source.substring(start, at);
      expect("(),.<>=".indexOf(c) >= 0 || at == start + 2, "a name, a value or an operator");
    }
  }

  private char peek(int ahead) {
    return at + ahead < source.length() ? source.charAt(at + ahead) : 0;
  }

  private void expect(boolean isThere, String expected) {
    if (!isThere) {
      at += at == start ? 1 : 0;
      throw error(expected);
    }
  }

  private String name() {
    int from = at;
    while (isNamePart(peek(0))) {
      at++;
    }
    String name = source.substring(from, at);
    expect(Utf8.length(name) >= 0, "a whole character instead of half a pair");
    return name;
  }

  private String quoted() {
    StringBuilder content = new StringBuilder();
    int end = unquote(source, start, content);
    at = end < 0 ? source.length() : end;
    expect(end >= 0, "a " + source.charAt(start) + " where it ends");
    String result = content.toString();
    expect(Utf8.length(result) >= 0, "text without half a surrogate pair");
    return result;
  }

  /**
   * Reads what stands in quotes, which are doubled inside.
   *
   * @return where it ends, behind the quote, or -1 if it does not
   */
  static int unquote(String source, int start, StringBuilder content) {
    char quote = source.charAt(start);
    int from = start + 1;
    while (true) {
      int close = source.indexOf(quote, from);
      if (close < 0) {
        return -1;
      }
      content.append(source, from, close);
      if (close + 1 == source.length() || source.charAt(close + 1) != quote) {
        return close + 1;
      }
      content.append(quote);
      from = close + 2;
    }
  }

  private String number() {
    at++;
    digits();
    if (peek(0) == '.') {
      at++;
      expect(isDigit(peek(0)), "a digit behind the point");
      digits();
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      at += peek(1) == '-' || peek(1) == '+' ? 2 : 1;
      expect(isDigit(peek(0)), "an exponent behind the e");
      digits();
    }
    boolean isWhole = !isNamePart(peek(0));
    at += isWhole ? 0 : 1;
    expect(isWhole, "a number and then a space");
    return source.substring(start, at);
  }

  private void digits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /**
   * Letters, digits, underscore, dollar and what is beyond ASCII, but spaces and punctuation that
   * come with what is copied from a page.
   */
  static boolean isNamePart(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || isDigit(c)
        || c == '_'
        || c == '$'
        || c > 0xa0 && (c < 0x2000 || c > 0x206f) && c != 0x3000 && c != 0xfeff;
  }

  /** ASCII alone, which needs no tables. */
  static String upper(String word) {
    StringBuilder upper = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      upper.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
    }
    return upper.toString();
  }

  /** That something else than this token was expected. */
  InvalidInputException error(String expected) {
    hasFailed = true;
    String found =
        start == source.length() ? "the end" : Refusals.quoted(source.substring(start, at));
    return Refusals.refuse(place(start) + "found " + found + ", expected " + expected);
  }

  /** The beginning of a message about what is at an offset. */
  String place(int offset) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < offset; i++) {
      if (source.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return "line " + line + ", column " + (offset - lineStart + 1) + ": ";
  }
}
