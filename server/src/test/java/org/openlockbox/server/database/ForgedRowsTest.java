package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.gateway.GatewayDoorTest;

/// Somebody who may write into the control plane's database opens nothing: rows are believed by
/// nobody who lets anyone in.
final class ForgedRowsTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  /// Makes the row say approved, as the server itself would write it.
  private static Answer approvedByHand() {
    var asked = ACME.ask("helpdesk");
    var id = TestTenant.ref(asked).id();
    SERVER.execute(
        """
        insert into decision (tenant_id, request_id, seq, verdict, approver, key_id, at, level,
                              not_before, not_after, duration_ms, limits)
        select tenant_id, id, 1, 'approve', 'acme-ann', '%s', created_at, level, created_at,
               created_at + interval '30 minutes', duration_ms, limits
          from access_request where id = '%s';
        update access_request
           set version = version + 1, state = 'approved', decided_at = created_at,
               grant_level = level, grant_limits = limits, grant_not_before = created_at,
               grant_not_after = created_at + interval '30 minutes'
         where id = '%s'
        """
            .formatted(ACME.key.key().keyId().hex(), id, id));
    return asked;
  }

  private static void opensNothing(Answer request) {
    var path = ACME.requests() + "/" + TestTenant.ref(request).id();
    assertThat(SERVER.get("engineer", path).json().text("state")).isEqualTo("approved");
    var signed = TestGateway.connect(ACME, request, ACME.engineerKey);
    var answer = SERVER.post("engineer", path + "/connects", TestTenant.envelope(signed));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("unproven");
    switch (GatewayDoorTest.history(SERVER, ACME, request)) {
      case HistoryCheck.Invalid _ -> {}
      case HistoryCheck.Valid checked -> assertThat(checked.grant()).isEmpty();
    }
  }

  @Test
  void aRequestApprovedByHandOpensNothing() {
    opensNothing(approvedByHand());
  }

  @Test
  void aDecisionPutIntoTheLogTableByHandOpensNothing() {
    var request = approvedByHand();
    var stranger = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var allowed = Optional.of(ACME.allowance(Level.MASKED, Duration.ofMinutes(30)));
    var decision = ACME.decision(TestTenant.ref(request), "acme-ann", allowed).signedBy(stranger);
    long size = ACME.verifiedLog().size();
    var entry =
        new LogEntry(
            ACME.origin,
            size,
            SERVER.clock.get(),
            RequestEvent.Decided.of(decision),
            Optional.empty());
    insert(size, "authority", TestTenant.ref(request).id().value(), entry.bytes());
    opensNothing(request);
    SERVER.execute(
        """
        alter table log_batch disable trigger user;
        alter table log_mention disable trigger user;
        delete from log_batch where first_seq = %1$d;
        delete from log_mention where first_seq = %1$d;
        alter table log_batch enable trigger user;
        alter table log_mention enable trigger user
        """
            .formatted(size));
  }

  private static void insert(long seq, String kind, String about, Bytes entry) {
    SERVER.execute(
        """
        insert into log_batch (tenant_id, first_seq, count, entries, hashes, root, range, keyring_seq, key_no)
        select 'acme', %1$d, 1, '\\x%2$04x%3$s', sha256('\\x00%3$s'), root, range, keyring_seq, key_no
          from log_batch where tenant_id = 'acme' order by first_seq desc limit 1;
        insert into log_mention (tenant_id, kind, about, first_seq) values ('acme', '%4$s', '%5$s', %1$d)
        """
            .formatted(seq, entry.size(), entry.hex(), kind, about));
  }

  @Test
  void aDamagedEntryIsTheDatabasesFaultAndNotTheCallers() {
    var tenant = new TestTenant(SERVER, "damaged", 1);
    var asked = tenant.ask("helpdesk");
    SERVER.execute(
        """
        alter table log_batch disable trigger user;
        update log_batch set entries = set_byte(entries, octet_length(entries) - 1, 0)
         where tenant_id = 'damaged' and first_seq = %d;
        alter table log_batch enable trigger user
        """
            .formatted(TestTenant.ref(asked).index()));
    var answer = tenant.approve(asked);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(500);
    assertThat(answer.code()).isEqualTo("damaged");
    assertThat(answer.json().text("detail")).contains("of the log cannot be read");
  }

  @Test
  void aRowThatNoServerWroteIsNamedAndNoFaultOfTheServers() {
    var asked = ACME.ask("helpdesk");
    var id = TestTenant.ref(asked).id();
    SERVER.execute(
        """
        insert into decision (tenant_id, request_id, seq, verdict, approver, key_id, at, level,
                              not_before, not_after, duration_ms, limits)
        select tenant_id, id, 1, 'approve', 'NOT A SUBJECT', 'no key', created_at, level,
               created_at, created_at + interval '30 minutes', duration_ms, limits
          from access_request where id = '%s'
        """
            .formatted(id));
    try {
      var answer = SERVER.get("engineer", ACME.requests() + "/" + id);
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.code()).isEqualTo("damaged");
      assertThat(answer.json().text("detail")).contains(id.value(), "not written by this server");
    } finally {
      SERVER.execute(
          """
          alter table decision disable trigger user;
          delete from decision where request_id = '%s';
          alter table decision enable trigger user
          """
              .formatted(id));
    }
  }

  @Test
  void rowsThatTheMachineCannotHoldAreRefusedByTheDatabase() {
    var id = TestTenant.ref(ACME.ask("helpdesk")).id();
    for (var change :
        List.of(
            "state = 'approved', version = version + 1",
            "level = 'read', version = version + 1",
            "quorum = 0, version = version + 1",
            "decide_by = decide_by + interval '1 day', version = version + 1",
            "state = 'lapsed'",
            "state = 'denied', version = version + 1",
            "state = 'revoked', version = version + 1")) {
      assertRefused("update access_request set %s where id = '%s'".formatted(change, id));
    }
    assertRefused("delete from access_request where id = '%s'".formatted(id));
    assertRefused("delete from log_batch");
    assertRefused("update log_batch set hashes = hashes");
    assertRefused("update log_batch set range = range");
    assertRefused("update log_batch set sealed = null, key_no = key_no");
    assertRefused("delete from log_mention");
  }

  private static void assertRefused(String sql) {
    Assertions.assertThatThrownBy(() -> SERVER.execute(sql))
        .as(sql)
        .hasRootCauseInstanceOf(SQLException.class);
  }
}
