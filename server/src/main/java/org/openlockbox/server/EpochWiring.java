package org.openlockbox.server;

import java.time.Duration;
import org.openlockbox.server.epoch.EpochPublisher;
import org.openlockbox.server.epoch.TenantWitnesses;
import org.openlockbox.server.epoch.WitnessViews;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.server.tenant.LogKeyRotation;
import org.openlockbox.server.tenant.LogKeyRows;
import org.openlockbox.server.tenant.Store;

/// What others see of the logs: epochs, the witnesses that cosign them, and the log keys that
/// follow each other.
final class EpochWiring implements AutoCloseable {
  private final Witnesses witnesses;
  private final EpochPublisher epochs;
  private final TenantWitnesses ownWitnesses;
  private final LogKeyRotation rotation;

  EpochWiring(ServerConfig config, Store store, SigningWiring signing) {
    var log = config.log();
    var jdbc = store.jdbc();
    var keys = signing.keys();
    witnesses = new Witnesses(log.witnesses());
    epochs =
        new EpochPublisher(
            jdbc,
            store.transaction(),
            log.host(),
            keys,
            signing.guard(),
            witnesses,
            config.clock());
    ownWitnesses =
        new TenantWitnesses(jdbc, store.reader(), store.tenants(), keys, log.ownWitnesses());
    rotation = new LogKeyRotation(store.tenants(), new LogKeyRows(jdbc), keys, store.transaction());
  }

  void start(Rounds rounds) {
    rounds.every(Duration.ofSeconds(1), "building epochs", epochs::round);
    rounds.every(Duration.ofSeconds(1), "handing logs over", rotation::round);
    rounds.every(Duration.ofSeconds(1), "asking own witnesses", ownWitnesses::round);
  }

  EpochPublisher epochs() {
    return epochs;
  }

  WitnessViews views(Store store) {
    return new WitnessViews(store.tenants(), store.reader(), epochs, ownWitnesses);
  }

  @Override
  public void close() {
    witnesses.close();
    ownWitnesses.close();
  }
}
