package org.edgevec.bench.lucene;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;
import org.edgevec.bench.jvm.BuildParameters;
import org.edgevec.bench.jvm.Peer;
import org.jspecify.annotations.Nullable;

/**
 * Lucene with raw floats in {@link Lucene99HnswVectorsFormat}, in one segment, searched by {@link
 * KnnFloatVectorQuery} through an {@link IndexSearcher}, as its users do. Its {@code k} is what
 * others call {@code ef}: the query collects so many, of which the searcher returns the nearest.
 */
final class LucenePeer implements Peer {

  private static final String VECTOR = "vector";
  private static final String ORDINAL = "ordinal";

  /**
   * So large that all vectors are flushed at once, into one segment whose graph is never merged.
   */
  private static final double ONE_SEGMENT_MEGABYTES = 2_000;

  private @Nullable DirectoryReader reader;
  private @Nullable IndexSearcher searcher;

  @Override
  public String description() {
    return "version " + Version.LATEST + "; MMapDirectory, one segment, IndexSearcher";
  }

  @Override
  public double build(String way, float[][] base, BuildParameters parameters, Path folder)
      throws IOException {
    close();
    IndexWriterConfig config = new IndexWriterConfig().setCodec(codec(parameters));
    if (!way.equals(LucenePeerTask.DEFAULT_BUFFER)) {
      config.setRAMBufferSizeMB(ONE_SEGMENT_MEGABYTES);
    }
    long begin = System.nanoTime();
    try (MMapDirectory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config)) {
      add(writer, base);
      writer.forceMerge(1);
      writer.commit();
    }
    open(folder);
    return (System.nanoTime() - begin) / 1e9;
  }

  private static Lucene104Codec codec(BuildParameters parameters) {
    KnnVectorsFormat format =
        new Lucene99HnswVectorsFormat(parameters.m(), parameters.efConstruction());
    return new Lucene104Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
      }
    };
  }

  private static void add(IndexWriter writer, float[][] base) throws IOException {
    for (int i = 0; i < base.length; i++) {
      Document document = new Document();
      document.add(new KnnFloatVectorField(VECTOR, base[i], VectorSimilarityFunction.EUCLIDEAN));
      document.add(new NumericDocValuesField(ORDINAL, i));
      writer.addDocument(document);
    }
  }

  /** Opens the index in a folder for searching. */
  void open(Path folder) throws IOException {
    DirectoryReader opened = DirectoryReader.open(new MMapDirectory(folder));
    if (opened.leaves().size() != 1) {
      throw new IllegalStateException("there are " + opened.leaves().size() + " segments");
    }
    reader = opened;
    IndexSearcher search = new IndexSearcher(opened);
    // No answer shall come from a cache.
    search.setQueryCache(null);
    searcher = search;
  }

  @Override
  public Object search(float[] query, int k, int ef) throws IOException {
    IndexSearcher search = searcher;
    if (search == null) {
      throw new IllegalStateException("nothing is built");
    }
    return search.search(new KnnFloatVectorQuery(VECTOR, query, ef), k);
  }

  @Override
  public int[] ordinals(Object answer) throws IOException {
    ScoreDoc[] docs = ((TopDocs) answer).scoreDocs;
    int[] result = new int[docs.length];
    for (int i = 0; i < docs.length; i++) {
      result[i] = ordinal(docs[i].doc);
    }
    return result;
  }

  private int ordinal(int document) throws IOException {
    DirectoryReader opened = reader;
    List<LeafReaderContext> leaves = opened == null ? List.of() : opened.leaves();
    NumericDocValues values = leaves.get(0).reader().getNumericDocValues(ORDINAL);
    if (values == null || !values.advanceExact(document)) {
      throw new IllegalStateException("document " + document + " has no ordinal");
    }
    return (int) values.longValue();
  }

  @Override
  public void close() throws IOException {
    DirectoryReader opened = reader;
    reader = null;
    searcher = null;
    if (opened != null) {
      opened.close();
      opened.directory().close();
    }
  }
}
