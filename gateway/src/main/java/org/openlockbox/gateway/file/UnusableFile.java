package org.openlockbox.gateway.file;

/// A file that a gateway needs is missing, is something else, or can be read by others.
public final class UnusableFile extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableFile(String message) {
    super(message);
  }

  public UnusableFile(String message, Throwable cause) {
    super(message, cause);
  }
}
