package org.edgevec.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.edgevec.InvalidInputException;
import org.edgevec.Metadata;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.bytes.Digits;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.junit.jupiter.api.Test;

class MetadataCodecTest {

  /** A gigabyte, of one text named again and again. */
  @Test
  void aListThatIsTooLongIsRefusedBeforeAllOfItIsEncoded() {
    String text = "x".repeat(1000);
    Map<String, ?> map = Map.of("many", Collections.nCopies(1 << 20, text));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> Metadata.copyOf(map))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("more than");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 20);
  }

  private static final Metadata ALL =
      Metadata.of(
          "string",
          "é😀",
          "empty",
          "",
          "long",
          Long.MIN_VALUE,
          "double",
          -0.0,
          "nan",
          Double.NaN,
          "true",
          true,
          "false",
          false,
          "list",
          List.of("a", "", "b"),
          "emptyList",
          List.of());

  /** Checking makes nothing of what it reads: replay checks the metadata of every entry. */
  @Test
  void checkingTakesNoMemory() {
    byte[] bytes = ALL.toBytes();
    MetadataCodec.check(bytes);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      MetadataCodec.check(bytes);
    }
    // A reader for each, unless it is compiled by then.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000 * 64);
  }

  @Test
  void aVisitorIsToldOfEverythingInOrder() {
    StringBuilder told = new StringBuilder();
    MetadataCodec.visit(
        Metadata.of("a", "é", "b", 7, "c", -0.0, "d", true, "e", List.of("x", ""), "f", "y")
            .toBytes(),
        new MetadataVisitor() {
          @Override
          public void key(byte[] source, int offset, int length) {
            told.append(" ").append(Utf8.decode(source, offset, length));
          }

          @Override
          public void text(byte[] source, int offset, int length) {
            told.append("'").append(Utf8.decode(source, offset, length));
          }

          @Override
          public void number(long value) {
            told.append("#").append(value);
          }

          @Override
          public void number(double value) {
            told.append("~").append(value);
          }

          @Override
          public void truth(boolean value) {
            told.append("?").append(value);
          }

          @Override
          public void list(int count) {
            told.append("*").append(count);
          }
        });
    assertThat(told).hasToString(" a'é b#7 c~-0.0 d?true e*2'x' f'y");
  }

  @Test
  void whatIsEncodedIsDecoded() {
    assertThat(Metadata.fromBytes(ALL.toBytes())).isEqualTo(ALL);
    assertThat(Metadata.empty().toBytes()).isEmpty();
    assertThat(Metadata.fromBytes(new byte[0]).isEmpty()).isTrue();
  }

  @Test
  void smallerNumbersAreWidened() {
    Metadata metadata = Metadata.of("int", 1, "short", (short) 2, "byte", (byte) 3, "float", 0.5f);
    assertThat(metadata.asMap())
        .isEqualTo(Map.of("int", 1L, "short", 2L, "byte", 3L, "float", 0.5));
  }

  @Test
  void equalMetadataHasEqualBytesWhateverTheOrder() {
    Map<String, Object> other = new HashMap<>(ALL.asMap());
    assertThat(Metadata.copyOf(other).toBytes()).isEqualTo(ALL.toBytes());
  }

  @Test
  void callersCannotChangeWhatTheyGave() {
    List<String> list = Arrays.asList("a", "b");
    Metadata metadata = Metadata.of("list", list);
    list.set(0, "changed");
    assertThat(metadata.getStrings("list")).containsExactly("a", "b");
    assertThatThrownBy(() -> Collections.sort(metadata.getStrings("list")))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void everyTruncationIsMalformed() {
    byte[] bytes = ALL.toBytes();
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> MetadataDecoder.decode(cut)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void noKeysAreNoBytesAndNotANumberOfNone() {
    assertThatThrownBy(() -> MetadataDecoder.decode(new byte[2]))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void everyFlippedBitIsMalformedOrOtherMetadata() {
    byte[] bytes = ALL.toBytes();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit >>> 3] ^= (byte) (1 << (bit & 7));
      try {
        Metadata decoded = Metadata.copyOf(MetadataDecoder.decode(damaged));
        assertThat(decoded.toBytes()).as("canonical").hasSize(bytes.length);
      } catch (MalformedException e) {
        assertThat(e.what()).isNotEmpty();
      }
    }
  }

  private static void assertRefused(Supplier<Metadata> metadata, String what) {
    assertThatThrownBy(metadata::get)
        .isInstanceOfSatisfying(
            InvalidInputException.class,
            e -> assertThat(e.code()).isEqualTo(InvalidInputException.Code.INVALID_METADATA))
        .hasMessage("This metadata cannot be stored: " + what + ".");
  }

  private static void assertMalformed(String what, int... bytes) {
    byte[] encoded = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      encoded[i] = (byte) bytes[i];
    }
    assertThatThrownBy(() -> MetadataDecoder.decode(encoded))
        .isInstanceOf(MalformedException.class)
        .hasMessage(what);
  }

  private static Metadata keys(int count) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < count; i++) {
      values.put(Integer.toString(i, 36), true);
    }
    return Metadata.copyOf(values);
  }

  @Test
  void thereMayBe65535KeysAndNotOneMore() {
    Metadata most = keys(65_535);
    assertThat(Metadata.fromBytes(most.toBytes())).isEqualTo(most);
    assertRefused(() -> keys(65_536), "it has 65536 keys, at most 65535 are possible");
  }

  @Test
  void aKeyMayTake255BytesAndNotOneMore() {
    Metadata longest = Metadata.of("é".repeat(127) + "x", 1);
    assertThat(Metadata.fromBytes(longest.toBytes())).isEqualTo(longest);
    String longer = "é".repeat(128);
    assertRefused(
        () -> Metadata.of(longer, 1),
        "the key \"" + longer.substring(0, 40) + "...\" takes 256 bytes, at most 255");
  }

  @Test
  void metadataMayTakeAMebibyteAndNotAByteMore() {
    int most = (1 << 20) - 2 - 2 - 1 - 4;
    byte[] encoded = Metadata.of("k", "x".repeat(most)).toBytes();
    assertThat(encoded).hasSize(1 << 20);
    assertThat(Metadata.fromBytes(encoded).getString("k")).hasSize(most);
    String tooLarge = "it takes more than 1048576 bytes; keep large texts elsewhere";
    assertRefused(() -> Metadata.of("k", "x".repeat(most + 1)), tooLarge);
    assertRefused(() -> Metadata.of("k", "x".repeat(1 << 20)), tooLarge);
    assertRefused(
        () -> Metadata.of("k", "x".repeat((1 << 20) + 1)),
        "the text of \"k\" is longer than 1048576 bytes");
    assertRefused(
        () -> Metadata.of("k", List.of("a", "x".repeat((1 << 20) + 1))),
        "the text of \"k\" is longer than 1048576 bytes");
  }

  @Test
  void halfASurrogatePairIsRefused() {
    String what = " holds half of a surrogate pair, which is not text";
    assertRefused(() -> Metadata.of("a\ud800", 1), "\"a\ud800\"" + what);
    assertRefused(() -> Metadata.of("k", "\udc00"), "\"k\"" + what);
    assertRefused(() -> Metadata.of("k", List.of("\udc00")), "\"k\"" + what);
  }

  @Test
  void valuesAreLaidOutAsTheFormatSays() {
    Metadata metadata =
        Metadata.of("a", "x", "b", 0x0102L, "c", 1.0, "d", false, "e", List.of("", "y"));
    assertThat(metadata.toBytes())
        .containsExactly(
            5, 0, 1, 'a', 1, 1, 0, 0, 0, 'x', 1, 'b', 2, 2, 1, 0, 0, 0, 0, 0, 0, 1, 'c', 3, 0, 0, 0,
            0, 0, 0, 0xf0, 0x3f, 1, 'd', 4, 0, 1, 'e', 5, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'y');
  }

  @Test
  void bytesThatAreNotWrittenAreMalformed() {
    assertMalformed("a truth value of 2", 1, 0, 1, 'k', 4, 2);
    assertMalformed("metadata type 10", 1, 0, 1, 'k', 10, 0);
    assertMalformed("metadata type 0", 1, 0, 1, 'k', 0, 0);
    assertMalformed("1 bytes too many after metadata", 1, 0, 1, 'k', 4, 1, 0);
    assertMalformed("metadata keys that are not in order", 2, 0, 1, 'b', 4, 1, 1, 'a', 4, 1);
    assertMalformed("metadata keys that are not in order", 2, 0, 1, 'a', 4, 1, 1, 'a', 4, 1);
    assertMalformed("metadata keys that are not in order", 1, 0, 0, 4, 1);
    assertMalformed("a text length is 1048577, at most 1048576", 1, 0, 1, 'k', 1, 1, 0, 16, 0);
    assertMalformed("a list length is 262145, at most 262144", 1, 0, 1, 'k', 5, 1, 0, 4, 0);
    assertMalformed("1048576 bytes expected, 0 left", 1, 0, 1, 'k', 1, 0, 0, 16, 0);
    assertMalformed(
        "a text length is 1048577, at most 1048576", 1, 0, 1, 'k', 5, 1, 0, 0, 0, 1, 0, 16, 0);
  }

  private static final Map<String, Object> OBJECT =
      Map.of("a.b", List.of(Map.of("z", 1L, "y", Instant.EPOCH)), "__proto__", "é");

  private static final Metadata NESTED =
      Metadata.of(
          "null",
          null,
          "time",
          Instant.ofEpochSecond(-1, 999_999_999),
          "mixed",
          Arrays.asList(1, 2.5, "x", null, true, List.of(), List.of("a", "b"), Map.of()),
          "object",
          OBJECT);

  @Test
  void nullTimesListsAndObjectsComeBack() {
    Metadata read = Metadata.fromBytes(NESTED.toBytes());
    assertThat(read).isEqualTo(NESTED).hasSameHashCodeAs(NESTED);
    assertThat(read.containsKey("null")).isTrue();
    assertThat(read.get("null")).isNull();
    assertThat(read.getInstant("time")).isEqualTo(Instant.ofEpochSecond(-1, 999_999_999));
    assertThat(read.getList("mixed"))
        .isEqualTo(Arrays.asList(1L, 2.5, "x", null, true, List.of(), List.of("a", "b"), Map.of()));
    assertThat(read.getStrings("mixed")).isNull();
    assertThat(read.getMap("object")).isEqualTo(OBJECT);
    assertThatThrownBy(() -> read.getMap("object").clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> Collections.reverse(read.getList("mixed")))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(Metadata.copyOf(read.asMap())).isEqualTo(NESTED);
    assertThat(Metadata.of("in", NESTED).getMap("in")).isEqualTo(NESTED.asMap());
  }

  /** What there was from the first on needs no newer files. */
  @Test
  void onlyWhatIsNewNeedsANewerVersion() {
    assertThat(MetadataCodec.formatVersion(ALL.toBytes())).isEqualTo(1);
    assertThat(MetadataCodec.formatVersion(new byte[0])).isEqualTo(1);
    for (Object value :
        Arrays.asList(null, Instant.EPOCH, List.of(1), List.of(List.of()), Map.of())) {
      byte[] bytes = Metadata.of("a", "x", "b", value, "c", 1).toBytes();
      assertThat(MetadataCodec.formatVersion(bytes)).as("" + value).isEqualTo(2);
      assertThat(MetadataCodec.check(bytes)).isEqualTo(2);
    }
  }

  @Test
  void newerValuesAreLaidOutAsTheFormatSays() {
    Metadata metadata =
        Metadata.of(
            "a",
            null,
            "b",
            Instant.ofEpochSecond(2, 3),
            "c",
            List.of(true, ""),
            "d",
            Map.of("x", 1.0));
    assertThat(metadata.toBytes())
        .containsExactly(
            4, 0, 1, 'a', 6, 1, 'b', 7, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1, 'c', 8, 2, 0, 0, 0,
            4, 1, 1, 0, 0, 0, 0, 1, 'd', 9, 1, 0, 1, 'x', 3, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f);
  }

  @Test
  void newerBytesThatAreNotWrittenAreMalformed() {
    assertMalformed(
        "a list of strings that is not written as one", 1, 0, 1, 'k', 8, 1, 0, 0, 0, 1, 0, 0, 0, 0);
    assertMalformed("a list of strings that is not written as one", 1, 0, 1, 'k', 8, 0, 0, 0, 0);
    assertMalformed(
        "metadata keys that are not in order", 1, 0, 1, 'k', 9, 2, 0, 1, 'b', 6, 1, 'a', 6);
    assertMalformed(
        "nanoseconds is 1000000000, at most 999999999",
        1,
        0,
        1,
        'k',
        7,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0x00,
        0xca,
        0x9a,
        0x3b);
    assertMalformed("a time out of range", 1, 0, 1, 'k', 7, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0);
    assertThatThrownBy(() -> MetadataDecoder.decode(nested(33)))
        .isInstanceOf(MalformedException.class)
        .hasMessage("metadata that nests deeper than 32 levels");
  }

  /** A list in a list, so many times, around null. */
  private static byte[] nested(int depth) {
    ByteWriter out = new ByteWriter(16);
    out.u16(1);
    out.u8(1);
    out.u8('k');
    for (int i = 0; i < depth; i++) {
      out.u8(8);
      out.u32(1);
    }
    out.u8(6);
    return out.toByteArray();
  }

  @Test
  void listsAndMapsMayBe32DeepAndNotOneMore() {
    Object value = null;
    for (int i = 0; i < 32; i++) {
      value = i % 2 == 0 ? Collections.singletonList(value) : Collections.singletonMap("x", value);
    }
    Metadata deepest = Metadata.of("k", value);
    assertThat(Metadata.fromBytes(deepest.toBytes())).isEqualTo(deepest);
    assertThat(MetadataDecoder.decode(nested(32))).hasSize(1);
    List<Object> deeper = Collections.singletonList(value);
    assertRefused(
        () -> Metadata.of("k", deeper),
        "the value of \"k\" nests deeper than 32 levels, or holds itself");
  }

  @Test
  void aTimeIsOneThatADateCanBe() {
    Instant last = Instant.ofEpochMilli(8_640_000_000_000_000L);
    Instant first = Instant.ofEpochMilli(-8_640_000_000_000_000L);
    assertThat(Metadata.of("t", last).getInstant("t")).isEqualTo(last);
    assertThat(Metadata.of("t", first).getInstant("t")).isEqualTo(first);
    String what = "the time of \"t\" is more than 100,000,000 days away from 1970";
    assertRefused(() -> Metadata.of("t", last.plusNanos(1)), what);
    assertRefused(() -> Metadata.of("t", first.minusNanos(1)), what);
  }

  @Test
  void aFloatKeepsItsDigits() {
    Metadata metadata = Metadata.of("a", 1.23f, "b", Float.NaN, "c", Float.MIN_VALUE, "d", 3);
    assertThat(metadata.getDouble("a")).isEqualTo(1.23);
    assertThat(metadata.getDouble("b")).isNaN();
    assertThat(metadata.getDouble("c").floatValue()).isEqualTo(Float.MIN_VALUE);
    assertThat(metadata.getDouble("d")).isEqualTo(3.0);
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      float number = Float.intBitsToFloat(random.nextInt());
      double digits = Digits.ofFloat(number);
      assertThat(Float.compare((float) digits, number)).isZero();
      if (Math.abs(number) > 1e-13 && Math.abs(number) < 1e22) {
        // Those of the JDK are not always the fewest.
        double printed = Double.parseDouble(Float.toString(number));
        assertThat(Double.toString(digits).length())
            .isLessThanOrEqualTo(Double.toString(printed).length());
      }
    }
    for (float number : new float[] {0, -0f, 1e10f, 16777216, 1.23e20f, -0.3f, 1e-10f}) {
      assertThat(Digits.ofFloat(number)).isEqualTo(Double.parseDouble(Float.toString(number)));
    }
  }

  @Test
  void whatIsNoMetadataIsRefused() {
    assertThatThrownBy(() -> Metadata.fromBytes(new byte[] {1, 0, 1, 'k', 99}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("metadata type 99");
    for (Object value : List.of(new int[1], 'c', Set.of("a"), LocalDate.EPOCH, BigInteger.ONE)) {
      assertThatThrownBy(() -> Metadata.of("k", List.of(value)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("\"k\" is or holds a " + value.getClass().getName());
    }
  }

  @Test
  void everyFlippedBitOfNestedMetadataIsMalformedOrOtherMetadata() {
    byte[] bytes = NESTED.toBytes();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit >>> 3] ^= (byte) (1 << (bit & 7));
      try {
        assertThat(Metadata.copyOf(MetadataDecoder.decode(damaged)).toBytes()).isEqualTo(damaged);
      } catch (MalformedException e) {
        assertThat(e.what()).isNotEmpty();
      }
    }
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> MetadataCodec.check(cut)).isInstanceOf(MalformedException.class);
    }
  }
}
