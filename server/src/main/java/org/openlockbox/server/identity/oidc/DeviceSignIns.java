package org.openlockbox.server.identity.oidc;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.seal.KeyUnavailable;
import org.openlockbox.server.seal.KeyWrapping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Sign-in of a command line at an issuer: the device authorization grant (RFC 8628), with PKCE.
/// What comes of it is a visit like that of a browser, so that the issuer is asked again whether it
/// still vouches, and it ends like every visit.
///
/// The server keeps nothing of a sign-in that has begun: the program holds the issuer's device
/// code, wrapped, and any server can go on. A crash leaves nothing but a code that nobody redeems.
public final class DeviceSignIns {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceSignIns.class);

  /// How many questions to issuers may be on their way: anybody can have one asked.
  private static final int AT_ONCE = 8;

  private final TransactionTemplate transaction;
  private final Issuers issuers;
  private final IssuerPeople people;
  private final IssuerSessions sessions;
  private final Visits visits;
  private final KeyWrapping wrapping;
  private final RandomGenerator random;
  private final Semaphore asking = new Semaphore(AT_ONCE);

  public DeviceSignIns(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      Issuers issuers,
      IssuerSessions sessions,
      Visits visits,
      KeyWrapping wrapping,
      InstantSource clock,
      RandomGenerator random) {
    this.transaction = transaction;
    this.issuers = issuers;
    this.people = new IssuerPeople(jdbc, clock);
    this.sessions = sessions;
    this.visits = visits;
    this.wrapping = wrapping;
    this.random = random;
  }

  /// What the program holds of a sign-in that has begun, and can read nothing of.
  public record DeviceHandle(String issuer, String wrappedBy, Bytes wrapped) {
    private Bytes context() {
      return Bytes.ofUtf8("lockbox device sign-in v1\n" + issuer);
    }
  }

  /// What became of beginning.
  public sealed interface DeviceStart {
    /// Somebody opens the page and types the code.
    record Begun(
        DeviceHandle handle, String userCode, URI page, Optional<URI> complete, Duration every)
        implements DeviceStart {}

    /// No issuer signs in people of this side, or it offers no such sign-in.
    record NoIssuer() implements DeviceStart {}

    /// The issuer does not answer, or too many ask.
    record NotNow() implements DeviceStart {}
  }

  /// What became of a sign-in so far.
  public sealed interface DeviceOutcome {
    /// The program calls with this.
    record SignedIn(String bearer, Person person) implements DeviceOutcome {}

    record Waiting(boolean slower) implements DeviceOutcome {}

    record NotSignedIn(SignInRefusal why) implements DeviceOutcome {}
  }

  /// Begins a sign-in of somebody of this tenant, or of the provider.
  public DeviceStart start(Optional<TenantId> side) {
    var issuer = issuers.of(side).flatMap(it -> issuers.named(it.name()));
    if (issuer.isEmpty()) {
      return new DeviceStart.NoIssuer();
    }
    if (!asking.tryAcquire()) {
      return new DeviceStart.NotNow();
    }
    try {
      var verifier = Secret.random(random).forTheBrowser();
      return issuer
          .get()
          .offer(verifier)
          .<DeviceStart>map(offer -> begun(issuer.get().issuer(), offer, verifier))
          .orElseGet(DeviceStart.NoIssuer::new);
    } catch (IOException e) {
      LOG.warn("no command line can sign in at {}: {}", issuer.get().issuer(), e.getMessage());
      return new DeviceStart.NotNow();
    } finally {
      asking.release();
    }
  }

  private DeviceStart begun(OidcIssuer issuer, DeviceOffer offer, String verifier) {
    var open = new DeviceHandle(issuer.name(), wrapping.current(), Bytes.empty());
    var wrapped = wrapping.wrap(Bytes.ofUtf8(verifier + "\n" + offer.device()), open.context());
    return new DeviceStart.Begun(
        new DeviceHandle(issuer.name(), open.wrappedBy(), wrapped),
        offer.userCode(),
        offer.page(),
        offer.complete(),
        offer.every());
  }

  /// Asks what came of it.
  public DeviceOutcome look(DeviceHandle handle) {
    var issuer = issuers.named(handle.issuer());
    if (issuer.isEmpty()) {
      return new DeviceOutcome.NotSignedIn(SignInRefusal.BROKEN);
    }
    String[] codes;
    try {
      codes =
          wrapping
              .unwrap(handle.wrappedBy(), handle.wrapped(), handle.context())
              .utf8()
              .split("\n", 2);
    } catch (KeyUnavailable e) {
      return new DeviceOutcome.NotSignedIn(SignInRefusal.BROKEN);
    }
    if (!asking.tryAcquire()) {
      return new DeviceOutcome.Waiting(true);
    }
    try {
      return switch (issuer.get().redeem(codes[1], codes[0])) {
        case DeviceAnswer.AwaitsBrowser(boolean slower) -> new DeviceOutcome.Waiting(slower);
        case DeviceAnswer.Named(IssuerAnswer answer) -> judge(issuer.get().issuer(), answer);
      };
    } finally {
      asking.release();
    }
  }

  private DeviceOutcome judge(OidcIssuer issuer, IssuerAnswer answer) {
    return switch (answer) {
      case IssuerAnswer.Yes yes -> begin(issuer, yes);
      case IssuerAnswer.No(String why) -> refused(issuer, SignInRefusal.REFUSED, why);
      case IssuerAnswer.Silence(String why) -> {
        LOG.warn("{} does not say what came of a sign-in: {}", issuer, why);
        yield new DeviceOutcome.Waiting(true);
      }
    };
  }

  private DeviceOutcome begin(OidcIssuer issuer, IssuerAnswer.Yes yes) {
    return transaction.execute(
        _ ->
            switch (people.find(issuer, yes.claims())) {
              case IssuerPeople.PersonMatch.NoMatch(SignInRefusal why) ->
                  refused(issuer, why, why.word());
              case IssuerPeople.PersonMatch.MatchedPerson(var person) -> {
                var secret = Secret.random(random);
                var visit = secret.forCalls();
                visits.begin(person, ZoneOffset.UTC, visit);
                sessions.begin(visit.hash(), issuer, yes.refresh());
                yield new DeviceOutcome.SignedIn(Bearers.VISIT + secret.forTheBrowser(), person);
              }
            });
  }

  private static DeviceOutcome refused(OidcIssuer issuer, SignInRefusal why, String detail) {
    LOG.info("a command line's sign-in at the issuer {} ends: {}", issuer.name(), detail);
    return new DeviceOutcome.NotSignedIn(why);
  }
}
