package org.openlockbox.core.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.openlockbox.core.history.Authority;
import org.openlockbox.core.history.Tickets;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Ticket;
import org.openlockbox.core.subject.SubjectId;

/// What the people of a [TenantFixture] sign beforehand, for tests: settings, policies, tickets,
/// and what follows from them.
public record SignedPolicy(TenantFixture acme) {
  /// Logs a change of settings or policy, signed by these approvers.
  public LogEntry change(KeyringChange.Edit change, String... approvers) {
    var keyring = keyring();
    var payload =
        new KeyringChange(
            acme.tenant(), acme.log().origin(), keyring.last(), keyring.quorum(), change);
    var envelope = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload.toJson());
    for (var approver : approvers) {
      envelope = envelope.signedBy(acme.key(approver));
    }
    return acme.log().append(KeyringEvent.of(envelope));
  }

  /// The keyring after every entry of the acme.log().
  public Keyring keyring() {
    var steps = new ArrayList<KeyringStep>();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      if (LogEntry.parse(acme.log().entry(seq)).body() instanceof KeyringEvent event) {
        var bytes = acme.log().entry(seq);
        steps.add(event.step(seq, LogEntry.parse(bytes).time(), bytes.sha256()));
      }
    }
    return switch (Keyring.replay(steps)) {
      case KeyringCheck.Valid(var keyring) -> keyring;
      case KeyringCheck.Invalid rejected -> throw new AssertionError(rejected.toString());
    };
  }

  /// A ticket of the tenant for a day, to be signed.
  public Ticket ticket(String ticket, String by) {
    return new Ticket(
        acme.tenant(),
        acme.log().origin(),
        ticket,
        new SubjectId(by),
        acme.clock().instant().plus(Duration.ofDays(1)));
  }

  /// Logs that this approver signed for a ticket.
  public LogEntry sign(Ticket ticket) {
    return acme.log()
        .append(TicketEvent.of(ticket.unsigned().signedBy(acme.key(ticket.by().value()))));
  }

  /// Logs what the policy decides about a request, as an honest server does; empty if it asks.
  public Optional<LogEntry> rule(TenantFixture.RequestEntry asked) {
    return acme.checked(asked)
        .standing()
        .automatic(authority(), acme.clock().instant())
        .map(acme.log()::append);
  }

  /// Whose word counts after every entry of the acme.log().
  public Authority authority() {
    var entries = new ArrayList<LogEntry>();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      entries.add(LogEntry.parse(acme.log().entry(seq)));
    }
    return new Authority(keyring(), Conditions.NONE, Tickets.kept(entries));
  }
}
