package org.edgevec.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A small file system for one test alone, which may fill up or lose its power: ext4 in an image
 * file, or a tmpfs in memory. Only root on Linux can have one; {@link #whyNot} tells.
 *
 * <p>It is unmounted, and its loop device released, by {@link #close}, and at the latest when the
 * JVM ends.
 */
final class TestDisk implements AutoCloseable {

  /** Which file system. */
  enum Kind {
    EXT4("mkfs.ext4", "Debian: apt-get install e2fsprogs"),
    TMPFS("mount", "Debian: apt-get install mount");

    private final String program;
    private final String howToGetIt;

    Kind(String program, String howToGetIt) {
      this.program = program;
      this.howToGetIt = howToGetIt;
    }
  }

  private static final int UNMOUNT_TRIES = 40;

  /** Where disks are mounted, to be unmounted by the shutdown hook. */
  private static final Set<Path> MOUNTED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(TestDisk::detachAll, "unmount"));
  }

  private final Kind kind;
  private final Path image;
  private final Path mountPoint;
  private final int mebibytes;

  private TestDisk(Kind kind, Path parent, int mebibytes) {
    this.kind = kind;
    this.image = parent.resolve("disk.img");
    this.mountPoint = parent.resolve("disk");
    this.mebibytes = mebibytes;
  }

  /**
   * Makes an empty one and mounts it.
   *
   * @param parent a folder for the image and the mount point; both stay after {@link #close}
   * @param options mount options beyond the usual, none or separated by commas
   */
  static TestDisk create(Kind kind, Path parent, int mebibytes, String options)
      throws IOException, InterruptedException {
    TestDisk disk = new TestDisk(kind, parent, mebibytes);
    Files.createDirectories(disk.mountPoint);
    if (kind == Kind.EXT4) {
      disk.format();
    }
    disk.mount(options);
    return disk;
  }

  /** Why this machine does not let this user have one, in words for the user; null if it does. */
  static @Nullable String whyNot(Kind kind) throws IOException, InterruptedException {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return "file systems for a test can be mounted on Linux only";
    }
    if (!run("id", "-u").equals("0")) {
      return "only root may mount file systems for a test (try it with sudo)";
    }
    try {
      run(kind.program, "-V");
    } catch (IOException e) {
      return kind.program + " is missing (" + kind.howToGetIt + ")";
    }
    Path parent = Files.createTempDirectory("test-disk-");
    try {
      try (TestDisk disk = create(kind, parent, 2, "")) {
        if (kind == Kind.EXT4) {
          disk.cutPower(Ext4Shutdown.LOSING_THE_JOURNAL);
        }
      }
      return null;
    } catch (IOException e) {
      return "a small " + kind + " cannot be used here: " + e.getMessage();
    } finally {
      FolderContent.deleteAll(parent);
    }
  }

  /** Skips a test, and says why, where there can be none. */
  static void assumePossible(Kind kind) throws IOException, InterruptedException {
    String whyNot = whyNot(kind);
    if (whyNot != null) {
      System.out.println("not run: " + whyNot);
    }
    assumeTrue(whyNot == null, () -> "not run: " + whyNot);
  }

  private void format() throws IOException, InterruptedException {
    Files.deleteIfExists(image);
    run("truncate", "-s", mebibytes + "M", image.toString());
    // Small blocks, for a journal that a small image has room for; no room reserved for root.
    run("mkfs.ext4", "-q", "-F", "-b", "1024", "-m", "0", image.toString());
  }

  private void mount(String options) throws IOException, InterruptedException {
    MOUNTED.add(mountPoint);
    List<String> command = new ArrayList<>(List.of("mount", "-o"));
    if (kind == Kind.EXT4) {
      command.add("loop,noatime" + separated(options));
      command.add(image.toString());
    } else {
      command.add("size=" + mebibytes + "m" + separated(options));
      command.addAll(List.of("-t", "tmpfs", "tmpfs"));
    }
    command.add(mountPoint.toString());
    try {
      run(command.toArray(String[]::new));
    } catch (IOException e) {
      MOUNTED.remove(mountPoint);
      throw e;
    }
  }

  private static String separated(String options) {
    return options.isEmpty() ? "" : "," + options;
  }

  /** The root of the file system. */
  Path path() {
    return mountPoint;
  }

  Kind kind() {
    return kind;
  }

  /** Ends all writing to the device at this moment, as {@link Ext4Shutdown} says; ext4 only. */
  void cutPower(int how) throws IOException {
    Ext4Shutdown.shutDown(mountPoint, how);
  }

  /** Unmounts it and mounts it anew: what was only in the system's cache is gone after a cut. */
  void restart(String options) throws IOException, InterruptedException {
    close();
    mount(options);
  }

  /** Unmounts it; waits for whoever is about to close the last file. */
  @Override
  public void close() throws IOException, InterruptedException {
    for (int i = 1; MOUNTED.contains(mountPoint); i++) {
      try {
        run("umount", mountPoint.toString());
        MOUNTED.remove(mountPoint);
      } catch (IOException e) {
        if (i == UNMOUNT_TRIES) {
          throw e; // The shutdown hook detaches it.
        }
        TimeUnit.MILLISECONDS.sleep(25);
      }
    }
  }

  private static void detachAll() {
    for (Path mountPoint : MOUNTED) {
      try {
        run("umount", "--lazy", mountPoint.toString());
      } catch (IOException | InterruptedException e) {
        System.err.println("Please unmount " + mountPoint + ": " + e.getMessage());
      }
    }
  }

  /** Runs a program, returns what it prints, and fails with that if it fails. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(Arrays.toString(command) + " failed (" + status + "): " + output);
    }
    return output;
  }
}
