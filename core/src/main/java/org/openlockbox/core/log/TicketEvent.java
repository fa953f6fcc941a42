package org.openlockbox.core.log;

import java.util.Optional;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.TicketKey;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.statement.Ticket;
import org.openlockbox.core.subject.SubjectId;

/// The tenant signed for a ticket of its own; `claimed` is what the envelope says, and not believed
/// before [#fault] has checked who signed it.
public record TicketEvent(Envelope envelope, Ticket claimed) implements EntryBody {
  /// Throws `MalformedJson` if the envelope holds no ticket.
  public static TicketEvent of(Envelope envelope) {
    envelope.require(Ticket.PAYLOAD_TYPE, "a ticket");
    return new TicketEvent(envelope, Ticket.parse(envelope.payloadJson()));
  }

  @Override
  public EntryType type() {
    return EntryType.TICKET;
  }

  @Override
  public Json.Object toJson() {
    return EntryBody.enveloped(envelope);
  }

  /// Why this may not be believed where this keyring is in force; empty if it may.
  public Optional<String> fault(Keyring keyring) {
    var genesis = keyring.genesis();
    if (!claimed.tenant().equals(genesis.tenant()) || !claimed.origin().equals(genesis.origin())) {
      return Optional.of("signed for another tenant or another log");
    }
    if (envelope.signatures().size() != 1) {
      return Optional.of("a ticket has exactly one signature");
    }
    var key = key(keyring, signer(), claimed.by());
    if (key.isEmpty()) {
      return Optional.of("signed with no key of this person that may sign for tickets");
    }
    return switch (SignatureCheck.verify(key.get(), envelope, envelope.signatures().getFirst())) {
      case SignatureCheck.Valid _ -> Optional.empty();
      case SignatureCheck.Invalid(var why) -> Optional.of(why);
    };
  }

  public KeyId signer() {
    return envelope.signatures().getFirst().keyId();
  }

  /// The key with this id, if it is that person's and may sign for tickets now.
  public static Optional<VerifyingKey> key(Keyring keyring, KeyId id, SubjectId by) {
    return keyring
        .key(id)
        .filter(key -> key.approver().equals(by))
        .map(ApproverKey::key)
        .or(
            () ->
                keyring
                    .policy()
                    .ticketKey(id)
                    .filter(held -> held.holder().equals(by))
                    .map(TicketKey::key));
  }
}
