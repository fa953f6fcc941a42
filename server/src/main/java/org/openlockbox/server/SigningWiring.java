package org.openlockbox.server;

import java.time.Duration;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.log.checkpoint.CheckpointSigner;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.checkpoint.LossWatch;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.head.SigningState;
import org.openlockbox.server.tenant.GatewayStatementCopy;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What signs the tenants' logs: the log keys, what this server signed, and who sees to it that
/// nothing is signed that contradicts it.
final class SigningWiring implements AutoCloseable {
  private final LogKeys keys;
  private final OpenMemory memory;
  private final GatewayStatementCopy statements;
  private final SigningState state;
  private final HeadGuard guard;
  private final CheckpointSigner signer;
  private final LossWatch losses;

  /// Begins to sign. Fails where the database is not what this server signed.
  SigningWiring(ServerConfig config, Database database) {
    var jdbc = database.statements();
    keys = LogKeys.read(config.log().key());
    memory = OpenMemory.at(config.log().signedHeads(), jdbc, config.clock());
    statements = statements();
    state = new SigningState(memory.heads(), config.clock());
    guard = guard(jdbc);
    signer = new CheckpointSigner(database, keys, guard, state);
    losses = new LossWatch(jdbc, keys, guard, signer::forget);
    signer.start();
  }

  private GatewayStatementCopy statements() {
    try {
      return memory.statements();
    } catch (RuntimeException forgotten) {
      memory.close();
      throw forgotten;
    }
  }

  private HeadGuard guard(JdbcClient jdbc) {
    try {
      return new HeadGuard(state).begin(jdbc);
    } catch (IllegalStateException forgotten) {
      memory.close();
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

  GatewayStatementCopy statementCopy() {
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
    memory.close();
  }
}
