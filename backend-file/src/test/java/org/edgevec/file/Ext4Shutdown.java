package org.edgevec.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The shutdown ioctl of Linux' ext4, which its own crash tests use: at that moment the file system
 * stops writing to its device. Programs get I/O errors, and after unmounting and mounting again
 * there is what had reached the device, as after a power cut.
 */
final class Ext4Shutdown {

  /** Everything is written out before: a shutdown in good order ({@code GOING_FLAGS_DEFAULT}). */
  static final int WRITING_ALL = 0;

  /** The journal is written out before, other data is lost ({@code GOING_FLAGS_LOGFLUSH}). */
  static final int WRITING_THE_JOURNAL = 1;

  /** What is not on the device is lost: a power cut ({@code GOING_FLAGS_NOLOGFLUSH}). */
  static final int LOSING_THE_JOURNAL = 2;

  /** {@code EXT4_IOC_SHUTDOWN}, which is {@code _IOR('X', 125, __u32)}. */
  private static final NativeLong EXT4_IOC_SHUTDOWN = new NativeLong(0x8004587DL);

  private static final int READ_ONLY = 0;

  private Ext4Shutdown() {}

  /** The three calls of the C library. */
  interface SystemCalls extends Library {
    int open(String path, int flags, Object... mode) throws LastErrorException;

    int ioctl(int descriptor, NativeLong request, Object... argument) throws LastErrorException;

    int close(int descriptor) throws LastErrorException;
  }

  /** Shuts the file system down that is mounted there. */
  static void shutDown(Path mountPoint, int how) throws IOException {
    try {
      SystemCalls system = Native.load("c", SystemCalls.class);
      int root = system.open(mountPoint.toString(), READ_ONLY);
      try {
        system.ioctl(root, EXT4_IOC_SHUTDOWN, new IntByReference(how));
      } finally {
        system.close(root);
      }
    } catch (LastErrorException | UnsatisfiedLinkError e) {
      throw new IOException("the power of " + mountPoint + " cannot be cut: " + e.getMessage(), e);
    }
  }
}
