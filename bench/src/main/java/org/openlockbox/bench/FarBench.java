package org.openlockbox.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.bench.peer.DemoGrant;
import org.openlockbox.bench.peer.OwnGateway;
import org.openlockbox.bench.peer.Peer;
import org.openlockbox.bench.peer.Peers;

/// Recorded reads while a durable round trip to the log's database takes a millisecond, as to
/// another machine, seen from two sides because there is only one machine:
///
/// - a node of the product, whose way to its database is a [NetworkProxy] with late answers. That
///   database takes its processor time here, where a real one would not: slower than the real
///   thing;
/// - a gateway whose entries are thrown away after a millisecond, as if server and database were
///   both elsewhere: faster than the real thing, because a server here takes processor time too.
final class FarBench {
  private static final Duration ROUND_TRIP = Duration.ofMillis(1);

  private final String program;
  private final GatewayBench.Size size;
  private final Path charts;

  FarBench(String program, GatewayBench.Size size, Path charts) {
    this.program = program;
    this.size = size;
    this.charts = charts;
  }

  void run(Path state, DemoGrant access) throws IOException {
    var bench = new GatewayBench(program, size, charts);
    try (var thrownAway = new OwnGateway(state, ROUND_TRIP);
        var peers = new Peers(state, access, thrownAway);
        var node = FarNode.start(state, bench, ROUND_TRIP)) {
      List<Peer> all =
          peers.all().stream()
              .filter(peer -> !peer.isRecorded())
              .map(peer -> peer.isOurs() ? peer.named("gateway, all far") : peer)
              .flatMap(peer -> peer.isOurs() ? Stream.of(node.peer(access), peer) : Stream.of(peer))
              .toList();
      bench.compile(all);
      for (String mode : size.modes()) {
        bench.reads(all, mode, "far-" + mode);
      }
    }
  }
}
