package org.edgevec.crash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** 64-bit hashes that tell crash states apart; not for secrets. */
final class Hash {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long K = 0x9E3779B97F4A7C15L;

  private Hash() {}

  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static long of(long first, long second) {
    return mix(mix(first + K) + second * K);
  }

  static long of(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 0x100000001B3L + text.charAt(i);
    }
    return mix(hash);
  }

  static long of(byte[] bytes, int length) {
    long hash = mix(length + K);
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      hash = Long.rotateLeft((hash ^ (long) LONGS.get(bytes, i)) * K, 31) * 0xBF58476D1CE4E5B9L;
    }
    for (; i < length; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001B3L;
    }
    return mix(hash);
  }
}
