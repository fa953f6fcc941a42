package org.openlockbox.node.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.gateway.thread.LastingRounds;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.TlsFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every few seconds whether files have changed: certificates always, the configuration and
/// its catalogue where it says `watch: true`. A change counts once a second look finds it as it
/// was, so that a certificate and its key, or half a file, are not read between two writes.
///
/// A crash here leaves what was read last; `lockbox reload` still works.
public final class WatchedFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final FileTime NEVER = FileTime.fromMillis(0);

  private final NodeControl control;
  private final Thread thread =
      Thread.ofPlatform().name("watched-files").daemon().unstarted(this::run);
  private Map<Path, FileTime> certificates;
  private Map<Path, FileTime> settings;
  private Map<Path, FileTime> before;
  private volatile boolean closed;

  public WatchedFiles(NodeControl control) {
    this.control = control;
    this.certificates = times(ofCertificates(control.current()));
    this.settings = times(ofSettings(control.current()));
    this.before = all();
  }

  public WatchedFiles start() {
    thread.start();
    return this;
  }

  private Map<Path, FileTime> all() {
    var both = new HashMap<>(times(ofCertificates(control.current())));
    both.putAll(times(ofSettings(control.current())));
    return both;
  }

  private void run() {
    LastingRounds rounds = new LastingRounds(LOG, "the look at watched files");
    try {
      while (!closed) {
        LockSupport.parkNanos(EVERY.toNanos());
        rounds.run(this::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    var now = all();
    boolean settled = now.equals(before);
    before = now;
    if (closed || !settled) {
      return;
    }
    var config = control.current();
    var newSettings = times(ofSettings(config));
    var newCertificates = times(ofCertificates(config));
    if (config.watch() && !newSettings.equals(settings)) {
      control.reload();
    } else if (!newCertificates.equals(certificates)) {
      control.refresh();
    }
    settings = newSettings;
    certificates = newCertificates;
  }

  private static List<Path> ofSettings(NodeConfig config) {
    return List.of(config.file(), config.resources());
  }

  private static List<Path> ofCertificates(NodeConfig config) {
    var files = new ArrayList<Path>();
    config.server().flatMap(part -> part.web().tls()).ifPresent(tls -> add(files, tls));
    config.server().ifPresent(part -> files.add(part.gateways().ca()));
    config.gateway().ifPresent(part -> add(files, part.tls()));
    return files;
  }

  private static void add(List<Path> files, TlsFiles tls) {
    files.add(tls.certificate());
    files.add(tls.key());
    Optional<Path> authorities = tls.clientAuthorities();
    authorities.ifPresent(files::add);
  }

  /// One that is not there at the moment has no time.
  private static Map<Path, FileTime> times(List<Path> files) {
    var times = new HashMap<Path, FileTime>();
    for (Path file : files) {
      try {
        times.put(file, Files.getLastModifiedTime(file));
      } catch (IOException e) {
        times.put(file, NEVER);
      }
    }
    return times;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
