package org.openlockbox.bench.log;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.EngineerName;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.log.entry.CounterLine;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.RecordedRuling;
import org.openlockbox.server.request.StoredRequest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Requests whose entries stand in the log as the server writes them, each with a session of some
/// statements, behind all others: those whose pages are opened. They wait for an answer.
final class RealRequests implements AutoCloseable {
  private static final int STATEMENTS = 40;
  private static final String BOOT = "00000000000000b1";

  private final OwnLogs own;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final TenantLogs logs;
  private final LogSite site;
  private final Random random;
  private final SecureRandom ids = new SecureRandom();
  private final VerifyingKey key = SoftwareKey.generate(Scheme.ED25519, ids).key();
  private long counter;

  RealRequests(LogSite site, Path directory, long seed) {
    this.site = site;
    this.random = new Random(seed);
    own = new OwnLogs(site, directory.resolve("signed-real"));
    jdbc = own.jdbc();
    transaction = own.transaction();
    logs = own.logs();
  }

  /// Makes one.
  StoredRequest make() {
    var tenant = LogSite.tenant(0);
    var id = RequestId.random(ids);
    var session = SessionId.random(ids);
    transaction.executeWithoutResult(
        _ -> {
          var batch = logs.lock(Set.of(CounterLine.of(tenant, stamp())));
          ask(batch, tenant, id);
          for (int n = 0; n < STATEMENTS; n++) {
            run(batch, tenant, id, session, n);
          }
          logs.writeSigned(batch);
        });
    jdbc.sql(
            """
            insert into session (tenant_id, id, request_id, engineer_id, resource, level, gateway, boot,
                                 certificate, address, application, opened_at, expires_at, log_index, state)
            values (?, ?, ?, 'engineer-1', 'resource-1', 'masked', 'gw-0', ?, '{}', '127.0.0.1', 'psql',
                    now(), now() + interval '1 hour', 0, 'open')
            """)
        .params(tenant.value(), session.value(), id.value(), BOOT)
        .update();
    return AccessRequests.of(jdbc, tenant).find(id).orElseThrow();
  }

  private GatewayStamp stamp() {
    return GatewayStamp.of(site.identity(0).id(), BOOT, counter);
  }

  private void ask(LogBatch batch, TenantId tenant, RequestId id) {
    var submission = submission(batch, tenant, id);
    var reason = text("Cannot log in");
    var name = text("Engineer 1");
    var entry =
        batch.append(
            tenant, new RequestEvent.Requested(submission, reason.commitment(), name.commitment()));
    batch.keep(tenant, reason);
    batch.keep(tenant, name);
    AccessRequests.of(jdbc, tenant)
        .add(
            new StoredRequest(
                AccessRequest.Pending.of(submission),
                Optional.of(new Reason("Cannot log in")),
                Optional.of(new EngineerName("Engineer 1")),
                new RecordedRuling(0, new RuleId("ask"), "asked"),
                1,
                batch.now(),
                entry.seq(),
                entry.sha256()));
  }

  private Submission submission(LogBatch batch, TenantId tenant, RequestId id) {
    var engineer =
        new Engineer(new SubjectId("engineer-1"), EngineerFacts.human("DE", "Vendor"), key);
    var terms =
        new Terms(
            new ResourceId("resource-1"),
            Level.MASKED,
            Optional.empty(),
            Duration.ofHours(1),
            Limits.UNWRITTEN);
    return new Submission(
        id,
        tenant,
        engineer,
        Purpose.CUSTOMER_TICKET,
        "SUP-1",
        terms,
        Optional.empty(),
        false,
        Assurance.GATED,
        batch.now().plus(Duration.ofHours(12)),
        1);
  }

  private void run(LogBatch batch, TenantId tenant, RequestId id, SessionId session, long n) {
    var sql = text("select id, subject from tickets where id = " + random.nextInt(1_000_000));
    append(
        batch,
        tenant,
        id,
        new SessionEvent.Operation(
            session,
            n,
            sql.commitment(),
            Optional.empty(),
            "query",
            SqlFacts.reading("select", 2, List.of("tickets"))));
    batch.keep(tenant, sql);
    append(
        batch,
        tenant,
        id,
        new SessionEvent.Outcome(
            session,
            n,
            OutcomeStatus.SQL_DONE,
            1,
            40,
            0,
            Optional.of(Commitment.to(sql.salt(), Bytes.ofUtf8("row")))));
  }

  private void append(LogBatch batch, TenantId tenant, RequestId id, SessionEvent event) {
    batch.append(tenant, event, Optional.of(stamp()), Optional.of(id));
    counter++;
  }

  private OpenedText text(String words) {
    byte[] salt = new byte[Commitment.SALT_LENGTH];
    random.nextBytes(salt);
    return new OpenedText(Bytes.of(salt), Bytes.ofUtf8(words));
  }

  @Override
  public void close() {
    own.close();
  }
}
