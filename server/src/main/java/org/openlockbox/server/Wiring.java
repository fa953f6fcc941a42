package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import org.openlockbox.server.api.Health;
import org.openlockbox.server.api.HealthApi;
import org.openlockbox.server.api.HttpEdge;
import org.openlockbox.server.api.OpenApi;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.identity.Tokens;
import org.springframework.context.support.GenericApplicationContext;

/// A server's parts by feature, each given what it uses by its constructor. Opening it connects to
/// the database and brings its tables up to date; closing it stops the background work first.
public final class Wiring implements AutoCloseable {
  private final ServerConfig config;
  private final SecureRandom random = new SecureRandom();
  private final Rounds rounds = new Rounds(Duration.ofSeconds(5));
  private final Pools pools;
  private final PromptPool prompt;
  private final SigningWiring signing;
  private final StoreWiring stores;
  private final NotificationWiring notifications;
  private final PeopleWiring people;
  private final AccessWiring access;
  private final PolicyWiring policy;
  private final EpochWiring epochs;
  private final GatewayWiring gateways;
  private final RecordWiring records;
  private final ApiWiring api;

  Wiring(ServerConfig config) {
    this.config = config;
    pools = Pools.open(config.database());
    var database = Database.over(pools.work());
    prompt = PromptPool.over(Database.over(pools.prompt()));
    signing = signing(database);
    stores = new StoreWiring(config, database, database.also(pools.appends()), signing, random);
    var store = stores.store();
    notifications = new NotificationWiring(config, store, stores.wrapping(), random);
    people = new PeopleWiring(config, store, prompt, notifications, random);
    access = new AccessWiring(config, stores, people, notifications, random);
    policy = new PolicyWiring(config, store, access, notifications, random);
    epochs = new EpochWiring(config, store, signing);
    gateways = new GatewayWiring(config, stores, signing, prompt, access.notices(), notifications);
    records = new RecordWiring(config, store, access, random);
    api = new ApiWiring(config, store);
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
  }

  /// Gives Spring what handles calls; nothing else is Spring's.
  void register(GenericApplicationContext context, Extension extension) {
    context.registerBean(HttpEdge.class);
    context.registerBean(Tokens.class, people::tokens);
    context.registerBean(HealthApi.class, () -> new HealthApi(new Health(prompt, signing.state())));
    context.registerBean(OpenApi.class, OpenApi::new);
    api.register(this, context);
    extension.plugInto(this, context);
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
