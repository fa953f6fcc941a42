package org.openlockbox.server;

import java.security.SecureRandom;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.log.EndCounter;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.seal.KeyWrapping;
import org.openlockbox.server.seal.TenantKeys;
import org.openlockbox.server.seal.WrappingKeyFile;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.Tenants;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tenants and their logs, and the keys that close what the logs commit to.
public final class StoreWiring {
  private final KeyWrapping wrapping;
  private final TenantKeys dataKeys;
  private final EndCounter endings;
  private final Store store;
  private final Histories histories;
  private final WaitingTenants waiting;

  StoreWiring(
      ServerConfig config,
      Database database,
      Database appends,
      SigningWiring signing,
      SecureRandom random) {
    var clock = config.clock();
    var jdbc = database.statements();
    wrapping = WrappingKeyFile.openFor(jdbc, config.database().wrappingKey(), random);
    dataKeys = dataKeys(config, jdbc, wrapping, random);
    endings = new EndCounter(clock);
    var texts = new LogTexts(jdbc, dataKeys);
    var logs =
        new TenantLogs(
            jdbc, appends.statements(), signing.guard(), texts, clock, signing.signer(), endings);
    var reader = new LogReader(jdbc);
    var founding =
        new Tenants.Founding(
            new LogHost(config.log().host()), config.access().provider().gatewayAuthority());
    var tenants = new Tenants(jdbc, logs, reader, signing.keys(), founding, clock, random);
    store = new Store(jdbc, database.transactions(), logs, reader, texts, tenants);
    histories = new Histories(reader);
    waiting = new WaitingTenants(jdbc, tenants, clock);
  }

  /// The tenants' data keys, all of which can be had, wrapped by the newest wrapping key.
  static TenantKeys dataKeys(
      ServerConfig config, JdbcClient jdbc, KeyWrapping wrapping, SecureRandom random) {
    var keys = new TenantKeys(jdbc, wrapping, config.clock(), random);
    keys.adopt();
    return keys;
  }

  public Store store() {
    return store;
  }

  public Histories histories() {
    return histories;
  }

  public KeyWrapping wrapping() {
    return wrapping;
  }

  /// The tenants that are not founded yet.
  public WaitingTenants waiting() {
    return waiting;
  }

  TenantKeys dataKeys() {
    return dataKeys;
  }

  EndCounter endings() {
    return endings;
  }
}
