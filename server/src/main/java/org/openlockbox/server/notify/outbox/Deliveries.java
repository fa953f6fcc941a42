package org.openlockbox.server.notify.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.problem.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What became of everything that a tenant was to be told: each delivery with its attempts. What
/// was told is not shown here.
public final class Deliveries {
  private final JdbcClient jdbc;
  private final InstantSource clock;

  public Deliveries(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// Where a delivery stands.
  public enum DeliveryState {
    WAITING,
    SENT,
    DEAD;

    public static DeliveryState parse(String word) {
      return Arrays.stream(values())
          .filter(state -> state.word().equals(word))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("not a state of a delivery: " + word));
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Which deliveries: those before this number, the newest first.
  public record DeliveryFilter(
      Optional<DeliveryState> state, Optional<RequestId> about, OptionalLong before, int limit) {}

  /// One attempt, as it ended; one that is `begun` has no answer yet, or never had one.
  public record DeliveryAttempt(
      long n, Instant at, String outcome, Optional<String> answer, Optional<Instant> ended) {
    static DeliveryAttempt read(ResultSet row) throws SQLException {
      return new DeliveryAttempt(
          row.getLong("n"),
          instant(row.getObject("at", OffsetDateTime.class)),
          row.getString("outcome"),
          Optional.ofNullable(row.getString("answer")).map(TextRules::shown),
          Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
              .map(Deliveries::instant));
    }

    Json.Object json() {
      var json = Json.object().put("n", n).put("at", at).put("outcome", outcome);
      json.putIfPresent("answer", answer);
      ended.ifPresent(time -> json.put("endedAt", time));
      return json.build();
    }
  }

  /// A mail or a call of a webhook, and what became of it.
  public record TrackedDelivery(
      long id,
      DeliverySubject subject,
      DeliveryRoute route,
      DeliveryTimes times,
      Optional<String> lastError,
      List<DeliveryAttempt> attempts) {
    public TrackedDelivery {
      attempts = List.copyOf(attempts);
    }

    static TrackedDelivery read(ResultSet row) throws SQLException {
      return new TrackedDelivery(
          row.getLong("id"),
          new DeliverySubject(
              row.getString("kind"), Optional.ofNullable(row.getString("request_id"))),
          new DeliveryRoute(
              row.getString("channel"), row.getString("recipient"), row.getString("message_id")),
          DeliveryTimes.read(row),
          Optional.ofNullable(row.getString("last_error")).map(TextRules::shown),
          List.of());
    }

    TrackedDelivery with(List<DeliveryAttempt> all) {
      return new TrackedDelivery(id, subject, route, times, lastError, all);
    }

    public DeliveryState state() {
      return times.sent().isPresent()
          ? DeliveryState.SENT
          : times.dead().isPresent() ? DeliveryState.DEAD : DeliveryState.WAITING;
    }

    /// Whether what was said may be said again: a one-time code never is.
    public boolean isRepeatable() {
      return !NoticeKind.parse(subject.kind()).isSecret();
    }

    public Json.Object json() {
      var json =
          Json.object()
              .put("id", id)
              .put("channel", route.channel())
              .put("kind", subject.kind())
              .put("messageId", route.messageId())
              .put("to", route.to())
              .put("state", state().word())
              .put("createdAt", times.created())
              .put("attempts", attempts.stream().map(DeliveryAttempt::json).toList());
      json.putIfPresent("request", subject.request());
      times.sent().ifPresent(at -> json.put("sentAt", at));
      times.dead().ifPresent(at -> json.put("deadAt", at));
      if (state() == DeliveryState.WAITING) {
        json.put("dueAt", times.due());
      }
      json.putIfPresent("lastError", lastError);
      return json.build();
    }
  }

  /// What is told, and about which request.
  public record DeliverySubject(String kind, Optional<String> request) {}

  /// How it goes, to whom, and under which id.
  public record DeliveryRoute(String channel, String to, String messageId) {}

  /// When it was put in the outbox, when it goes out next, and when it was delivered or given up.
  public record DeliveryTimes(
      Instant created, Instant due, Optional<Instant> sent, Optional<Instant> dead) {
    private static DeliveryTimes read(ResultSet row) throws SQLException {
      return new DeliveryTimes(
          instant(row.getObject("created_at", OffsetDateTime.class)),
          instant(row.getObject("due_at", OffsetDateTime.class)),
          Optional.ofNullable(row.getObject("sent_at", OffsetDateTime.class))
              .map(Deliveries::instant),
          Optional.ofNullable(row.getObject("dead_at", OffsetDateTime.class))
              .map(Deliveries::instant));
    }
  }

  private static final String LIST =
      """
      select o.*, a.n, a.at, a.outcome, a.answer, a.ended_at
        from (select id, channel, kind, request_id, message_id, recipient, created_at, due_at,
                     sent_at, dead_at, last_error
                from outbox
               where tenant_id = :tenant and id < :before
                 and (:request::text is null or request_id = :request)
                 and (:state::text is null or :state =
                        case when sent_at is not null then 'sent'
                             when dead_at is not null then 'dead' else 'waiting' end)
               order by id desc
               limit :limit) o
        left join delivery_attempt a on a.tenant_id = :tenant and a.delivery_id = o.id
       order by o.id desc, a.n
      """;

  public List<TrackedDelivery> list(TenantId tenant, DeliveryFilter filter) {
    var found = new LinkedHashMap<TrackedDelivery, List<DeliveryAttempt>>();
    jdbc.sql(LIST)
        .param("tenant", tenant.value())
        .param("before", filter.before().orElse(Long.MAX_VALUE))
        .param("request", filter.about().map(RequestId::value).orElse(null))
        .param("state", filter.state().map(DeliveryState::word).orElse(null))
        .param("limit", filter.limit())
        .query(
            row -> {
              var attempts =
                  found.computeIfAbsent(TrackedDelivery.read(row), _ -> new ArrayList<>());
              if (row.getObject("n") != null) {
                attempts.add(DeliveryAttempt.read(row));
              }
            });
    return found.entrySet().stream().map(one -> one.getKey().with(one.getValue())).toList();
  }

  private static Instant instant(OffsetDateTime at) {
    return at.toInstant().truncatedTo(ChronoUnit.MILLIS);
  }

  /// Has it delivered once more, under the same id; what still waits goes out at once. What holds a
  /// one-time code is never said twice.
  public TrackedDelivery resend(TenantId tenant, long id) {
    int changed =
        jdbc.sql(
                """
                update outbox set sent_at = null, dead_at = null, due_at = ?
                 where tenant_id = ? and id = ? and kind <> ?
                """)
            .params(
                clock.instant().atOffset(ZoneOffset.UTC),
                tenant.value(),
                id,
                NoticeKind.SIGN_IN.word())
            .update();
    if (changed != 1) {
      throw Problem.notFound();
    }
    var filter = new DeliveryFilter(Optional.empty(), Optional.empty(), OptionalLong.of(id + 1), 1);
    return list(tenant, filter).getFirst();
  }
}
