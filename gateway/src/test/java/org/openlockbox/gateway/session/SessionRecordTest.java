package org.openlockbox.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.CalledFunctions;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.session.SessionChain;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.budget.RecordShares;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.recorder.Recorder;
import org.openlockbox.gateway.testing.KeptLog;
import org.openlockbox.gateway.trace.SessionTraces;

class SessionRecordTest {
  private static final SqlFacts ALL =
      new SqlFacts(
          List.of("select", "update"),
          3,
          new CalledFunctions(new TreeSet<>(List.of("count", "lower")), 1),
          new TreeSet<>(List.of("customers", "tickets")),
          new TreeSet<>(List.of("tickets")),
          2);

  private final KeptLog log = new KeptLog();

  @Test
  void bodiesAreCanonicalAndTheClosingChainIsWhatAVerifierComputes() {
    SessionId session = SessionId.random(new SecureRandom());
    recordTwoOperations(session);
    SessionChain chain = SessionChain.of(session);
    for (GatewayEntry entry : log.entries()) {
      EntryBody body = entry.body();
      Json json = CanonicalJson.parse(Bytes.ofUtf8(body.canonical()));
      assertThat(json).isEqualTo(body.toJson());
      assertThat(EntryBody.parse(body.type(), Fields.of(json, "body"))).isEqualTo(body);
      if (body instanceof SessionEvent.Closed closed) {
        assertThat(closed.chain()).isEqualTo(chain.head());
        assertThat(closed.operations()).isEqualTo(2);
        assertThat(closed.units()).isEqualTo(1);
      } else {
        chain = chain.with((SessionEvent) body);
      }
    }
    assertThat(log.entries())
        .hasSize(5)
        .extracting(GatewayEntry::counter)
        .containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  private void recordTwoOperations(SessionId session) {
    try (var recorder = new Recorder(log, (tenant, body, counter) -> Bytes.ofUtf8("s")).start()) {
      var share = new RecordShares.RecordShare(1L << 30);
      var record =
          new SessionRecord(
              recorder.access(new TenantId("acme")),
              share,
              session,
              new SecureRandom(),
              () -> {},
              SessionTraces.none());
      var first =
          record.operation(
              "query", Bytes.ofUtf8("select 1"), Bytes.empty(), ALL, Optional.of("level"));
      var result = Commitment.to(first.salt(), Bytes.ofUtf8("a row"));
      record.outcome(
          first.number(),
          new SessionRecord.OperationResult("00000", 1, 12, 7, Optional.of(result)));
      record.operation(
          "execute",
          Bytes.ofUtf8("select $1"),
          Bytes.ofUtf8("$1 = 2"),
          SqlFacts.of("select"),
          Optional.empty());
      record.outcome(1, new SessionRecord.OperationResult("42601", 0, 0, 0, Optional.empty()));
      record.close("client-left", true);
    }
  }
}
