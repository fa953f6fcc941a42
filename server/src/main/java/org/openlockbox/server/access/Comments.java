package org.openlockbox.server.access;

import static org.openlockbox.server.request.ColumnValues.at;
import static org.openlockbox.server.request.ColumnValues.instant;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.seal.TenantKeys;
import org.openlockbox.server.tenant.Store;

/// Questions of a tenant's approvers about a request that waits, and its engineer's answers. They
/// decide nothing, stop no clock, and stand beside the log: what is to be on record belongs in a
/// request. Text, row and letter are written in one transaction.
public final class Comments {
  public static final int LONGEST = 2000;
  private static final int MOST = 50;

  /// So many in a row without a word of the other side.
  private static final int MOST_IN_A_ROW = 3;

  private final Store store;
  private final TenantKeys keys;
  private final RequestNotices notices;
  private final InstantSource clock;

  public Comments(Store store, TenantKeys keys, RequestNotices notices, InstantSource clock) {
    this.store = store;
    this.keys = keys;
    this.notices = notices;
    this.clock = clock;
  }

  /// Whose word it is.
  public enum CommentSide {
    PROVIDER("provider"),
    TENANT("tenant");

    private final String word;

    CommentSide(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    static CommentSide parse(String word) {
      return word.equals(TENANT.word) ? TENANT : PROVIDER;
    }
  }

  /// A question or an answer; the text is visible characters alone.
  public record RequestComment(int n, CommentSide side, SubjectId by, Instant at, String text) {}

  /// What was said about this request, in order.
  public List<RequestComment> of(TenantId tenant, RequestId request) {
    return store
        .jdbc()
        .sql(
            """
            select n, side, by_subject, at, key_no, sealed from request_comment
             where tenant_id = ? and request_id = ? order by n
            """)
        .params(tenant.value(), request.value())
        .query((row, i) -> comment(tenant, request, row))
        .list();
  }

  /// Of each of these requests the newest question of its tenant, unless something was said since.
  public Map<RequestId, RequestComment> unanswered(Collection<StoredRequest> requests) {
    var unanswered = new HashMap<RequestId, RequestComment>();
    store
        .jdbc()
        .sql(
            """
            select c.* from unnest(?::text[], ?::text[]) as r (tenant_id, request_id)
             cross join lateral (
                   select * from request_comment
                    where tenant_id = r.tenant_id and request_id = r.request_id
                    order by n desc limit 1) c
             where c.side = 'tenant'
            """)
        .param(requests.stream().map(one -> one.tenant().value()).toArray(String[]::new))
        .param(requests.stream().map(one -> one.id().value()).toArray(String[]::new))
        .query(
            row -> {
              var request = new RequestId(row.getString("request_id"));
              unanswered.put(
                  request, comment(new TenantId(row.getString("tenant_id")), request, row));
            });
    return unanswered;
  }

  private RequestComment comment(TenantId tenant, RequestId request, ResultSet row)
      throws SQLException {
    int n = row.getInt("n");
    return new RequestComment(
        n,
        CommentSide.parse(row.getString("side")),
        new SubjectId(row.getString("by_subject")),
        instant(row, "at"),
        opened(tenant, request, n, row.getInt("key_no"), Bytes.of(row.getBytes("sealed"))));
  }

  private String opened(TenantId tenant, RequestId request, int n, int keyNo, Bytes sealed) {
    return keys.key(tenant, keyNo)
        .open(sealed.toArray(), place(tenant, request, n))
        .map(text -> new String(text, StandardCharsets.UTF_8))
        .orElseThrow(() -> Problem.damaged("comment %d of %s does not open".formatted(n, request)));
  }

  private static Bytes place(TenantId tenant, RequestId request, int n) {
    return Bytes.ofUtf8("lockbox comment v1\n%s\n%s\n%d".formatted(tenant, request, n));
  }

  /// Says something about a request that waits, and tells the other side that it was said.
  public void say(StoredRequest stored, CommentSide side, SubjectId by, String text) {
    if (text.isBlank() || text.length() > LONGEST || !TextRules.allows(text)) {
      throw Problem.refused(
          "comment", "a question is 1 to %d characters that can be seen".formatted(LONGEST));
    }
    store.within(
        () -> {
          int keyNo = store.logs().lockKey(stored.tenant());
          int n = next(stored, side);
          write(stored, n, keyNo, side, by, Bytes.ofUtf8(text));
          notices.tellComment(stored, side, n);
          return n;
        });
  }

  private int next(StoredRequest stored, CommentSide side) {
    var now = AccessRequests.of(store.jdbc(), stored.tenant()).find(stored.id()).orElseThrow();
    var state = EffectiveState.state(now.request(), clock.instant());
    if (state != RequestState.PENDING) {
      throw RequestSteps.over(state);
    }
    var said = of(stored.tenant(), stored.id());
    if (said.size() >= MOST) {
      throw Problem.conflict("comments", "more was said about it than is good; decide");
    }
    var newest = said.reversed().stream().limit(MOST_IN_A_ROW).toList();
    if (newest.size() == MOST_IN_A_ROW
        && newest.stream().allMatch(comment -> comment.side() == side)) {
      throw Problem.conflict("comment_turn", "wait for a word of the other side");
    }
    return said.size() + 1;
  }

  private void write(
      StoredRequest stored, int n, int keyNo, CommentSide side, SubjectId by, Bytes text) {
    var tenant = stored.tenant();
    var place = place(tenant, stored.id(), n);
    store
        .jdbc()
        .sql(
            """
            insert into request_comment (tenant_id, request_id, n, side, by_subject, at, key_no, sealed)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            tenant.value(),
            stored.id().value(),
            n,
            side.word(),
            by.value(),
            at(clock.instant()),
            keyNo,
            keys.seal(keys.key(tenant, keyNo), text.toArray(), place))
        .update();
  }
}
