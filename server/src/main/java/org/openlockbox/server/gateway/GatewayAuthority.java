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
import org.openlockbox.server.tenant.GatewayStatementCopy;
import org.openlockbox.server.tenant.GatewayStatements;
import org.openlockbox.server.tenant.ProviderTrust;
import org.openlockbox.server.tenant.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which gateways the server answers: those that show a certificate of the gateway authority for a
/// key that was not revoked. Takes what the authority signs, and tells it in every tenant's log.
///
/// A revocation is in force when it is committed: no lease and no opening of that key after it. The
/// server that took it accepts no append of that key either once it has answered; every other
/// server within its next round, a second. The logs of the tenants are told in the rounds that
/// follow, and after a crash by the next server.
///
/// Each server remembers all of it in a file too. A database that was restored to an older state
/// gets the revocations back at the start, or in the next round. Of a change of the authority that
/// it has lost, the logs have to be told anew, with 72 hours for objections. Until another handover
/// is in force, certificates and revocations have to hold by both: by what the database says and by
/// the lost change.
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
  private final GatewayStatementCopy remembered;
  private final InstantSource clock;
  private volatile Set<Boot> revoked = Set.of();

  /// What the database said before it was last read and kept; empty if that failed.
  private String compared = "";

  private record Boot(GatewayId gateway, String boot) {}

  /// Begins with all revocations in force, also those that the database has lost.
  public GatewayAuthority(
      Store store, GatewayNotices notices, GatewayStatementCopy remembered, InstantSource clock) {
    this.store = store;
    this.notices = notices;
    this.remembered = remembered;
    this.clock = clock;
    hear();
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
        .or(
            () ->
                statements
                    .trust(statements.all().with(remembered.all()), now)
                    .misfit(shown.certificate(), certificate, now));
  }

  /// Takes a revocation or a change that the authority signed, or says why not. If it is in force
  /// but cannot be remembered in the file, the answer is [Problem#notKept]: taking it again is
  /// safe, and remembers it.
  ///
  /// @return whether it says anything new
  boolean take(Envelope envelope) {
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
    if (!remember()) {
      throw Problem.notKept();
    }
    return isNew;
  }

  private boolean revoke(Envelope envelope) {
    var statements = store.tenants().gatewayStatements();
    var revocation = GatewayRevocation.parse(envelope);
    var now = clock.instant();
    var trust = statements.trust(statements.all().with(remembered.all()), now);
    trust
        .fault(envelope, revocation, now)
        .ifPresent(
            why -> {
              throw Problem.refused(REFUSED, why)
                  .withHint(
                      "sign with the key of the gateway authority, for this server's logHost; after"
                          + " a restore that lost a handover, with the keys of both authorities");
            });
    boolean isNew = isNew(envelope, trust, now);
    if (isNew) {
      end(new KeyringEvent.GatewayRevoked(envelope), now);
    }
    return isNew;
  }

  /// A second revocation of a key is news only if the authority in force has not signed one before,
  /// or if some log could not take those that there are.
  private boolean isNew(Envelope envelope, ProviderTrust trust, Instant now) {
    var statements = store.tenants().gatewayStatements();
    var key = GatewayRevocation.parse(envelope).key();
    var before = statements.revocations(key);
    boolean isSigned =
        before.stream().anyMatch(it -> trust.fault(it, GatewayRevocation.parse(it), now).isEmpty());
    return !isSigned || (statements.isPending(key) && !before.contains(envelope));
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

  /// Hears what other servers took, remembers what the database says, and gives back to it what it
  /// has lost.
  public void hear() {
    remember();
  }

  /// @return whether the file has all that was in the database when this was called
  private synchronized boolean remember() {
    readRevoked();
    var statements = store.tenants().gatewayStatements();
    // Before the statements are read: one that is committed in between is news the next time.
    var state = statements.state();
    if (state.equals(compared) && remembered.isWhole()) {
      return true;
    }
    compared = "";
    var inDatabase = statements.all();
    boolean hadAll = giveBackMissing(inDatabase);
    readRevoked();
    try {
      remembered.keep(inDatabase.both());
      compared = hadAll ? state : "";
      return true;
    } catch (UncheckedIOException e) {
      failure.tell("what the gateway authority signed cannot be remembered", e);
      return false;
    }
  }

  /// @return whether nothing was missing
  private boolean giveBackMissing(GatewayStatements.AllStatements inDatabase) {
    var known = inDatabase.envelopes();
    boolean hadAll = true;
    for (var each : remembered.all()) {
      if (!known.contains(each.event().envelope())) {
        giveBack(each);
        hadAll = false;
      }
    }
    return hadAll;
  }

  private void giveBack(GatewayStatements.NumberedStatement lost) {
    if (lost.event() instanceof KeyringEvent.GatewayRevoked revoked) {
      giveBack(revoked, lost.at());
    } else if (lost.event() instanceof KeyringEvent.AuthorityChanged changed) {
      giveBack(changed, lost.at());
    }
  }

  private void giveBack(KeyringEvent.GatewayRevoked revoked, Instant at) {
    store.within(
        () -> {
          store.tenants().gatewayStatements().lock();
          end(revoked, at);
          return revoked;
        });
    var revocation = GatewayRevocation.parse(revoked.envelope());
    LOG.error(
        "THE DATABASE HAD LOST A REVOCATION, as after a restore. The key {} of gateway {} is revoked"
            + " again",
        revocation.key(),
        revocation.gateway());
  }

  private void giveBack(KeyringEvent.AuthorityChanged changed, Instant at) {
    store.within(
        () -> {
          store.tenants().gatewayStatements().lock();
          return store.tenants().gatewayStatements().addLost(changed, at);
        });
    LOG.error(
        "THE DATABASE HAS LOST A CHANGE OF THE GATEWAY AUTHORITY to the key {}, as after a restore."
            + " Hand over again: lockbox gateway handover. Until that takes effect gateways that"
            + " start need certificates by both keys, and revocations both signatures",
        AuthorityChange.parse(changed.envelope()).authority().keyId());
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

  /// Tells the tenants' logs. A log that cannot be written holds up no other, and no hearing.
  public void tell() {
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
