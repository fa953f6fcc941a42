package org.openlockbox.node.control;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.logging.LogOutput;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what an operator wants of a running node.
public final class NodeControl {
  private static final Logger LOG = LoggerFactory.getLogger(NodeControl.class);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Node node;
  private final Path file;
  private final Runnable stop;
  private NodeConfig current;
  private boolean draining;

  /// @param stop has the program end
  public NodeControl(Node node, NodeConfig current, Runnable stop) {
    this.node = node;
    this.current = current;
    this.file = current.file();
    this.stop = stop;
  }

  /// The configuration that is in force.
  public synchronized NodeConfig current() {
    return current;
  }

  /// Carries out one command.
  public ControlReply command(String line) {
    String[] words = line.strip().split(" ", 2);
    return switch (words[0]) {
      case "reload" -> reload();
      case "drain" -> drain(words.length > 1 ? words[1] : "");
      default -> new ControlReply(Code.USAGE.exit(), "a node knows reload and drain");
    };
  }

  /// Reads the configuration and the catalogue again, and goes on with them if all of it can be
  /// used.
  public synchronized ControlReply reload() {
    return tried("reloaded", () -> goOn(ConfigReader.read(file)));
  }

  /// Reads the files anew that the configuration in force names, as certificates.
  public synchronized ControlReply refresh() {
    return tried("certificates were read anew", () -> goOn(current));
  }

  private void goOn(NodeConfig next) {
    node.reload(current, next);
    LogOutput.use(next.logging());
    current = next;
  }

  private static ControlReply tried(String done, Runnable change) {
    try {
      change.run();
      LOG.info("{}", done);
      return new ControlReply(0, done);
    } catch (NodeFailure e) {
      return refused(e.code().exit(), e);
    } catch (RuntimeException e) {
      return refused(Code.FAILURE.exit(), e);
    }
  }

  private static ControlReply refused(int exit, RuntimeException why) {
    LOG.error("not reloaded, what was in force before still is: {}", why.getMessage());
    return new ControlReply(exit, "not reloaded: " + why.getMessage());
  }

  /// Takes no new sessions, and stops the node when the open ones are over, or after this time.
  ///
  /// @param words how long sessions may go on, and how long balancers may take to see that they
  ///   should send nobody
  private synchronized ControlReply drain(String words) {
    try {
      String[] times = words.split(" ", 2);
      var patience = Duration.parse(times[0]);
      var notice = times.length > 1 ? Duration.parse(times[1]) : Duration.ZERO;
      node.leave();
      return notice.isPositive() && !draining ? drainAfter(notice, patience) : drainNow(patience);
    } catch (DateTimeParseException e) {
      return new ControlReply(Code.USAGE.exit(), "drain PT30M: how long sessions may go on");
    } catch (NodeFailure e) {
      return new ControlReply(e.code().exit(), String.valueOf(e.getMessage()));
    }
  }

  private ControlReply drainAfter(Duration notice, Duration patience) {
    draining = true;
    Thread.ofPlatform().name("drain").daemon().start(() -> drainLater(notice, patience));
    LOG.info("drained in {}: {} sessions are open", notice, node.sessions());
    return new ControlReply(
        0,
        "no new sessions after %s; open ones may go on for %s, then the node stops"
            .formatted(notice, patience));
  }

  private void drainLater(Duration notice, Duration patience) {
    try {
      Thread.sleep(notice);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var until = node.drain(patience);
    LOG.info("drained: {} sessions are open and may go on until {}", node.sessions(), until);
    stopWhenOver(patience);
  }

  private ControlReply drainNow(Duration patience) {
    var until = node.drain(patience);
    if (!draining) {
      draining = true;
      Thread.ofPlatform().name("drain").daemon().start(() -> stopWhenOver(patience));
    }
    int open = node.sessions();
    LOG.info("drained: {} sessions are open and may go on until {}", open, until);
    return new ControlReply(
        0,
        "no new sessions; %d open ones may go on until %s, then the node stops"
            .formatted(open, until));
  }

  private void stopWhenOver(Duration patience) {
    long began = System.nanoTime();
    try {
      while (node.sessions() > 0 && System.nanoTime() - began < patience.toNanos()) {
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.info("the drained node stops with {} open sessions", node.sessions());
    stop.run();
  }
}
