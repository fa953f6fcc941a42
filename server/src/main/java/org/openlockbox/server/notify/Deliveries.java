package org.openlockbox.server.notify;

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
  public enum State {
    WAITING,
    SENT,
    DEAD;

    public static State parse(String word) {
      return Arrays.stream(values())
          .filter(state -> state.word().equals(word))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("not a state of a delivery: " + word));
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Which deliveries: those before this number, the newest first.
  public record Filter(
      Optional<State> state, Optional<RequestId> about, OptionalLong before, int limit) {}

  /// One delivery as it is shown.
  public record Delivery(long id, Json.Object json) {}

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

  public List<Delivery> list(TenantId tenant, Filter filter) {
    var rows = new LinkedHashMap<Row, List<Json.Object>>();
    jdbc.sql(LIST)
        .param("tenant", tenant.value())
        .param("before", filter.before().orElse(Long.MAX_VALUE))
        .param("request", filter.about().map(RequestId::value).orElse(null))
        .param("state", filter.state().map(State::word).orElse(null))
        .param("limit", filter.limit())
        .query(
            row -> {
              var attempts = rows.computeIfAbsent(Row.read(row), one -> new ArrayList<>());
              if (row.getObject("n") != null) {
                attempts.add(attempt(row));
              }
            });
    return rows.entrySet().stream()
        .map(row -> new Delivery(row.getKey().id(), row.getKey().shown(row.getValue())))
        .toList();
  }

  private record Row(
      long id,
      String channel,
      String kind,
      Optional<String> request,
      String message,
      String recipient,
      OffsetDateTime created,
      OffsetDateTime due,
      Optional<OffsetDateTime> sent,
      Optional<OffsetDateTime> dead,
      Optional<String> error) {
    static Row read(ResultSet row) throws SQLException {
      return new Row(
          row.getLong("id"),
          row.getString("channel"),
          row.getString("kind"),
          Optional.ofNullable(row.getString("request_id")),
          row.getString("message_id"),
          row.getString("recipient"),
          row.getObject("created_at", OffsetDateTime.class),
          row.getObject("due_at", OffsetDateTime.class),
          Optional.ofNullable(row.getObject("sent_at", OffsetDateTime.class)),
          Optional.ofNullable(row.getObject("dead_at", OffsetDateTime.class)),
          Optional.ofNullable(row.getString("last_error")));
    }

    State state() {
      return sent.isPresent() ? State.SENT : dead.isPresent() ? State.DEAD : State.WAITING;
    }

    Json.Object shown(List<Json.Object> attempts) {
      var json =
          Json.object()
              .put("id", id)
              .put("channel", channel)
              .put("kind", kind)
              .put("messageId", message)
              .put("to", recipient)
              .put("state", state().word())
              .put("createdAt", instant(created))
              .put("attempts", attempts);
      request.ifPresent(id -> json.put("request", id));
      sent.ifPresent(at -> json.put("sentAt", instant(at)));
      dead.ifPresent(at -> json.put("deadAt", instant(at)));
      if (state() == State.WAITING) {
        json.put("dueAt", instant(due));
      }
      error.ifPresent(text -> json.put("lastError", TextRules.shown(text)));
      return json.build();
    }
  }

  private static Instant instant(OffsetDateTime at) {
    return at.toInstant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static Json.Object attempt(ResultSet row) throws SQLException {
    var json =
        Json.object()
            .put("n", row.getLong("n"))
            .put("at", instant(row.getObject("at", OffsetDateTime.class)))
            .put("outcome", row.getString("outcome"));
    Optional.ofNullable(row.getString("answer"))
        .ifPresent(answer -> json.put("answer", TextRules.shown(answer)));
    Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
        .ifPresent(at -> json.put("endedAt", instant(at)));
    return json.build();
  }

  /// Has it delivered once more, under the same id; what still waits goes out at once. What holds a
  /// one-time code is never said twice.
  public Delivery resend(TenantId tenant, long id) {
    int changed =
        jdbc.sql(
                """
                update outbox set sent_at = null, dead_at = null, due_at = ?
                 where tenant_id = ? and id = ? and kind <> ?
                """)
            .params(
                clock.instant().atOffset(ZoneOffset.UTC), tenant.value(), id, Kind.SIGN_IN.word())
            .update();
    if (changed != 1) {
      throw Problem.notFound();
    }
    var filter = new Filter(Optional.empty(), Optional.empty(), OptionalLong.of(id + 1), 1);
    return list(tenant, filter).getFirst();
  }
}
