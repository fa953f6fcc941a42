package org.openlockbox.server.gateway;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.keyring.ShownCertificate;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.DatabaseOutage;
import org.openlockbox.server.notify.letter.GatewayNotices;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.problem.RepeatedFailure;
import org.openlockbox.server.tenant.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which gateways the server answers: those that show a certificate of the gateway authority for a
/// key that was not revoked. Takes what the authority signs, and tells it in every tenant's log.
///
/// A revocation is in force here when it is committed: no lease, no opening and no append of that
/// key after it. The logs of the tenants are told in the rounds that follow, and after a crash by
/// the next server.
public final class GatewayAuthority {
  /// A change of the authority comes so much earlier than it must, so that every log can be told.
  private static final Duration TO_TELL = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(GatewayAuthority.class);

  private final RepeatedFailure failure = new RepeatedFailure(LOG);
  private final Store store;
  private final GatewayNotices notices;
  private final InstantSource clock;
  private volatile Set<Boot> revoked = Set.of();

  private record Boot(GatewayId gateway, String boot) {}

  public GatewayAuthority(Store store, GatewayNotices notices, InstantSource clock) {
    this.store = store;
    this.notices = notices;
    this.clock = clock;
  }

  /// Why a boot gets no lease on what it shows; empty if it gets one.
  ///
  /// @param jdbc where to look at what the authority has said
  Optional<String> fault(JdbcClient jdbc, ShownCertificate shown, GatewayId gateway, String boot) {
    var certificate = GatewayCertificate.parse(shown.certificate());
    var trust = store.tenants().gatewayStatements(jdbc).trust();
    return shown
        .fault(gateway, boot)
        .or(() -> trust.misfit(shown.certificate(), certificate, clock.instant()));
  }

  /// Takes a revocation or a change that the authority signed, or says why not.
  public void take(Envelope envelope) {
    var refused =
        store.within(
            () -> {
              store.tenants().gatewayStatements().lock();
              return switch (envelope.payloadType()) {
                case GatewayRevocation.PAYLOAD_TYPE -> revoke(envelope);
                case AuthorityChange.PAYLOAD_TYPE -> change(envelope);
                default -> Optional.of("neither a revocation nor a change of the authority");
              };
            });
    refused.ifPresent(
        why -> {
          throw Problem.refused("gateway_authority", why);
        });
    readRevoked();
  }

  private Optional<String> revoke(Envelope envelope) {
    var statements = store.tenants().gatewayStatements();
    var revocation = GatewayRevocation.parse(envelope);
    var now = clock.instant();
    var fault = statements.trust().fault(envelope, revocation, now);
    if (fault.isEmpty()) {
      var event = new KeyringEvent.GatewayRevoked(envelope);
      statements.add(event, Optional.of(revocation.key()), now);
      store
          .jdbc()
          .sql(
              """
              with its as (
                select gateway, boot from gateway_boot where key_id = ? for update
              )
              update gateway_boot b set gone_at = coalesce(gone_at, ?), superseded = true
                from its i where b.gateway = i.gateway and b.boot = i.boot
              """)
          .params(revocation.key().hex(), SessionRows.at(now))
          .update();
    }
    return fault;
  }

  private Optional<String> change(Envelope envelope) {
    var statements = store.tenants().gatewayStatements();
    var change = AuthorityChange.parse(envelope);
    var now = clock.instant();
    if (change.takesEffect().isBefore(now.plus(AuthorityChange.SHORTEST).plus(TO_TELL))) {
      return Optional.of("the change takes effect in less than 73 hours");
    }
    var fault = statements.trust().fault(envelope, change, now);
    if (fault.isEmpty()) {
      statements.add(new KeyringEvent.AuthorityChanged(envelope), Optional.empty(), now);
    }
    return fault;
  }

  /// Whether the key of this boot was revoked, as far as this server has heard.
  boolean isRevoked(GatewayId gateway, String boot) {
    return revoked.contains(new Boot(gateway, boot));
  }

  private void readRevoked() {
    revoked =
        store
            .jdbc()
            .sql(
                """
                select gateway, boot from gateway_boot
                 where key_id in (select revoked_key from gateway_statement where revoked_key is not null)
                """)
            .query(
                (row, n) ->
                    new Boot(new GatewayId(row.getString("gateway")), row.getString("boot")))
            .list()
            .stream()
            .collect(Collectors.toUnmodifiableSet());
  }

  /// Hears what other servers took, and tells the tenants' logs. A log that cannot be written holds
  /// up no other.
  public void round() {
    readRevoked();
    for (var tenant : store.tenants().withUntoldGateways()) {
      try {
        tell(tenant);
      } catch (RuntimeException e) {
        if (DatabaseOutage.isOfAll(e, () -> DatabaseOutage.isOver(store.jdbc()))) {
          throw e;
        }
        failure.tell("the log of %s is not told of gateways".formatted(tenant), e);
      }
    }
  }

  private void tell(TenantId tenant) {
    store.within(
        () -> {
          var batch = store.logs().lock(tenant);
          var told = store.tenants().tellGateways(batch, tenant);
          if (!told.isEmpty()) {
            store.logs().writeSigned(batch);
            told.forEach(event -> notices.tell(tenant, event));
          }
          return told;
        });
  }
}
