package org.openlockbox.bench.log;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.RecordedText;

/// Statements as a gateway records them, with a text of about 120 bytes.
final class Statements {
  private final RandomGenerator random;

  Statements(RandomGenerator random) {
    this.random = random;
  }

  OpenedText text() {
    byte[] salt = new byte[Commitment.SALT_LENGTH];
    random.nextBytes(salt);
    return new OpenedText(
        Bytes.of(salt),
        Bytes.ofUtf8(
            "select id, subject, status, customer_id, created_at from tickets where id = %d and status <> 'closed' limit 50"
                .formatted(random.nextInt(1_000_000))));
  }

  SessionEvent.Operation statement(int tenant, long number, OpenedText text) {
    return new SessionEvent.Operation(
        LogSite.session(tenant),
        number,
        text.commitment(),
        Optional.empty(),
        "query",
        SqlFacts.reading("select", 1, List.of("customers")));
  }

  GatewayEntry entry(int tenant, long counter) {
    var text = text();
    var body = statement(tenant, counter, text);
    return new GatewayEntry(
        LogSite.tenant(tenant),
        body,
        counter,
        Optional.empty(),
        List.of(RecordedText.of(text.salt(), text.text())));
  }
}
