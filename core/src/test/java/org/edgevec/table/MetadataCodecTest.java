package org.edgevec.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.InvalidInputException;
import org.edgevec.Metadata;
import org.edgevec.bytes.MalformedException;
import org.edgevec.bytes.Utf8;
import org.junit.jupiter.api.Test;

class MetadataCodecTest {

  /** A gigabyte, of one text named again and again. */
  @Test
  void aListThatIsTooLongIsRefusedBeforeAllOfItIsEncoded() {
    String text = "x".repeat(1000);
    Metadata metadata = Metadata.copyOf(Map.of("many", Collections.nCopies(1 << 20, text)));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> MetadataCodec.encode(metadata))
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
    byte[] bytes = MetadataCodec.encode(ALL);
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
        MetadataCodec.encode(
            Metadata.of("a", "é", "b", 7, "c", -0.0, "d", true, "e", List.of("x", ""), "f", "y")),
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
    assertThat(MetadataCodec.decode(MetadataCodec.encode(ALL))).isEqualTo(ALL);
    assertThat(MetadataCodec.encode(Metadata.empty())).isEmpty();
    assertThat(MetadataCodec.decode(new byte[0]).isEmpty()).isTrue();
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
    assertThat(MetadataCodec.encode(Metadata.copyOf(other))).isEqualTo(MetadataCodec.encode(ALL));
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
    byte[] bytes = MetadataCodec.encode(ALL);
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> MetadataCodec.decode(cut)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void noKeysAreNoBytesAndNotANumberOfNone() {
    assertThatThrownBy(() -> MetadataCodec.decode(new byte[2]))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void everyFlippedBitIsMalformedOrOtherMetadata() {
    byte[] bytes = MetadataCodec.encode(ALL);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit >>> 3] ^= (byte) (1 << (bit & 7));
      try {
        Metadata decoded = MetadataCodec.decode(damaged);
        assertThat(MetadataCodec.encode(decoded)).as("canonical").hasSize(bytes.length);
      } catch (MalformedException e) {
        assertThat(e.what()).isNotEmpty();
      }
    }
  }

  private static void assertRefused(Metadata metadata, String what) {
    assertThatThrownBy(() -> MetadataCodec.encode(metadata))
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
    assertThatThrownBy(() -> MetadataCodec.decode(encoded))
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
    assertThat(MetadataCodec.decode(MetadataCodec.encode(most))).isEqualTo(most);
    assertRefused(keys(65_536), "it has 65536 keys, at most 65535 are possible");
  }

  @Test
  void aKeyMayTake255BytesAndNotOneMore() {
    Metadata longest = Metadata.of("é".repeat(127) + "x", 1);
    assertThat(MetadataCodec.decode(MetadataCodec.encode(longest))).isEqualTo(longest);
    String longer = "é".repeat(128);
    assertRefused(
        Metadata.of(longer, 1),
        "the key \"" + longer.substring(0, 40) + "...\" takes 256 bytes, at most 255");
  }

  @Test
  void metadataMayTakeAMebibyteAndNotAByteMore() {
    int most = (1 << 20) - 2 - 2 - 1 - 4;
    byte[] encoded = MetadataCodec.encode(Metadata.of("k", "x".repeat(most)));
    assertThat(encoded).hasSize(1 << 20);
    assertThat(MetadataCodec.decode(encoded).getString("k")).hasSize(most);
    String tooLarge = "it takes more than 1048576 bytes; keep large texts elsewhere";
    assertRefused(Metadata.of("k", "x".repeat(most + 1)), tooLarge);
    assertRefused(Metadata.of("k", "x".repeat(1 << 20)), tooLarge);
    assertRefused(
        Metadata.of("k", "x".repeat((1 << 20) + 1)),
        "the text of \"k\" is longer than 1048576 bytes");
    assertRefused(
        Metadata.of("k", List.of("a", "x".repeat((1 << 20) + 1))),
        "the text of \"k\" is longer than 1048576 bytes");
  }

  @Test
  void halfASurrogatePairIsRefused() {
    String what = " holds half of a surrogate pair, which is not text";
    assertRefused(Metadata.of("a\ud800", 1), "\"a\ud800\"" + what);
    assertRefused(Metadata.of("k", "\udc00"), "\"k\"" + what);
    assertRefused(Metadata.of("k", List.of("\udc00")), "\"k\"" + what);
  }

  @Test
  void valuesAreLaidOutAsTheFormatSays() {
    Metadata metadata =
        Metadata.of("a", "x", "b", 0x0102L, "c", 1.0, "d", false, "e", List.of("", "y"));
    assertThat(MetadataCodec.encode(metadata))
        .containsExactly(
            5, 0, 1, 'a', 1, 1, 0, 0, 0, 'x', 1, 'b', 2, 2, 1, 0, 0, 0, 0, 0, 0, 1, 'c', 3, 0, 0, 0,
            0, 0, 0, 0xf0, 0x3f, 1, 'd', 4, 0, 1, 'e', 5, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'y');
  }

  @Test
  void bytesThatAreNotWrittenAreMalformed() {
    assertMalformed("a truth value of 2", 1, 0, 1, 'k', 4, 2);
    assertMalformed("metadata type 6", 1, 0, 1, 'k', 6, 0);
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
}
