package org.edgevec.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes every call on to the system, notes it, and fails where it is told to. */
class RecordingDiskCalls implements DiskCalls {

  private final List<String> calls = new ArrayList<>();
  private @Nullable String failAt;
  private String failMessage = "";

  /** From now on a call whose note begins like this fails instead of reaching the system. */
  void failAt(String beginning, String message) {
    failAt = beginning;
    failMessage = message;
  }

  void stopFailing() {
    failAt = null;
  }

  /** The calls since the last time, temporary names shortened to {@code NAME.tmp}. */
  List<String> take() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  @Override
  public void write(RandomAccessFile file, Path path, byte[] data, int offset, int length)
      throws IOException {
    note("write " + name(path));
    SYSTEM.write(file, path, data, offset, length);
  }

  @Override
  public void force(RandomAccessFile file, Path path) throws IOException {
    note("force " + name(path));
    SYSTEM.force(file, path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    note("rename " + name(from) + " to " + name(to));
    SYSTEM.rename(from, to);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    note("force folder " + name(directory));
    SYSTEM.forceDirectory(directory);
  }

  private void note(String call) throws IOException {
    calls.add(call);
    if (failAt != null && call.startsWith(failAt)) {
      throw new IOException(failMessage);
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName()).replaceAll("\\.tmp-[0-9a-f]{16}$", ".tmp");
  }
}
