package org.openlockbox.server.request;

import static org.openlockbox.server.request.ColumnValues.at;
import static org.openlockbox.server.request.ColumnValues.text;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Review;

/// What a step of the machine writes into the row of its request: a value for each column of
/// [#UPDATE], by the column's name. Null where the new state has nothing to say.
record RequestUpdate(Map<String, @Nullable Object> columns) {
  /// A review that was given stays, whatever follows. Changes nothing if somebody else moved the
  /// request since it was read.
  static final String UPDATE =
      """
      update access_request
         set version = version + 1, state = :state,
             reviewed_by = coalesce(:reviewed_by, reviewed_by),
             reviewed_at = coalesce(:reviewed_at, reviewed_at),
             decided_by = :decided_by, decided_at = :decided_at,
             decided_side = :decided_side, comment = :comment,
             grant_level = :grant_level, grant_not_before = :grant_not_before,
             grant_not_after = :grant_not_after, grant_limits = :grant_limits,
             ended_as = :ended_as, ended_at = :ended_at,
             ended_by = :ended_by, ended_signed = :ended_signed,
             removal_why = :removal_why, removal_since = :removal_since,
             rule_entry = :rule_entry, rule_id = :rule_id, rule_says = :rule_says
       where tenant_id = :tenant_id and id = :id and version = :version
      """;

  private static final List<String> NULLABLE =
      List.of(
          "reviewed_by",
          "reviewed_at",
          "decided_by",
          "decided_at",
          "decided_side",
          "comment",
          "grant_level",
          "grant_not_before",
          "grant_not_after",
          "grant_limits",
          "ended_as",
          "ended_at",
          "ended_by",
          "ended_signed",
          "removal_why",
          "removal_since");

  RequestUpdate {
    columns = Collections.unmodifiableMap(new HashMap<>(columns));
  }

  static RequestUpdate of(StoredRequest from, AccessRequest to, RecordedRuling ruled) {
    var columns = new HashMap<String, @Nullable Object>();
    NULLABLE.forEach(name -> columns.put(name, null));
    columns.put("tenant_id", from.tenant().value());
    columns.put("id", from.id().toString());
    columns.put("version", from.version());
    columns.put("rule_entry", ruled.entry());
    columns.put("rule_id", ruled.rule().value());
    columns.put("rule_says", ruled.says());
    columns.put("state", to.state().word());
    putState(columns, to);
    return new RequestUpdate(columns);
  }

  private static void putState(Map<String, @Nullable Object> columns, AccessRequest to) {
    switch (to) {
      case AccessRequest.Pending(var _, var review, var _) -> putReview(columns, review);
      case AccessRequest.Approved approved -> {
        putReview(columns, approved.review());
        columns.put("decided_at", at(approved.at()));
        putGrant(columns, approved.grant());
      }
      case AccessRequest.Denied denied -> {
        columns.put("decided_by", denied.by().value());
        columns.put("decided_at", at(denied.at()));
        columns.put("decided_side", denied.side().name().toLowerCase(Locale.ROOT));
        columns.put("comment", denied.comment());
      }
      case AccessRequest.Withdrawn withdrawn -> {
        columns.put("decided_by", withdrawn.by().value());
        columns.put("decided_at", at(withdrawn.at()));
      }
      case AccessRequest.Lapsed _ -> {}
    }
  }

  private static void putReview(Map<String, @Nullable Object> columns, Review review) {
    if (review instanceof Review.Passed(var by, var when)) {
      columns.put("reviewed_by", by.value());
      columns.put("reviewed_at", at(when));
    }
  }

  private static void putGrant(Map<String, @Nullable Object> columns, Grant grant) {
    putTerms(columns, grant.terms());
    switch (grant) {
      case Grant.Active _ -> {}
      case Grant.Ended ended -> putEnd(columns, ended);
      case Grant.RemovalFailed(var ended, var why, var since) -> {
        putEnd(columns, ended);
        columns.put("removal_why", why);
        columns.put("removal_since", at(since));
      }
    }
  }

  private static void putTerms(Map<String, @Nullable Object> columns, GrantTerms terms) {
    columns.put("grant_level", terms.level().word());
    columns.put("grant_not_before", at(terms.window().notBefore()));
    columns.put("grant_not_after", at(terms.window().notAfter()));
    columns.put("grant_limits", text(terms.limits()));
  }

  private static void putEnd(Map<String, @Nullable Object> columns, Grant.Ended ended) {
    columns.put("ended_as", ended.state().word());
    columns.put("ended_at", at(ended.endedAt()));
    switch (ended) {
      case Grant.Completed completed -> columns.put("ended_by", completed.by().value());
      case Grant.Expired _ -> {}
      case Grant.Revoked revoked -> {
        columns.put("ended_by", revoked.by().value());
        columns.put("ended_signed", revoked.signed());
      }
    }
  }
}
