package org.openlockbox.core.history;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;

/// What came of checking a connect statement against a grant.
public sealed interface ConnectCheck {
  /// The engineer named in the request signed it, for this grant, for now. Only
  /// [ConnectCheck#verify] makes one.
  final class Valid implements ConnectCheck {
    private final ProvenGrant grant;
    private final ConnectStatement statement;

    private Valid(ProvenGrant grant, ConnectStatement statement) {
      this.grant = grant;
      this.statement = statement;
    }

    public ProvenGrant grant() {
      return grant;
    }

    public ConnectStatement statement() {
      return statement;
    }
  }

  /// Nobody may connect with it, and why, in words that may be shown.
  record Invalid(String why) implements ConnectCheck {}

  /// Checks the signature, everything that the statement is bound to, and that the grant and the
  /// statement are both in force at `now`.
  static ConnectCheck verify(ProvenGrant grant, Envelope connect, Instant now) {
    if (!grant.isInForceAt(now)) {
      return new Invalid("the grant is not in force now");
    }
    try {
      var statement = parse(connect);
      return fault(grant.submission(), grant.terms(), connect, statement, now)
          .<ConnectCheck>map(Invalid::new)
          .orElseGet(() -> new Valid(grant, statement));
    } catch (MalformedJson e) {
      return new Invalid(String.valueOf(e.getMessage()));
    }
  }

  /// Throws [MalformedJson] if the envelope holds no connect statement.
  static ConnectStatement parse(Envelope connect) {
    connect.require(ConnectStatement.PAYLOAD_TYPE, "a connect statement");
    return ConnectStatement.parse(connect.payloadJson());
  }

  /// Why the statement does not fit the grant at this time; empty if it does.
  private static Optional<String> fault(
      Submission submission,
      GrantTerms terms,
      Envelope connect,
      ConnectStatement statement,
      Instant at) {
    if (!statement.window().contains(at)) {
      return Optional.of("the connect statement is not in force now");
    }
    return misfit(submission, terms, connect, statement);
  }

  /// Why the statement does not fit the grant at all; empty if it does.
  static Optional<String> misfit(
      Submission submission, GrantTerms terms, Envelope connect, ConnectStatement statement) {
    if (!statement.tenant().equals(submission.tenant())
        || !statement.request().equals(submission.id())
        || !statement.resource().equals(submission.terms().resource())) {
      return Optional.of("the connect statement is for another request, tenant or resource");
    }
    if (!statement.engineer().equals(submission.engineer().id())) {
      return Optional.of("the connect statement is by another engineer");
    }
    if (statement.window().notAfter().isAfter(terms.window().notAfter())) {
      return Optional.of("the connect statement outlives the grant");
    }
    if (statement.credential() instanceof Credential.OwnKey(var own)
        && !own.equals(submission.engineer().key().keyId())) {
      return Optional.of("the connect statement is for another key than the request names");
    }
    if (connect.signatures().size() != 1) {
      return Optional.of("a connect statement has exactly one signature");
    }
    var key = submission.engineer().key();
    return switch (SignatureCheck.verify(key, connect, connect.signatures().getFirst())) {
      case SignatureCheck.Valid _ -> Optional.empty();
      case SignatureCheck.Invalid(var why) ->
          Optional.of("not signed by the key that the request names: " + why);
    };
  }
}
