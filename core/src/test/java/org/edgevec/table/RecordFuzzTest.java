package org.edgevec.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.InvalidInputException;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.bytes.ByteReader;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.edgevec.fuzz.Allowance;
import org.edgevec.vector.HeapArena;

/** Records, the payload of a log frame, and metadata. */
class RecordFuzzTest {

  /** Metadata decodes to what is encoded as the same bytes, or is refused. */
  @FuzzTest(maxDuration = "")
  void metadata(byte[] input) {
    Allowance.check(input.length, () -> readMetadata(input));
  }

  private static void readMetadata(byte[] input) {
    Map<String, Object> values;
    try {
      values = MetadataDecoder.decode(input);
    } catch (MalformedException e) {
      assertThat(e.what()).isNotBlank();
      return;
    }
    byte[] encoded = Metadata.copyOf(values).toBytes();
    if (hasNaN(values)) {
      // A NaN is kept, and not which of them.
      assertThat(MetadataDecoder.decode(encoded)).isEqualTo(values);
    } else {
      assertThat(encoded).isEqualTo(input);
    }
  }

  private static boolean hasNaN(Object value) {
    if (value instanceof Map<?, ?> map) {
      return hasNaN(new ArrayList<>(map.values()));
    }
    if (value instanceof List<?> list) {
      return list.stream().anyMatch(RecordFuzzTest::hasNaN);
    }
    return value instanceof Double number && number.isNaN();
  }

  /**
   * A payload applies as what is encoded as the same bytes, or is refused. Three bytes come before
   * it: the dimension, the metric, the number of records.
   */
  @FuzzTest(maxDuration = "")
  void records(byte[] input) {
    if (input.length >= 3) {
      Allowance.check(input.length, () -> apply(input));
    }
  }

  private static void apply(byte[] input) {
    int dimension = 1 + (input[0] & 0xff);
    Metric metric = Metric.values()[(input[1] & 0xff) % 3];
    int count = input[2] & 0xff;
    Table table = new Table(dimension, metric, HeapArena.SCALAR);
    try {
      table.apply(Records.decode(input, 3, input.length - 3, count, dimension));
    } catch (MalformedException e) {
      assertThat(e.what()).isNotBlank();
      return;
    }
    List<Change> changes = changes(input, dimension);
    assertThat(changes).hasSize(count);
    if (count > 0) {
      expectSame(changes, input, dimension, metric);
    }
    assertThat(table.liveIds()).isEqualTo(expectedIds(changes));
  }

  private static void expectSame(List<Change> changes, byte[] input, int dimension, Metric metric) {
    try {
      byte[] encoded = RecordCodec.encode(changes, dimension, metric).payload();
      assertThat(encoded).isEqualTo(Arrays.copyOfRange(input, 3, input.length));
    } catch (InvalidInputException e) {
      throw new AssertionError("what was read cannot be written", e);
    }
  }

  /** Reads a payload of which it is known that it is one. */
  private static List<Change> changes(byte[] input, int dimension) {
    List<Change> changes = new ArrayList<>();
    ByteReader in = new ByteReader(input, 3, input.length - 3);
    while (in.remaining() > 0) {
      boolean put = in.u8() == RecordCodec.PUT;
      int idLength = in.u16();
      int metadataLength = put ? in.u32() : 0;
      byte[] id = in.bytes(idLength);
      String text = Utf8.decode(id, 0, id.length);
      if (put) {
        Metadata metadata = Metadata.fromBytes(in.bytes(metadataLength));
        float[] vector = new float[dimension];
        LittleEndian.getFloats(input, in.take(4 * dimension), vector, 0, dimension);
        changes.add(new Change.Put(text, vector, metadata));
      } else {
        changes.add(new Change.Delete(text));
      }
    }
    return changes;
  }

  private static List<String> expectedIds(List<Change> changes) {
    List<String> ids = new ArrayList<>();
    Map<String, Boolean> seen = new HashMap<>();
    for (Change change : changes) {
      if (seen.remove(change.id()) != null) {
        ids.remove(change.id());
      }
      if (change instanceof Change.Put) {
        seen.put(change.id(), true);
        ids.add(change.id());
      }
    }
    return ids;
  }
}
