package org.edgevec.teavm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of JavaScript that holds bodies of {@code @JSBody} methods: functions that begin at the
 * left margin, and end with a brace there.
 */
final class ScriptFile {

  private static final Pattern FUNCTION =
      Pattern.compile(
          "^(export )?((?:async )?function (\\w+)\\(([^)]*)\\) \\{\\n(.*?)^\\})$",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern IMPORT = Pattern.compile("^import\\b", Pattern.MULTILINE);

  private record Body(List<String> params, String text) {}

  private final String name;
  private final Map<String, Body> bodies = new HashMap<>();
  private final StringBuilder helpers = new StringBuilder();

  /**
   * @param name of the file, for messages
   */
  ScriptFile(String name, String text) {
    this.name = name;
    if (IMPORT.matcher(text).find()) {
      throw new IllegalStateException(name + " imports something; StaticBodies does not know how.");
    }
    Matcher function = FUNCTION.matcher(text);
    while (function.find()) {
      if (function.group(1) == null) {
        helpers.append(function.group(2)).append('\n');
      } else {
        String params = function.group(4).strip();
        List<String> names = params.isEmpty() ? List.of() : List.of(params.split(",\\s*"));
        bodies.put(function.group(3), new Body(names, function.group(5)));
      }
    }
  }

  /** The functions that are not exported, which the bodies use. */
  String helpers() {
    return helpers.toString();
  }

  /**
   * What is between the braces of an exported function.
   *
   * @param params the names that the Java method gives its parameters
   */
  String body(String function, List<String> params) {
    Body body = bodies.get(function);
    if (body == null) {
      throw new IllegalStateException(name + " exports no function " + function + ".");
    }
    if (!body.params().equals(params)) {
      throw new IllegalStateException(
          name + ": " + function + " takes " + body.params() + ", and Java gives " + params + ".");
    }
    return body.text();
  }
}
