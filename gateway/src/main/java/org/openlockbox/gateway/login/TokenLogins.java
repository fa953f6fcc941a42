package org.openlockbox.gateway.login;

import java.net.InetAddress;
import java.util.Optional;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.gateway.admission.AdmissionDecision;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logins by a token, for protocols whose clients show one. A token counts for the connect
/// statement that has its SHA-256, and that statement goes the way of every login:
/// [org.openlockbox.gateway.admission.Admission].
public final class TokenLogins {
  private static final Logger LOG = LoggerFactory.getLogger(TokenLogins.class);

  private final GatewayServices services;
  private final LoginLookups lookups;
  private final WrongPasswords wrong;

  public TokenLogins(GatewayServices services) {
    this.services = services;
    this.lookups = new LoginLookups(services.controlPlane());
    this.wrong = new WrongPasswords(LOG::warn, services.nanoTime());
  }

  /// What became of a token.
  public sealed interface TokenDecision {
    record Admitted(Permit permit) implements TokenDecision {}

    /// It is known, and it opens nothing.
    record TokenDenied(Deny why) implements TokenDecision {}

    /// Nobody has it.
    record NoSuchToken() implements TokenDecision {}
  }

  /// Decides about whoever shows this token. May wait.
  public TokenDecision decide(BearerToken token, InetAddress from) {
    try {
      return decided(token, from);
    } catch (ControlPlane.NoReply e) {
      return new TokenDecision.TokenDenied(notNow(e.words()));
    } catch (RuntimeException e) {
      LOG.error("the check of a token failed", e);
      return new TokenDecision.TokenDenied(notNow("access cannot be checked now"));
    }
  }

  private TokenDecision decided(BearerToken token, InetAddress from) {
    Optional<ConnectOffer> offer = lookups.find(token.user());
    if (offer.isEmpty()) {
      return new TokenDecision.NoSuchToken();
    }
    ConnectStatement statement = ConnectCheck.parse(offer.get().envelope());
    if (!(statement.credential() instanceof Credential.Token(Hash digest))
        || !digest.equals(token.digest())) {
      wrong.note(offer.get(), token.user(), from);
      return new TokenDecision.NoSuchToken();
    }
    return services.admit(
        offer.get(),
        Optional.empty(),
        token.user(),
        statement.resource().value(),
        TokenLogins::decision);
  }

  private static TokenDecision decision(AdmissionDecision decided) {
    return switch (decided) {
      case Deny deny -> new TokenDecision.TokenDenied(deny);
      case Permit permit -> new TokenDecision.Admitted(permit);
    };
  }

  private static Deny notNow(String message) {
    return new Deny(
        Deny.DenyReason.CANNOT_CHECK,
        message,
        "Nothing was opened. Try again in a moment; if it stays so, tell your platform team.");
  }
}
