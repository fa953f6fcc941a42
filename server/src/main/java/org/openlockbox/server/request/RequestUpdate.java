package org.openlockbox.server.request;

import static org.openlockbox.server.request.Sql.at;
import static org.openlockbox.server.request.Sql.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Review;

/// The columns of a request that the machine moves, in the order of the update in [AccessRequests].
record RequestUpdate(List<@Nullable Object> columns) {
  RequestUpdate {
    columns = Collections.unmodifiableList(new ArrayList<>(columns));
  }

  static RequestUpdate of(AccessRequest to) {
    var columns = new ArrayList<@Nullable Object>();
    columns.add(to.state().word());
    switch (to) {
      case AccessRequest.Pending(var _, var review, var _) -> {
        addReview(columns, review);
        addNothing(columns, 4 + 4 + 4 + 2);
      }
      case AccessRequest.Approved approved -> {
        addReview(columns, approved.review());
        columns.add(null);
        columns.add(at(approved.at()));
        addNothing(columns, 2);
        addGrant(columns, approved.grant());
      }
      case AccessRequest.Denied denied -> {
        addNothing(columns, 2);
        columns.add(denied.by().value());
        columns.add(at(denied.at()));
        columns.add(denied.side().name().toLowerCase(Locale.ROOT));
        columns.add(denied.comment());
        addNothing(columns, 4 + 4 + 2);
      }
      case AccessRequest.Withdrawn withdrawn -> {
        addNothing(columns, 2);
        columns.add(withdrawn.by().value());
        columns.add(at(withdrawn.at()));
        addNothing(columns, 2 + 4 + 4 + 2);
      }
      case AccessRequest.Lapsed _ -> addNothing(columns, 2 + 4 + 4 + 4 + 2);
    }
    return new RequestUpdate(columns);
  }

  private static void addReview(List<@Nullable Object> columns, Review review) {
    if (review instanceof Review.Passed(var by, var when)) {
      columns.add(by.value());
      columns.add(at(when));
    } else {
      addNothing(columns, 2);
    }
  }

  private static void addGrant(List<@Nullable Object> columns, Grant grant) {
    addTerms(columns, grant.terms());
    switch (grant) {
      case Grant.Active _ -> addNothing(columns, 4 + 2);
      case Grant.Ended ended -> {
        addEnd(columns, ended);
        addNothing(columns, 2);
      }
      case Grant.RemovalFailed(var ended, var why, var since) -> {
        addEnd(columns, ended);
        columns.add(why);
        columns.add(at(since));
      }
    }
  }

  private static void addTerms(List<@Nullable Object> columns, GrantTerms terms) {
    columns.add(terms.level().word());
    columns.add(at(terms.window().notBefore()));
    columns.add(at(terms.window().notAfter()));
    columns.add(text(terms.limits()));
  }

  private static void addEnd(List<@Nullable Object> columns, Grant.Ended ended) {
    columns.add(ended.state().word());
    columns.add(at(ended.endedAt()));
    switch (ended) {
      case Grant.Completed completed -> {
        columns.add(completed.by().value());
        columns.add(null);
      }
      case Grant.Expired _ -> addNothing(columns, 2);
      case Grant.Revoked revoked -> {
        columns.add(revoked.by().value());
        columns.add(revoked.signed());
      }
    }
  }

  private static void addNothing(List<@Nullable Object> columns, int count) {
    columns.addAll(Collections.nCopies(count, null));
  }
}
