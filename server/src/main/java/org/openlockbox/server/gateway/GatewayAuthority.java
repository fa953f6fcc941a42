package org.openlockbox.server.gateway;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
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
import org.openlockbox.server.notify.mail.GatewayNotices;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.problem.RepeatedFailure;
import org.openlockbox.server.tenant.GatewayStatementFile;
import org.openlockbox.server.tenant.GatewayStatements;
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
///
/// Each server remembers all of it in a file too. A database that was restored to an older state
/// gets the revocations back at the start, or in the next round. Of a change of the authority that
/// it has lost, the logs have to be told anew, with 72 hours for objections; until somebody hands
/// over again a certificate has to hold by both: by what the database says and by what is
/// remembered.
public final class GatewayAuthority {
  /// A change of the authority comes so much earlier than it must, so that every log can be told:
  /// an hour, but for what the operator's clock and the way here take of it.
  private static final Duration TO_TELL = Duration.ofMinutes(55);

  private static final String REFUSED = "gateway_authority";
  private static final String HAND_OVER =
      "lockbox gateway handover --from FILE of the authority in force --to FILE --in P7D";

  private static final Logger LOG = LoggerFactory.getLogger(GatewayAuthority.class);

  private final RepeatedFailure failure = new RepeatedFailure(LOG);
  private final Store store;
  private final GatewayNotices notices;
  private final GatewayStatementFile remembered;
  private final InstantSource clock;
  private volatile Set<Boot> revoked = Set.of();

  /// What the database said when it was compared with what is remembered; empty if that failed.
  private String compared = "";

  private record Boot(GatewayId gateway, String boot) {}

  /// Begins with the revocations that are remembered here in force, also those that the database
  /// has lost.
  public GatewayAuthority(
      Store store, GatewayNotices notices, GatewayStatementFile remembered, InstantSource clock) {
    this.store = store;
    this.notices = notices;
    this.remembered = remembered;
    this.clock = clock;
    compare();
  }

  /// Why a boot gets no lease on what it shows; empty if it gets one.
  ///
  /// @param jdbc where to look at what the authority has said
  Optional<String> fault(JdbcClient jdbc, ShownCertificate shown, GatewayId gateway, String boot) {
    var certificate = GatewayCertificate.parse(shown.certificate());
    var statements = store.tenants().gatewayStatements(jdbc);
    var now = clock.instant();
    return shown
        .fault(gateway, boot)
        .or(() -> statements.trust().misfit(shown.certificate(), certificate, now))
        .or(() -> statements.trust(remembered.all()).misfit(shown.certificate(), certificate, now));
  }

  /// Takes a revocation or a change that the authority signed, or says why not.
  ///
  /// @return whether it says anything new: a second revocation of a key does not
  public boolean take(Envelope envelope) {
    boolean isNew =
        store.within(
            () -> {
              store.tenants().gatewayStatements().lock();
              return switch (envelope.payloadType()) {
                case GatewayRevocation.PAYLOAD_TYPE -> revoke(envelope);
                case AuthorityChange.PAYLOAD_TYPE -> change(envelope);
                default ->
                    throw Problem.refused(
                        REFUSED, "this is neither a revocation nor a change of the authority");
              };
            });
    compare();
    readRevoked();
    return isNew;
  }

  private boolean revoke(Envelope envelope) {
    var trust = store.tenants().gatewayStatements().trust();
    var revocation = GatewayRevocation.parse(envelope);
    var now = clock.instant();
    trust
        .fault(envelope, revocation, now)
        .ifPresent(
            why -> {
              throw Problem.refused(REFUSED, why)
                  .withHint(
                      "sign with the key of the gateway authority, for this server's logHost");
            });
    boolean isNew = !trust.revoked().contains(revocation.key());
    if (isNew) {
      end(new KeyringEvent.GatewayRevoked(envelope), now);
    }
    return isNew;
  }

  private void end(KeyringEvent.GatewayRevoked event, Instant at) {
    var key = GatewayRevocation.parse(event.envelope()).key();
    store.tenants().gatewayStatements().add(event, Optional.of(key), at);
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
        .params(key.hex(), SessionRows.at(clock.instant()))
        .update();
  }

  private boolean change(Envelope envelope) {
    var statements = store.tenants().gatewayStatements();
    var change = AuthorityChange.parse(envelope);
    var now = clock.instant();
    if (change.takesEffect().isBefore(now.plus(AuthorityChange.SHORTEST).plus(TO_TELL))) {
      throw Problem.refused(REFUSED, "the change takes effect in less than 73 hours")
          .withHint(HAND_OVER);
    }
    statements
        .trust()
        .fault(envelope, change, now)
        .ifPresent(
            why -> {
              throw Problem.refused(REFUSED, why).withHint(HAND_OVER);
            });
    statements.add(new KeyringEvent.AuthorityChanged(envelope), Optional.empty(), now);
    return true;
  }

  /// Remembers what the database says, and gives revocations back to it that it has lost.
  private synchronized void compare() {
    var statements = store.tenants().gatewayStatements();
    if (statements.state().equals(compared)) {
      return;
    }
    var inDatabase = statements.after(0);
    var known =
        inDatabase.stream().map(each -> each.event().envelope()).collect(Collectors.toSet());
    for (var each : remembered.all()) {
      if (!known.contains(each.event().envelope())) {
        giveBack(each);
      }
    }
    try {
      remembered.keep(inDatabase);
      compared = statements.state();
    } catch (UncheckedIOException e) {
      compared = "";
      failure.tell("what the gateway authority signed cannot be remembered", e);
    }
  }

  private void giveBack(GatewayStatements.NumberedStatement lost) {
    var envelope = lost.event().envelope();
    if (lost.event() instanceof KeyringEvent.GatewayRevoked revoked) {
      store.within(
          () -> {
            store.tenants().gatewayStatements().lock();
            end(revoked, lost.at());
            return revoked;
          });
      var revocation = GatewayRevocation.parse(envelope);
      LOG.error(
          "THE DATABASE HAD LOST A REVOCATION, as after a restore. The key {} of gateway {} is revoked"
              + " again",
          revocation.key(),
          revocation.gateway());
    } else {
      LOG.error(
          "THE DATABASE HAS LOST A CHANGE OF THE GATEWAY AUTHORITY to the key {}, as after a restore."
              + " Hand over again: lockbox gateway handover. Until that takes effect gateways that"
              + " start need certificates by both keys",
          AuthorityChange.parse(envelope).authority().keyId());
    }
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
    compare();
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
