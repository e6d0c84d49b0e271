package org.edgevec.filter;

/**
 * Patterns of whole texts: {@code %} is any number of characters, {@code _} is one, and a backslash
 * makes either of them, or a backslash, stand for itself.
 */
final class Like {

  private Like() {}

  /**
   * The pattern with a backslash as the character that escapes.
   *
   * @param escape the character that does in {@code pattern}
   */
  static String pattern(String pattern, String escape) {
    if (Scalars.text(escape).codePointCount(0, escape.length()) != 1) {
      throw Refusals.refuse("ESCAPE takes one character");
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < pattern.length()) {
      boolean isEscaped = pattern.startsWith(escape, i);
      i += isEscaped ? escape.length() : 0;
      boolean isSpecial = i < pattern.length() && "%_".indexOf(pattern.charAt(i)) >= 0;
      if (isEscaped && !isSpecial && !pattern.startsWith(escape, i)) {
        throw Refusals.refuse(
            "in a LIKE pattern "
                + Refusals.quoted(escape)
                + " stands before %, _ or another "
                + Refusals.quoted(escape));
      }
      char c = pattern.charAt(i++);
      if (c == '\\' || isEscaped && isSpecial) {
        out.append('\\');
      }
      out.append(c);
    }
    return Scalars.text(out.toString());
  }

  /**
   * Whether a text matches: at most their lengths' product of steps, since it only ever goes back
   * to the last {@code %}; what stands before that has matched as early as it can.
   */
  static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int afterAny = -1;
    int anyEnd = 0;
    while (t < text.length()) {
      char c = p < pattern.length() ? pattern.charAt(p) : 0;
      int literal = c == '\\' ? p + 1 : p;
      if (c == '%') {
        afterAny = ++p;
        anyEnd = t;
      } else if (c == '_') {
        p++;
        t = next(text, t);
      } else if (literal < pattern.length() && pattern.charAt(literal) == text.charAt(t)) {
        p = literal + 1;
        t++;
      } else if (afterAny < 0) {
        return false;
      } else {
        p = afterAny;
        anyEnd = next(text, anyEnd);
        t = anyEnd;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '%') {
      p++;
    }
    return p == pattern.length();
  }

  private static int next(String text, int at) {
    return at + Character.charCount(text.codePointAt(at));
  }
}
