package org.openlockbox.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The peers that log in to the database by themselves, with one role and the password `bench`:
/// straight, and through HAProxy, pgpool-II and PgBouncer. None of them takes another's
/// connections: the role has no limit of them, and poolers close what is idle for a second. So the
/// database has none left of a peer whose turn is over.
public final class DatabasePeers implements AutoCloseable {
  private final String role;
  private final String database;
  private final Bouncer bouncer;
  private final Optional<TcpProxy> proxy;
  private final Optional<Pgpool> pgpool;
  private final List<Peer> all = new ArrayList<>();

  /// @param superuser of the database, whose environment says where it is
  /// @param certificate what PgBouncer and pgpool-II show
  public DatabasePeers(Peer superuser, String role, Path certificate, Path key) throws IOException {
    this.role = role;
    database = superuser.environment().getOrDefault("PGDATABASE", "");
    String port = superuser.environment().getOrDefault("PGPORT", "");
    superuser.psql("alter role %s connection limit -1".formatted(role));
    bouncer = Bouncer.withTls(database, port, role, certificate, key);
    proxy = TcpProxy.before(port);
    pgpool = Pgpool.before(port, role, certificate, key);
    all.add(peer(Peers.DIRECT, port, "prefer", Optional.empty()));
    addInstalled();
    var process = Optional.of(bouncer.process());
    all.add(peer(Peers.BOUNCER, bouncer.port(), "disable", process));
    all.add(peer(Peers.FAIR, bouncer.port(), "require", process));
  }

  /// Those that a machine may lack.
  private void addInstalled() {
    proxy
        .map(it -> peer("HAProxy, TCP", it.port(), "require", Optional.of(it.process())))
        .ifPresent(all::add);
    pgpool
        .map(it -> peer("pgpool-II, TLS", it.port(), "require", Optional.of(it.process())))
        .map(it -> new Peer(it.name(), it.environment(), it.between(), true))
        .ifPresent(all::add);
  }

  private Peer peer(String name, String port, String tls, Optional<ProcessHandle> between) {
    return new Peer(name, login(role, "bench", port, database, tls), between);
  }

  /// How libpq logs in at a port of the loopback.
  static Map<String, String> login(
      String user, String password, String port, String database, String tls) {
    return Map.of(
        "PGHOST",
        "127.0.0.1",
        "PGPORT",
        port,
        "PGDATABASE",
        database,
        "PGUSER",
        user,
        "PGPASSWORD",
        password,
        "PGSSLMODE",
        tls);
  }

  public List<Peer> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    bouncer.close();
    proxy.ifPresent(TcpProxy::close);
    pgpool.ifPresent(Pgpool::close);
  }
}
