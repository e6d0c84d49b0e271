import java.nio.file.Path;
import org.edgevec.Entry;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.file.EdgeVec;

/** Opens the folder of a notebook that a browser wrote, and prints what is in it. */
public final class OpenNotebook {

  public static void main(String[] arguments) {
    Options options = Options.existing();
    try (VectorDatabase db = EdgeVec.open(Path.of(arguments[0]), options)) {
      System.out.println(db.size() + " notes");
      for (Entry entry : db.entries()) {
        System.out.println(entry.id() + "  " + entry.metadata().get("topic"));
      }
    }
  }
}
