package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// Whoever owns the server's database writes what they like into it, and still opens nothing. What
/// is forged here stays in the log of that tenant, so the demo is their own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgeryTest {
  private static final String ASK = "--for PT10M";

  private final Demo demo = Demo.start("forgery");

  @AfterAll
  void stop() {
    demo.close();
  }

  @Test
  void decisionRowsWrittenByHandOpenNothing() throws Exception {
    String id = demo.ask("globex", "masked", ASK);
    try (var control = demo.control()) {
      writeApproval(control, id);
      gatewayRefuses(ForgedLogin.dial(demo, control, "globex", id));
    }
    assertThat(state(demo, id))
        .as("the row is believed where it is only shown")
        .isEqualTo("approved");
    assertThat(staysOut(demo, id).err()).contains("the log holds no grant for " + id);
  }

  @Test
  void aKeyWrittenIntoTheServersTablesSignsNothing() throws Exception {
    String id = demo.ask("initech", "masked", ASK);
    SoftwareKey mallory = SoftwareKey.generate(Scheme.ED25519, new SecureRandom());
    Path key = demo.desk().resolve("mallory.key");
    Files.writeString(key, KeyFile.format(mallory));
    String token = "lbx_" + "m".repeat(43);
    try (Api api = new Api(demo.port("server"), token);
        var control = demo.control()) {
      writeToken(control, token);
      var approval = SignedApproval.prepare(api, "initech", id, "mallory");
      assertThat(approval.send(approval.decision(), key).status())
          .as("signed by a key that the keyring does not have")
          .isEqualTo(422);
      writeKey(control, demo, mallory);
      assertThat(approval.send(approval.decision(), key).status())
          .as("signed by a key that somebody wrote into the log's table")
          .isGreaterThanOrEqualTo(400);
      writeApproval(control, id);
      gatewayRefuses(ForgedLogin.dial(demo, control, "initech", id));
    }
    staysOut(demo, id);
  }

  private static void gatewayRefuses(Answer dialled) {
    assertThat(dialled.ends(2).out()).isEmpty();
    dialled.says("FATAL").doesNotSay("authentication failed");
  }

  private static void writeApproval(Connection control, String id) throws SQLException {
    run(
        control,
        """
        insert into decision (tenant_id, request_id, seq, verdict, approver, key_id, at, level, not_before, not_after, duration_ms, limits)
        select tenant_id, id, log_index + 1, 'approve', tenant_id || '-approver', repeat('ab', 32), date_trunc('milliseconds', now()), level, date_trunc('milliseconds', now()),
               date_trunc('milliseconds', now()) + interval '10 minutes', duration_ms, limits
          from access_request where id = ?
        """,
        id);
    run(
        control,
        """
        update access_request
           set version = version + 1, state = 'approved', grant_level = level, grant_limits = limits, grant_not_before = date_trunc('milliseconds', now()) - interval '1 minute',
               grant_not_after = date_trunc('milliseconds', now()) + interval '10 minutes', decided_at = date_trunc('milliseconds', now())
         where id = ?
        """,
        id);
  }

  private static void writeToken(Connection control, String token) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Bytes.ofUtf8(token).toArray());
    run(
        control,
        """
        insert into token (sha256, id, subject, name, roles, tenant_id, created_at)
        values (?, 'forged', 'mallory', 'Mallory', array['approver'], 'initech', now())
        """,
        hash);
  }

  /// A key-add entry that only its own new key signed.
  private static void writeKey(Connection control, Demo demo, SoftwareKey mallory)
      throws SQLException {
    var tenant =
        demo.terminal("initech-approver").types("lockbox tenant show initech -o json").json();
    long seq = tenant.number("size") + 1000; // nothing that is appended later collides with it
    var origin = new LogOrigin(tenant.text("origin"));
    var added = new ApproverKey(new SubjectId("mallory"), "Mallory", mallory.key());
    var change =
        new KeyringChange(
            new TenantId("initech"),
            origin,
            Hash.ofHex(tenant.text("pin")),
            1,
            new KeyringChange.Edit.AddKey(added));
    var envelope = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson()).signedBy(mallory);
    var entry = LogEntry.of(origin, seq, Instant.now(), new KeyringEvent.KeyAdded(envelope));
    byte[] bytes = entry.bytes().toArray();
    run(
        control,
        "insert into log_batch (tenant_id, first_seq, count, entries, hashes) values ('initech', ?,"
            + " 1, ?, ?)",
        seq,
        ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array(),
        MerkleTree.leafHash(bytes).bytes());
    run(
        control,
        "insert into log_mention (tenant_id, kind, about, first_seq) values ('initech', 'keyring',"
            + " '', ?)",
        seq);
  }

  private static void run(Connection control, String sql, Object... values) throws SQLException {
    try (var statement = control.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  private static String state(Demo demo, String id) {
    return demo.terminal("engineer")
        .types("lockbox request show " + id + " -o json")
        .json()
        .text("state");
  }

  /// No row appears, no session opens.
  private static Answer staysOut(Demo demo, String id) throws SQLException {
    Answer answer =
        demo.terminal("engineer").types("lockbox psql " + id + " -- -At -c \"select 'in'\"");
    assertThat(answer.exit()).as(answer::toString).isNotZero();
    assertThat(answer.out()).isEmpty();
    try (var control = demo.control();
        var statement =
            control.prepareStatement("select count(*) from session where request_id = ?")) {
      statement.setString(1, id);
      var rows = statement.executeQuery();
      rows.next();
      assertThat(rows.getLong(1)).as("sessions that opened").isZero();
    }
    return answer;
  }
}
