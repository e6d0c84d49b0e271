package org.edgevec.demo;

/** Another program listens on the port that was asked for. */
public final class PortTakenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PortTakenException(int port, Throwable cause) {
    super(
        "Port "
            + port
            + " is taken by another program. Choose another with --port N, or any free one with --port 0.",
        cause);
  }
}
