package org.openlockbox.core.log;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.CommittedText;

/// What one log entry says: about the keyring, about a ticket, about a request, about a session,
/// about the log, or about its texts.
public sealed interface EntryBody
    permits KeyringEvent, TicketEvent, RequestEvent, SessionEvent, RecoveryEvent, ErasedEvent {
  EntryType type();

  Json.Object toJson();

  /// The canonical spelling of [#toJson], as it stands in the entry. Where a body is written for
  /// every operation it is spelled without making the JSON first.
  default String canonical() {
    return CanonicalJson.text(toJson());
  }

  /// The request it is about, where the body names one.
  default Optional<RequestId> request() {
    return Optional.empty();
  }

  /// The session it is about, where the body names one.
  default Optional<SessionId> session() {
    return Optional.empty();
  }

  /// The texts that it commits to.
  default List<CommittedText> texts() {
    return List.of();
  }

  /// Reads a body of this type strictly.
  static EntryBody parse(EntryType type, Fields body) {
    EntryBody parsed =
        switch (type) {
          case GENESIS -> new KeyringEvent.Founded(envelope(body));
          case KEY_ADD -> new KeyringEvent.KeyAdded(envelope(body));
          case KEY_REMOVE -> new KeyringEvent.KeyRemoved(envelope(body));
          case SETTINGS -> new KeyringEvent.SettingsChanged(envelope(body));
          case POLICY -> new KeyringEvent.PolicyChanged(envelope(body));
          case GATEWAY_AUTHORITY_OBJECT -> new KeyringEvent.AuthorityObjected(envelope(body));
          case GATEWAY_AUTHORITY -> new KeyringEvent.AuthorityChanged(envelope(body));
          case GATEWAY_REVOKE -> new KeyringEvent.GatewayRevoked(envelope(body));
          case LOG_KEYS -> new KeyringEvent.LogKeysChanged(envelope(body));
          case TICKET -> TicketEvent.of(envelope(body));
          case REQUEST -> RequestEvent.Requested.parse(body);
          case REVIEW -> RequestEvent.Reviewed.parse(body);
          case AUTO -> RequestEvent.Automatic.parse(body);
          case DECISION -> RequestEvent.Decided.of(envelope(body));
          case REVOKE -> RequestEvent.Revoked.of(envelope(body));
          case WITHDRAW -> RequestEvent.Withdrawn.parse(body);
          case LAPSE -> RequestEvent.Lapsed.parse(body);
          case END -> RequestEvent.Ended.parse(body);
          case SESSION_OPEN -> SessionEvent.Opened.parse(body);
          case OPERATION -> SessionEvent.Operation.parse(body);
          case PART -> StreamPart.parse(body);
          case OUTCOME -> SessionEvent.Outcome.parse(body);
          case SESSION_CLOSE -> SessionEvent.Closed.parse(body);
          case SESSION_LOST -> SessionEvent.Lost.parse(body);
          case RECOVERY -> RecoveryEvent.parse(body);
          case ERASED -> ErasedEvent.parse(body);
          case REMOVAL_FAILED -> SessionEvent.RemovalFailed.parse(body);
        };
    body.done();
    return parsed;
  }

  private static Envelope envelope(Fields body) {
    return Envelope.parse(body.object("envelope"));
  }

  /// The body of an entry that is nothing but an envelope.
  static Json.Object enveloped(Envelope envelope) {
    return Json.object().put("envelope", envelope.toJson()).build();
  }
}
