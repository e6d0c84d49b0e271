package org.edgevec.browser;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the package as broken deployments and caches do: under {@code /changed/KEY/FILE/HOW/} with
 * one file changed in one {@linkplain How way}, until {@code /mend/KEY} is asked for. The key is
 * any word; what was mended stays so under it.
 */
final class ChangedFiles {

  private static final Map<String, String> TYPES =
      Map.of("js", "text/javascript", "wasm", "application/wasm");

  private static final Pattern STAMP = Pattern.compile("[\"'`]([0-9a-f]{12})[\"'`]");
  private static final Pattern ABORT = Pattern.compile("try\\{\\w+\\.abort\\(\\);?\\}catch\\{\\}");
  private static final String PAGE = "<!doctype html><title>Shop</title><p>Welcome";

  /** Between the timers of a package that is to be impatient and the real ones. */
  private static final String IMPATIENT =
      "{const real = setTimeout; globalThis.setTimeout ="
          + " (body, millis, ...args) => real(body, millis > 20000 ? millis / 60 : millis, ...args);}";

  private final Path folder;
  private final Set<String> mended = ConcurrentHashMap.newKeySet();

  /** Answers that do not come until what is wrong is mended. */
  private final Map<String, CompletableFuture<Void>> stuck = new ConcurrentHashMap<>();

  /** What a file is like. */
  private enum How {
    /** Of another build. */
    OTHER,
    /** The same, as long as the request does not ask to go past all caches. */
    CACHED,
    /** Of a build that had no stamps yet. */
    UNSTAMPED,
    TRUNCATED,
    EMPTY,
    /** A page with status 200, as servers with a fallback for all addresses answer. */
    HTML,
    NOT_FOUND,
    FAILING,
    /** What it should be, under another MIME type. */
    UNTYPED,
    /** Imports something that there is not. */
    UNLINKABLE,
    /** Lets a transaction in which something throws be committed as it is. */
    UNABORTED,
    /** Never comes. */
    STUCK,
    /** Of a script: throws. */
    THROWING,
    /** Of a worker: ends at once. */
    ENDING,
    /** Of a script: does nothing. */
    SILENT
  }

  ChangedFiles(Path folder) {
    this.folder = folder;
  }

  void addTo(Javalin server) {
    server.get("/changed/{key}/{file}/{how}/{name}", this::serve);
    server.get("/mend/{key}", this::mend);
  }

  private void mend(Context context) {
    mended.add(context.pathParam("key"));
    stuck(context).complete(null);
    context.result("mended");
  }

  private CompletableFuture<Void> stuck(Context context) {
    return stuck.computeIfAbsent(context.pathParam("key"), key -> new CompletableFuture<>());
  }

  private void serve(Context context) throws IOException {
    String name = context.pathParam("name");
    context.header("Cache-Control", "no-store");
    context.contentType(TYPES.getOrDefault(name.substring(name.indexOf('.') + 1), "text/plain"));
    byte[] bytes = Files.readAllBytes(folder.resolve(name).normalize());
    boolean isChanged =
        name.equals(context.pathParam("file")) && !mended.contains(context.pathParam("key"));
    if (isChanged) {
      serveChanged(context, How.valueOf(context.pathParam("how")), bytes);
    } else {
      context.result(name.equals("worker.js") ? impatient(bytes) : bytes);
    }
  }

  private static byte[] impatient(byte[] script) {
    return bytes(text(script) + IMPATIENT);
  }

  private void serveChanged(Context context, How how, byte[] file) {
    switch (how) {
      case OTHER -> context.result(stamped(file, "0123456789ab"));
      case CACHED -> serveCached(context, file);
      case UNSTAMPED -> context.result(unstamped(file));
      case TRUNCATED -> context.result(Arrays.copyOf(file, file.length / 2));
      case EMPTY -> context.result(new byte[0]);
      case HTML -> context.contentType("text/html").result(PAGE);
      case NOT_FOUND -> context.status(404).result("no such file");
      case FAILING -> context.status(503).result("come again");
      case UNTYPED -> context.contentType("text/plain").result(file);
      case UNLINKABLE -> context.result(replaced(file, "teavmMath", "teavmMyth"));
      case UNABORTED -> context.result(unaborted(file));
      case STUCK -> context.future(() -> stuck(context));
      case THROWING -> context.result("throw new Error('thrown by the script');");
      case ENDING -> context.result("close();");
      case SILENT -> context.result("// Nothing.");
    }
  }

  private static void serveCached(Context context, byte[] file) {
    boolean isPastCaches = "no-cache".equals(context.header("Cache-Control"));
    context.result(isPastCaches ? file : stamped(file, "0123456789ab"));
  }

  /** A file with another stamp: the same text in the place of its own. */
  private static byte[] stamped(byte[] file, String stamp) {
    return replaced(file, stampOf(file), stamp);
  }

  private static String stampOf(byte[] file) {
    String text = text(file);
    Matcher script = STAMP.matcher(text);
    if (script.find()) {
      return script.group(1);
    }
    int section = text.indexOf("edgevec.build");
    if (section < 0) {
      throw new IllegalStateException("this file has no stamp");
    }
    return text.substring(section + 13, section + 25);
  }

  private static byte[] unstamped(byte[] file) {
    String text = text(file);
    if (text.contains("edgevec.build") && !text.contains("customSections")) {
      return replaced(file, "edgevec.build", "edgevec.built");
    }
    // What it exports, and what a worker tells.
    String unsaid = text.replaceAll("\\w+ as build,?", "").replaceAll("\\bbuild:\\w+\\}\\)", "})");
    return bytes(unsaid.replace(stampOf(file), ""));
  }

  private static byte[] unaborted(byte[] file) {
    Matcher abort = ABORT.matcher(text(file));
    if (!abort.find()) {
      throw new IllegalStateException("this file aborts nothing");
    }
    return bytes(abort.replaceAll("try{}catch{}"));
  }

  private static byte[] replaced(byte[] file, String from, String to) {
    String text = text(file);
    if (!text.contains(from)) {
      throw new IllegalStateException("this file has no " + from);
    }
    return bytes(text.replace(from, to));
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
