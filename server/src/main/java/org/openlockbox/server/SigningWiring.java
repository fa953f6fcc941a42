package org.openlockbox.server;

import java.nio.file.Path;
import java.time.Duration;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.log.checkpoint.CheckpointSigner;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.checkpoint.LossWatch;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.server.log.head.SigningState;
import org.openlockbox.server.tenant.GatewayStatementFile;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What signs the tenants' logs: the log keys, what this server signed, and who sees to it that
/// nothing is signed that contradicts it.
final class SigningWiring implements AutoCloseable {
  private final LogKeys keys;
  private final SignedHeadsFile heads;
  private final GatewayStatementFile statements;
  private final SigningState state;
  private final HeadGuard guard;
  private final CheckpointSigner signer;
  private final LossWatch losses;

  /// Begins to sign. Fails where the database is not what this server signed.
  SigningWiring(ServerConfig config, Database database) {
    var jdbc = database.statements();
    keys = LogKeys.read(config.log().key());
    heads = SignedHeadsFile.open(config.log().signedHeads());
    statements = statements(config.log().signedHeads());
    state = new SigningState(heads, config.clock());
    guard = guard(jdbc);
    signer = new CheckpointSigner(database, keys, guard, state);
    losses = new LossWatch(jdbc, keys, guard, signer::forget);
    signer.start();
  }

  /// Begun before anything is signed here; missing afterwards, it was lost.
  private GatewayStatementFile statements(Path directory) {
    try {
      return heads.origins().isEmpty()
          ? GatewayStatementFile.begin(directory)
          : GatewayStatementFile.open(directory);
    } catch (IllegalStateException forgotten) {
      heads.close();
      throw forgotten;
    }
  }

  private HeadGuard guard(JdbcClient jdbc) {
    try {
      return new HeadGuard(state).begin(jdbc);
    } catch (IllegalStateException forgotten) {
      heads.close();
      throw forgotten;
    }
  }

  void start(Rounds rounds) {
    rounds.every(Duration.ofSeconds(5), "signing what was left", signer::signLeft);
    rounds.every(Duration.ofSeconds(1), "comparing with what was signed", losses::round);
  }

  LogKeys keys() {
    return keys;
  }

  GatewayStatementFile statements() {
    return statements;
  }

  SigningState state() {
    return state;
  }

  HeadGuard guard() {
    return guard;
  }

  CheckpointSigner signer() {
    return signer;
  }

  @Override
  public void close() {
    signer.close();
    heads.close();
  }
}
