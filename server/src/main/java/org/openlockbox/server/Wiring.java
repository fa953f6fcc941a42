package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.server.api.HealthApi;
import org.openlockbox.server.api.HttpEdge;
import org.openlockbox.server.api.OpenApi;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.health.Health;
import org.openlockbox.server.identity.oidc.Bearers;
import org.openlockbox.server.log.memory.SigningMemory;
import org.openlockbox.server.metrics.DatabaseFigures;
import org.openlockbox.server.metrics.ServerMeters;
import org.openlockbox.server.trace.ServerTraces;
import org.springframework.context.support.GenericApplicationContext;

/// A server's parts by feature, each given what it uses by its constructor. Opening it connects to
/// the database and brings its tables up to date; closing it stops the background work first.
public final class Wiring implements AutoCloseable {
  private final ServerConfig config;
  private final SecureRandom random = new SecureRandom();
  private final ServerMeters meters = new ServerMeters();
  private final ServerTraces traces = new ServerTraces();
  private final Rounds rounds = new Rounds(Duration.ofSeconds(5));
  private final Pools pools;
  private final PromptPool prompt;
  private final SigningWiring signing;
  private final Health health;
  private final StoreWiring stores;
  private final NotificationWiring notifications;
  private final PeopleWiring people;
  private final AccessWiring access;
  private final PolicyWiring policy;
  private final EpochWiring epochs;
  private final GatewayWiring gateways;
  private final RecordWiring records;
  private final ApiWiring api;
  private final DatabaseFigures figures;

  Wiring(ServerConfig config) {
    this.config = config;
    pools = Pools.open(config.database());
    var database = Database.over(pools.work());
    prompt = PromptPool.over(Database.over(pools.prompt()));
    signing = signing(database);
    health = new Health(prompt, signing.state(), signing.guard());
    stores = new StoreWiring(config, database, database.also(pools.appends()), signing, random);
    var store = stores.store();
    notifications = new NotificationWiring(config, store, stores.wrapping(), random, traces);
    people = new PeopleWiring(config, stores, prompt, notifications, random);
    access = new AccessWiring(config, stores, people, notifications, random);
    policy = new PolicyWiring(config, store, access, people, notifications, random);
    epochs = new EpochWiring(config, store, signing);
    gateways =
        new GatewayWiring(
            config, stores, signing, prompt, access.notices(), notifications, meters, traces);
    records = new RecordWiring(config, store, access, people, random);
    api = new ApiWiring(config, store);
    figures = new DatabaseFigures(store.jdbc(), meters, config.clock());
    measure();
  }

  private void measure() {
    pools.measuredBy(meters.registry());
    signing.signer().tellWaits(meters::signed);
    meters.gauge(
        "lockbox.server.signing.wait.seconds",
        "For how long the log has waited that waits longest for its checkpoint",
        () -> signing.signer().longestWait().toNanos() / 1e9);
    meters.gauge(
        "lockbox.server.logs.set.back",
        "Logs that do not continue what this server signed",
        () -> signing.guard().behind().size());
    meters.gauge(
        "lockbox.server.ready",
        "1 while this server can do its work",
        () -> health.condition().isReady() ? 1 : 0);
    if (config.log().signedHeads() instanceof SigningMemory.Directory own) {
      meters.gauge(
          "lockbox.server.disk.free.bytes",
          "Free space under what this server remembers of its signatures",
          () -> own.path().toFile().getUsableSpace());
    }
    var issuers = people.issuers();
    for (String issuer : issuers.names()) {
      meters.gauge(
          "lockbox.issuer.silent.seconds",
          "For how long an issuer has answered no question",
          "issuer",
          issuer,
          () -> issuers.silence(issuer).toSeconds());
    }
  }

  private SigningWiring signing(Database database) {
    try {
      return new SigningWiring(config, database);
    } catch (IllegalStateException forgotten) {
      pools.close();
      throw forgotten;
    }
  }

  /// Begins the work beside the answers. What it says loudly and once would be lost while Spring
  /// sets up logging, so this comes after.
  void startRounds() {
    signing.start(rounds);
    epochs.start(rounds);
    gateways.start(rounds);
    access.start(rounds);
    people.start(rounds);
    records.start(rounds);
    notifications.start(rounds);
    api.start(rounds);
    rounds.every(Duration.ofSeconds(10), "reading figures", figures::round);
    rounds.every(Duration.ofSeconds(30), "asking issuers", this::lookAtIssuers);
  }

  /// Only while somebody reads what comes of it.
  private void lookAtIssuers() {
    if (meters.isRead()) {
      people.issuers().look();
    }
  }

  /// Goes on with what may change while a server runs. Throws before anything has changed if the
  /// database does not take a new password.
  void reload(ServerConfig next) {
    pools.renewed(next.database()).ifPresent(pools::use);
    config.access().provider().offer(next.access().provider().resources());
    notifications.reload(next.notifications());
    records.reload(next.sinks(), rounds);
  }

  /// Gives Spring what handles calls; nothing else is Spring's.
  void register(GenericApplicationContext context, Extension extension) {
    context.registerBean(ServerMeters.class, () -> meters);
    context.registerBean(ServerTraces.class, () -> traces);
    context.registerBean(HttpEdge.class);
    context.registerBean(Bearers.class, people::bearers);
    context.registerBean(HealthApi.class, () -> new HealthApi(health));
    context.registerBean(OpenApi.class, OpenApi::new);
    api.register(this, context);
    extension.plugInto(this, context);
  }

  ServerTraces traces() {
    return traces;
  }

  ServerMeters meters() {
    return meters;
  }

  Health health() {
    return health;
  }

  /// Work that should go on as long as the server runs, and has ended: only a new start helps.
  List<String> stoppedWork() {
    var stopped = new ArrayList<>(rounds.stopped());
    if (!signing.signer().isRunning()) {
      stopped.add("signing checkpoints");
    }
    if (!gateways.appending().isRunning()) {
      stopped.add("appending to logs");
    }
    return stopped;
  }

  public ServerConfig config() {
    return config;
  }

  public SecureRandom random() {
    return random;
  }

  public Rounds rounds() {
    return rounds;
  }

  public StoreWiring stores() {
    return stores;
  }

  public NotificationWiring notifications() {
    return notifications;
  }

  public PeopleWiring people() {
    return people;
  }

  public AccessWiring access() {
    return access;
  }

  public PolicyWiring policy() {
    return policy;
  }

  public ApiWiring api() {
    return api;
  }

  EpochWiring epochs() {
    return epochs;
  }

  GatewayWiring gateways() {
    return gateways;
  }

  RecordWiring records() {
    return records;
  }

  @Override
  public void close() {
    rounds.close();
    gateways.close();
    records.close();
    notifications.close();
    epochs.close();
    signing.close();
    pools.close();
  }
}
