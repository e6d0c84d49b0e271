package org.edgevec.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.Metadata;
import org.edgevec.bytes.MalformedException;
import org.junit.jupiter.api.Test;

class MetadataCodecTest {

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
}
