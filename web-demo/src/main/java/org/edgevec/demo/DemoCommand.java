package org.edgevec.demo;

import java.awt.Desktop;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@link DemoServer}: starts it, says where it is, waits for Ctrl-C. */
@Command(
    name = "demo",
    sortOptions = false,
    description = "Serves the EdgeVec demo, a private notebook, on this machine only.")
final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8370",
      description = {
        "The port to listen on, 0 for any free one. Default: ${DEFAULT-VALUE}.",
        "A browser keeps the notes by address, port included."
      })
  private int port;

  @Option(names = "--no-open", description = "Do not open the page in the browser.")
  private boolean noOpen;

  @Option(
      names = "--site",
      paramLabel = "FOLDER",
      description = "The folder to serve. Default: the site that the build put beside the program.")
  private @Nullable Path site;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli asks for the field, and reads it itself
  private boolean help;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, URISyntaxException {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter errors = commandLine.getErr();
    try (DemoServer server = DemoServer.start(site == null ? builtSite() : site, port)) {
      PrintWriter out = commandLine.getOut();
      out.println("EdgeVec demo: " + server.uri());
      out.flush();
      if (!noOpen) {
        openBrowser(server.uri(), errors);
      }
      waitForEnd();
      return 0;
    } catch (PortTakenException | IllegalArgumentException e) {
      errors.println(e.getMessage());
      errors.flush();
      return 1;
    }
  }

  /** The folder {@code site} in the build folder that this class was loaded from. */
  private static Path builtSite() throws URISyntaxException {
    URI code = DemoCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(code).resolveSibling("site");
  }

  /** The address is printed in any case, so a machine without a desktop lacks nothing. */
  private static void openBrowser(URI page, PrintWriter errors) {
    try {
      if (!GraphicsEnvironment.isHeadless()
          && Desktop.isDesktopSupported()
          && Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) {
        Desktop.getDesktop().browse(page);
      }
    } catch (IOException | UnsupportedOperationException | LinkageError e) {
      errors.println("Could not open the browser: " + e.getMessage());
      errors.flush();
    }
  }

  /** Ctrl-C runs the shutdown hooks; this one lets {@link #call} close the server and return. */
  private static void waitForEnd() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(asked::countDown, "demo-end"));
    asked.await();
  }
}
