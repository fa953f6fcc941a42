package org.openlockbox.server.identity.oidc;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.identity.Visits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Sign-in at an issuer: the authorization code flow of OpenID Connect, with PKCE, for [#VALID],
/// once, and only in the browser that began it.
///
/// The state is a secret of its own; nonce and PKCE verifier follow from it and from the browser's
/// secret, so that neither who sees the addresses nor who reads the database can go on with a
/// sign-in. Each issuer has an address of its own to come back to, and has to name itself if it
/// says it does (RFC 9207): what one issuer answers is never taken to another.
public final class IssuerSignIns {
  static final Duration VALID = Duration.ofMinutes(10);
  private static final Logger LOG = LoggerFactory.getLogger(IssuerSignIns.class);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Issuers issuers;
  private final IssuerPeople people;
  private final IssuerSessions standings;
  private final Visits visits;
  private final URI portal;
  private final InstantSource clock;
  private final RandomGenerator random;

  public IssuerSignIns(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      Issuers issuers,
      IssuerSessions standings,
      Visits visits,
      URI portal,
      InstantSource clock,
      RandomGenerator random) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.issuers = issuers;
    this.people = new IssuerPeople(jdbc, clock);
    this.standings = standings;
    this.visits = visits;
    this.portal = portal;
    this.clock = clock;
    this.random = random;
  }

  /// What came back from an issuer, as the browser brought it.
  public record CallbackParameters(
      String state, Optional<String> code, Optional<String> error, Optional<String> iss) {
    @Override
    public String toString() {
      return "Brought";
    }
  }

  /// What became of a sign-in.
  public sealed interface SignInResult {
    /// Somebody is signed in; the browser gets this secret and goes on to its page.
    record SignInSuccess(Secret visit, String next) implements SignInResult {}

    record SignInFailure(SignInRefusal why) implements SignInResult {}
  }

  /// Where this browser goes to sign in; empty if the issuer does not say where.
  public Optional<URI> start(OidcIssuer issuer, Secret browser, String next, ZoneId zone) {
    IssuerMetadata metadata;
    try {
      metadata = issuers.named(issuer.name()).orElseThrow().metadata();
    } catch (IOException e) {
      LOG.warn("nobody can sign in at the issuer {}: {}", issuer.name(), e.getMessage());
      return Optional.empty();
    }
    var state = Secret.random(random);
    jdbc.sql(
            """
            insert into issuer_sign_in (state, browser, issuer, next, zone, expires_at)
            values (?, ?, ?, ?, ?, ?)
            """)
        .params(
            state.hash(),
            browser.hash(),
            issuer.name(),
            next,
            zone.getId(),
            clock.instant().plus(VALID).atOffset(ZoneOffset.UTC))
        .update();
    return Optional.of(address(issuer, metadata, browser, state));
  }

  /// Where people sign out at the issuer of this name; empty if it has no such page, or does not
  /// say so now.
  public Optional<URI> leave(String name) {
    return issuers.named(name).flatMap(IssuerSignIns::leave);
  }

  private static Optional<URI> leave(IssuerClient vouching) {
    try {
      return vouching
          .metadata()
          .end()
          .map(page -> with(page, Map.of("client_id", vouching.issuer().client().id())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static URI with(URI page, Map<String, String> query) {
    var separator = page.getRawQuery() == null ? "?" : "&";
    return URI.create(page + separator + IssuerHttp.encoded(query));
  }

  private URI address(OidcIssuer issuer, IssuerMetadata metadata, Secret browser, Secret state) {
    var query = new LinkedHashMap<>(issuer.client().parameters());
    query.put("response_type", "code");
    query.put("client_id", issuer.client().id());
    query.put("redirect_uri", back(issuer).toString());
    query.put("scope", String.join(" ", issuer.client().scopes()));
    query.put("state", state.forTheBrowser());
    query.put("nonce", nonce(browser, state));
    query.put("code_challenge", IssuerClient.challenge(verifier(browser, state)));
    query.put("code_challenge_method", "S256");
    return with(metadata.authorization(), query);
  }

  private static String nonce(Secret browser, Secret state) {
    return browser.derived("nonce " + state.forTheBrowser()).base64Url();
  }

  private static String verifier(Secret browser, Secret state) {
    return browser.derived("pkce " + state.forTheBrowser()).base64Url();
  }

  private URI back(OidcIssuer issuer) {
    return portal.resolve("/sign-in/back/" + issuer.name());
  }

  /// Takes what this browser brought back from the issuer of this name.
  public SignInResult back(String name, Secret browser, CallbackParameters brought) {
    var vouching = issuers.named(name);
    var state = Secret.parse(brought.state());
    if (vouching.isEmpty() || state.isEmpty()) {
      return new SignInResult.SignInFailure(SignInRefusal.BROKEN);
    }
    return take(vouching.get().issuer(), browser, state.get())
        .map(begun -> judge(vouching.get(), browser, state.get(), begun, brought))
        .orElseGet(() -> new SignInResult.SignInFailure(SignInRefusal.BROKEN));
  }

  private record PendingSignIn(String next, ZoneId zone) {}

  private Optional<PendingSignIn> take(OidcIssuer issuer, Secret browser, Secret state) {
    return jdbc.sql(
            """
            delete from issuer_sign_in
             where state = ? and browser = ? and issuer = ? and expires_at > ?
            returning next, zone
            """)
        .params(
            state.hash(), browser.hash(), issuer.name(), clock.instant().atOffset(ZoneOffset.UTC))
        .query(
            (row, n) ->
                new PendingSignIn(row.getString("next"), Visits.zone(row.getString("zone"))))
        .optional();
  }

  private SignInResult judge(
      IssuerClient vouching,
      Secret browser,
      Secret state,
      PendingSignIn begun,
      CallbackParameters brought) {
    var issuer = vouching.issuer();
    if (!comesFrom(vouching, brought.iss())) {
      return out(issuer, SignInRefusal.BROKEN, "the answer is not from it");
    }
    if (brought.code().isEmpty()) {
      return out(issuer, SignInRefusal.REFUSED, "it said no");
    }
    var answer =
        vouching.redeem(
            brought.code().get(), verifier(browser, state), nonce(browser, state), back(issuer));
    return switch (answer) {
      case IssuerAnswer.Yes yes -> begin(issuer, yes, begun);
      case IssuerAnswer.No(String why) -> out(issuer, SignInRefusal.BROKEN, why);
      case IssuerAnswer.Silence(String why) -> out(issuer, SignInRefusal.SILENT, why);
    };
  }

  private static boolean comesFrom(IssuerClient vouching, Optional<String> iss) {
    try {
      return iss.map(vouching.issuer().url().toString()::equals)
          .orElse(!vouching.metadata().namesItself());
    } catch (IOException e) {
      return false;
    }
  }

  private SignInResult begin(OidcIssuer issuer, IssuerAnswer.Yes yes, PendingSignIn begun) {
    return transaction.execute(
        _ ->
            switch (people.find(issuer, yes.claims())) {
              case IssuerPeople.PersonMatch.NoMatch(SignInRefusal why) ->
                  out(issuer, why, detail(why, yes.claims()));
              case IssuerPeople.PersonMatch.MatchedPerson(var person) -> {
                var visit = visits.begin(person, begun.zone);
                standings.begin(visit.hash(), issuer, yes.refresh());
                yield new SignInResult.SignInSuccess(visit, begun.next);
              }
            });
  }

  /// For whoever sets the issuer up: which groups came, where none of them is a role here.
  private static String detail(SignInRefusal why, Claims claims) {
    return why == SignInRefusal.NO_ROLE
        ? "no role is given to any of the groups " + TextRules.visible(claims.groups().toString())
        : why.word();
  }

  private static SignInResult out(OidcIssuer issuer, SignInRefusal why, String detail) {
    LOG.info("a sign-in at the issuer {} ends: {}", issuer.name(), detail);
    return new SignInResult.SignInFailure(why);
  }

  /// Deletes what is over.
  public void forgetOld() {
    jdbc.sql("delete from issuer_sign_in where expires_at <= ?")
        .param(clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }
}
