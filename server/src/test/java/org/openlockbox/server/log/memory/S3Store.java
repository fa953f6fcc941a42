package org.openlockbox.server.log.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openlockbox.server.Pause;
import org.openlockbox.server.log.memory.SigningMemory.BucketAccess;
import org.openlockbox.server.log.memory.SigningMemory.ObjectBucket;

/// A store that speaks S3, checks signatures and keeps its objects in a directory: S3Proxy, a
/// program of its own.
public final class S3Store implements AutoCloseable {
  private static final String KEY = "lockbox";
  private static final String SECRET = "a-secret-of-the-test";

  private final Process process;
  private final int port;

  /// @param skew how far the time of a call may be from now; a store of today allows a quarter of
  ///   an hour
  public S3Store(Path directory, Duration skew) {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Files.createDirectories(directory.resolve("objects/memory"));
      var settings =
          Files.writeString(
              directory.resolve("s3.properties"),
              """
              s3proxy.endpoint=http://127.0.0.1:%d
              s3proxy.authorization=aws-v4
              s3proxy.identity=%s
              s3proxy.credential=%s
              s3proxy.maximum-timeskew=%d
              jclouds.provider=filesystem-nio2
              jclouds.filesystem.basedir=%s
              """
                  .formatted(port, KEY, SECRET, skew.toSeconds(), directory.resolve("objects")));
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  Path.of("target/s3/s3proxy.jar").toString(),
                  "--properties",
                  settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("s3.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Pause.until("the store to answer", this::answers);
  }

  private boolean answers() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  /// The bucket of the tests, reached at this port.
  public ObjectBucket bucket(int through, String prefix) {
    return bucket(through, prefix, SECRET);
  }

  ObjectBucket bucket(int through, String prefix, String secret) {
    return new ObjectBucket(
        URI.create("http://127.0.0.1:" + through),
        "memory",
        prefix,
        new BucketAccess("eu-central-1", () -> KEY, () -> secret),
        Optional.empty());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
