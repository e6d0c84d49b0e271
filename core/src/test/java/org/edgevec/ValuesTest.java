package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of the public face: compared by what they hold, readable, and able to grow. */
final class ValuesTest {

  /** Pairs that are equal, each followed by what differs from it in one part each. */
  private static Stream<List<List<Object>>> values() {
    Metadata metadata = Metadata.of("a", 1);
    return Stream.of(
        List.of(
            List.of(Hit.of("x", 1, metadata), Hit.of("x", 1, Metadata.of("a", 1))),
            List.of(
                Hit.of("y", 1, metadata),
                Hit.of("x", 2, metadata),
                Hit.of("x", 1, Metadata.empty()))),
        List.of(
            List.of(
                Entry.of("x", new float[] {1, 2}, metadata),
                Entry.of("x", new float[] {1, 2}, metadata)),
            List.of(
                Entry.of("y", new float[] {1, 2}, metadata),
                Entry.of("x", new float[] {1, 3}, metadata),
                Entry.of("x", new float[] {1, 2}, Metadata.empty()))),
        List.of(
            List.of(request().efSearch(7).exact(), request().exact().efSearch(7)),
            List.of(
                request().exact(),
                request().efSearch(7),
                SearchRequest.of(new float[] {1, 2}, 4).efSearch(7).exact(),
                SearchRequest.of(new float[] {1, 3}, 3).efSearch(7).exact())),
        List.of(
            List.of(Filter.eq("a", 1), Filter.parse("a = ?", 1L)),
            List.of(Filter.eq("b", 1), Filter.eq("a", 1.0), Filter.ne("a", 1), Filter.gt("a", 1))),
        List.of(
            List.of(HnswOptions.of(4, 20).minEntries(7), HnswOptions.of(4, 20).minEntries(7)),
            List.of(
                HnswOptions.DEFAULT,
                HnswOptions.of(5, 20).minEntries(7),
                HnswOptions.of(4, 21).minEntries(7),
                HnswOptions.of(4, 20))),
        List.of(
            List.of(CheckpointPolicy.of(1, 2), CheckpointPolicy.of(1, 2)),
            List.of(CheckpointPolicy.of(2, 2), CheckpointPolicy.of(1, 3), CheckpointPolicy.MANUAL)),
        List.of(List.of(options(), options()), others()));
  }

  private static SearchRequest request() {
    return SearchRequest.of(new float[] {1, 2}, 3);
  }

  private static Options options() {
    return Options.of(2, Metric.L2)
        .durability(Durability.RELAXED)
        .createIfMissing(false)
        .salvage(true)
        .checkpointPolicy(CheckpointPolicy.MANUAL)
        .hnsw(HnswOptions.of(4, 20))
        .indexingThreads(3);
  }

  private static List<Object> others() {
    return List.of(
        Options.existing(),
        Options.of(2, Metric.L2),
        options().durability(Durability.STRICT),
        options().createIfMissing(true),
        options().salvage(false),
        options().checkpointPolicy(CheckpointPolicy.DEFAULT),
        options().hnsw(HnswOptions.DEFAULT),
        options().indexingThreads(4));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valuesAreComparedByWhatTheyHold(List<List<Object>> given) {
    Object value = given.get(0).get(0);
    Object same = given.get(0).get(1);
    assertThat(value).isEqualTo(same).hasSameHashCodeAs(same).hasToString(same.toString());
    for (Object other : given.get(1)) {
      assertThat(value).isNotEqualTo(other);
      assertThat(value.toString()).isNotEqualTo(other.toString());
    }
    assertThat(value).isNotEqualTo(null).isNotEqualTo("text");
  }

  @Test
  void changingOneOptionKeepsTheOthers() {
    assertThat(options())
        .hasToString(
            "Options[dimension=2, metric=L2, durability=RELAXED, createIfMissing=false,"
                + " salvage=true, checkpointPolicy="
                + CheckpointPolicy.MANUAL
                + ", hnsw=HnswOptions[m=4, efConstruction=20, minEntries=1000],"
                + " indexingThreads=3]");
    assertThat(SearchRequest.of(new float[5], 3).efSearch(7).exact())
        .hasToString(
            "SearchRequest[query=[0.0, 0.0, 0.0, 0.0, … 5 components], k=3, efSearch=7,"
                + " exact=true]");
  }

  /** What a database tells of itself, twice. */
  @Test
  void whatADatabaseTellsIsComparedAndRead() {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    Platform platform = TestPlatform.seeded(1);
    try (VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(disk), Options.of(2, Metric.L2), platform)) {
      Stats before = db.stats();
      assertThat(before).isEqualTo(db.stats()).hasSameHashCodeAs(db.stats());
      assertThat(before.toString()).startsWith("Stats[size=0, dimension=2, metric=L2");
      db.put("a", new float[] {1, 2});
      assertThat(before).isNotEqualTo(db.stats());
      assertThat(before.size()).isZero();
      assertThat(db.recoveryReport()).isEqualTo(db.recoveryReport());
      assertThat(db.recoveryReport().toString()).startsWith("RecoveryReport[created=true");
      VerifyReport intact = db.verify(ProgressListener.NONE);
      assertThat(intact).isEqualTo(db.verify(ProgressListener.NONE));
      assertThat(intact.toString()).startsWith("VerifyReport[files=");
      assertThat(intact.isIntact()).isTrue();
      assertThatThrownBy(() -> intact.notes().add("x"))
          .isInstanceOf(UnsupportedOperationException.class);
    }
    SalvageReport report =
        VectorDatabase.salvage(
            MemoryStorage.open(disk),
            () -> MemoryStorage.open(new MemoryStorage.Disk()),
            platform,
            ProgressListener.NONE);
    assertThat(report.toString()).startsWith("SalvageReport[entries=1, lastSequence=1");
    assertThat(report.lostBatches()).isZero();
  }

  /** So that what is added later breaks nobody who compiled against them. */
  @Test
  void noValueIsARecordOrHasAPublicConstructor() {
    for (Class<?> type :
        List.of(
            CheckpointPolicy.class,
            Entry.class,
            Filter.class,
            Hit.class,
            HnswOptions.class,
            Options.class,
            RecoveryReport.class,
            SalvageReport.class,
            SearchRequest.class,
            Stats.class,
            VerifyReport.class,
            VerifyReport.Damage.class)) {
      assertThat(type.isRecord()).as(type.getName()).isFalse();
      assertThat(Modifier.isFinal(type.getModifiers())).as(type.getName()).isTrue();
      assertThat(type.getConstructors()).as(type.getName()).isEmpty();
    }
  }
}
