import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.SearchRequest;
import org.edgevec.storage.Durability;
import org.edgevec.table.MetadataCodec;
import org.edgevec.table.RecordCodec;

/**
 * Compares what JavaScript and its types say of limits and names with what Java says, which is the
 * one place where they are decided. Run by the build with core's classes:
 *
 * <pre>java -cp CLASSES Limits.java limits.js index.d.ts [--write]</pre>
 */
final class Limits {

  private static final Map<String, Integer> NUMBERS = new LinkedHashMap<>();

  static {
    NUMBERS.put("MAX_DIMENSION", Options.MAX_DIMENSION);
    NUMBERS.put("MAX_K", SearchRequest.MAX_K);
    NUMBERS.put("MAX_EF_SEARCH", SearchRequest.MAX_EF_SEARCH);
    NUMBERS.put("MIN_M", HnswOptions.MIN_M);
    NUMBERS.put("MAX_M", HnswOptions.MAX_M);
    NUMBERS.put("MAX_EF_CONSTRUCTION", HnswOptions.MAX_EF_CONSTRUCTION);
    NUMBERS.put("MAX_ID_BYTES", RecordCodec.MAX_ID_BYTES);
    NUMBERS.put("MAX_KEY_BYTES", MetadataCodec.MAX_KEY_BYTES);
    NUMBERS.put("MAX_KEYS", MetadataCodec.MAX_KEYS);
    NUMBERS.put("MAX_DEPTH", MetadataCodec.MAX_DEPTH);
    NUMBERS.put("MAX_METADATA_BYTES", MetadataCodec.MAX_BYTES);
    NUMBERS.put("MAX_INT", Integer.MAX_VALUE);
  }

  private Limits() {}

  public static void main(String[] arguments) throws IOException {
    Path module = Path.of(arguments[0]);
    if (arguments.length > 2 && arguments[2].equals("--write")) {
      Files.writeString(module, text());
    }
    List<String> wrong = new ArrayList<>(missing(Files.readString(Path.of(arguments[1]))));
    if (!Files.readString(module).equals(text())) {
      wrong.add(module + " is not what Java says; write it anew: Limits.java … --write");
    }
    if (!wrong.isEmpty()) {
      wrong.forEach(System.err::println);
      System.exit(1);
    }
  }

  private static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            /** Limits and names, as Java has them. Written and compared by src/build/Limits.java. */

            """);
    NUMBERS.forEach((name, value) -> text.append("export const %s = %d;%n".formatted(name, value)));
    text.append("export const METRICS = [%s];%n".formatted(names(Metric.values(), ", ")));
    text.append("export const DURABILITIES = [%s];%n".formatted(names(Durability.values(), ", ")));
    return text.toString();
  }

  private static String names(Enum<?>[] constants, String between) {
    return String.join(
        between,
        Arrays.stream(constants)
            .map(constant -> "'" + constant.name().toLowerCase(Locale.ROOT) + "'")
            .toList());
  }

  /** What the types say of them in words. */
  private static List<String> missing(String types) {
    String flat = types.replaceAll("\\s+\\* ", " ");
    String code = types.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("\\s+", " ");
    return List.of(
            "1 to " + Options.MAX_DIMENSION + ".",
            "hits at most, 1 to %,d.".formatted(SearchRequest.MAX_K),
            "keeps, 1 to %,d:".formatted(SearchRequest.MAX_EF_SEARCH),
            HnswOptions.MIN_M + " to " + HnswOptions.MAX_M + ".",
            "`m` to %,d;".formatted(HnswOptions.MAX_EF_CONSTRUCTION),
            "1 to %,d:".formatted(Integer.MAX_VALUE),
            "an id of 1 to " + RecordCodec.MAX_ID_BYTES + " UTF-8 bytes",
            "keys of 1 to " + MetadataCodec.MAX_KEY_BYTES + " UTF-8 bytes",
            "up to " + MetadataCodec.MAX_DEPTH + " levels",
            "Default " + HnswOptions.DEFAULT.m() + ".",
            "Default " + HnswOptions.DEFAULT.efConstruction() + ".",
            "Default " + HnswOptions.DEFAULT.minEntries() + ".",
            "Metric = | " + names(Metric.values(), " | ") + ";",
            "Durability = | " + names(Durability.values(), " | ") + ";")
        .stream()
        .filter(phrase -> !flat.contains(phrase) && !code.contains(phrase))
        .map(phrase -> "The types do not say \"" + phrase + "\", which is what Java says")
        .toList();
  }
}
