package org.edgevec.bench.lucene;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.bench.VecsFile;
import org.edgevec.bench.jvm.OpenTask;
import org.edgevec.bench.jvm.PeerTask;

/** Has Lucene in this JVM build an index, search it, and open it. */
public final class LucenePeerTask extends PeerTask {

  /** With the default buffer of 16 MB: many segments, merged while adding and at the end. */
  static final String DEFAULT_BUFFER = "default buffer, forceMerge(1)";

  private static final Gson GSON = new Gson();
  private static final int K = 10;

  private final LucenePeer lucene;

  public LucenePeerTask() {
    this(new LucenePeer());
  }

  private LucenePeerTask(LucenePeer lucene) {
    super(lucene);
    this.lucene = lucene;
  }

  @Override
  public Object handle(String command, JsonObject arguments) throws IOException {
    return command.equals("open")
        ? open(GSON.fromJson(arguments, OpenTask.Open.class))
        : super.handle(command, arguments);
  }

  private OpenTask.Opened open(OpenTask.Open open) throws IOException {
    lucene.close();
    float[] query = VecsFile.readFloats(Path.of(open.data()).resolve("query.fvecs"))[0];
    long begin = System.nanoTime();
    lucene.open(Path.of(open.folder()));
    long opened = System.nanoTime();
    int found = lucene.ordinals(lucene.search(query, K, OpenTask.EF)).length;
    long searched = System.nanoTime();
    if (found != K) {
      throw new IllegalStateException("there were " + found + " hits");
    }
    return new OpenTask.Opened((opened - begin) / 1e6, (searched - opened) / 1e6, 0, found, 0);
  }
}
