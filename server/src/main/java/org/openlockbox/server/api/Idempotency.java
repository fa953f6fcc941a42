package org.openlockbox.server.api;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.problem.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Carries a call with an `Idempotency-Key` out once: the answer is stored in the same transaction
/// as what the call did, so a caller whose answer was lost gets the same one again, from any
/// server. A second call while the first is under way waits for it. A call that was refused leaves
/// nothing and may be tried again. Answers are kept for a day.
public final class Idempotency {
  private static final int LONGEST_KEY = 200;
  private static final Duration REMEMBERED = Duration.ofHours(24);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  public Idempotency(JdbcClient jdbc, TransactionTemplate transaction, InstantSource clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
  }

  public ApiReply once(ApiCall call, String tenant, Supplier<ApiReply> work) {
    if (call.idempotencyKey().isEmpty()) {
      return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    }
    var key = call.idempotencyKey().get();
    if (key.isEmpty() || key.length() > LONGEST_KEY) {
      throw Problem.malformed("an Idempotency-Key has 1 to 200 characters");
    }
    return once(call.caller().subject(), tenant, key, fingerprint(call), work);
  }

  /// Carries out once what this person sends under this key; `sent` is the hash of all of it.
  public ApiReply once(
      SubjectId by, String tenant, String key, Bytes sent, Supplier<ApiReply> work) {
    return Objects.requireNonNull(
        transaction.execute(_ -> first(by.value(), tenant, key, sent, work)));
  }

  private ApiReply first(
      String subject, String tenant, String key, Bytes fingerprint, Supplier<ApiReply> work) {
    int first =
        jdbc.sql(
                """
                insert into idempotency (tenant_id, subject, key, call, created_at)
                values (?, ?, ?, ?, ?)
                on conflict do nothing
                """)
            .params(
                tenant,
                subject,
                key,
                fingerprint.toArray(),
                clock.instant().atOffset(ZoneOffset.UTC))
            .update();
    if (first == 0) {
      return remembered(tenant, subject, key, fingerprint);
    }
    var reply = work.get();
    jdbc.sql(
            """
            update idempotency set status = ?, etag = ?, body = ?
             where tenant_id = ? and subject = ? and key = ?
            """)
        .param(reply.status())
        .param(reply.etag().orElse(null))
        .param(reply.body().toArray())
        .param(tenant)
        .param(subject)
        .param(key)
        .update();
    return reply;
  }

  private ApiReply remembered(String tenant, String subject, String key, Bytes fingerprint) {
    Database.awaitReplication(jdbc);
    return jdbc.sql(
            """
            select call, status, etag, body from idempotency
             where tenant_id = ? and subject = ? and key = ?
            """)
        .params(tenant, subject, key)
        .query(
            (row, n) -> {
              if (!Bytes.of(row.getBytes("call")).equals(fingerprint)) {
                throw Problem.refused(
                    "idempotency_key_reused", "this Idempotency-Key was used for another call");
              }
              return new ApiReply(
                  row.getInt("status"),
                  Optional.ofNullable(row.getString("etag")),
                  Bytes.of(row.getBytes("body")));
            })
        .single();
  }

  /// Forgets answers after a day: nobody retries for so long.
  public void forgetOld() {
    jdbc.sql("delete from idempotency where created_at < ?")
        .params(clock.instant().minus(REMEMBERED).atOffset(ZoneOffset.UTC))
        .update();
  }

  private static Bytes fingerprint(ApiCall call) {
    var head = Bytes.ofUtf8(call.method() + " " + call.path() + "\n");
    return Bytes.of(head.plus(call.body()).sha256().bytes());
  }
}
