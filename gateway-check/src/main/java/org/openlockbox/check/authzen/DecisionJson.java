package org.openlockbox.check.authzen;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.openlockbox.check.session.CheckVerdict;
import org.openlockbox.core.canonical.Json;

/// Decisions as the API writes them. An allowed one says in `context.lease` until when it is good:
/// by the clock, and as a time to count from the moment when the question was *sent*.
final class DecisionJson {
  private static final String DECISION = "decision";
  private static final String CONTEXT = "context";
  private static final int BAD_REQUEST = 400;

  private DecisionJson() {}

  static Json.Object of(CheckVerdict verdict) {
    return switch (verdict) {
      case CheckVerdict.AllowedCheck allowed -> allowed(allowed);
      case CheckVerdict.DeniedCheck denied ->
          Json.object()
              .put(
                  CONTEXT,
                  Json.object()
                      .put(
                          "reason",
                          Json.object()
                              .put("code", denied.code())
                              .put("detail", denied.detail())
                              .put("hint", denied.next())
                              .build())
                      .build())
              .put(DECISION, false)
              .build();
    };
  }

  private static Json.Object allowed(CheckVerdict.AllowedCheck allowed) {
    CheckVerdict.CheckedAccess access = allowed.access();
    long millis = Duration.between(allowed.askedAt(), allowed.until()).toMillis();
    Json.Object lease =
        Json.object()
            .put("askAgainMillis", millis / 2)
            .put("lastsMillis", millis)
            .put("until", allowed.until().truncatedTo(ChronoUnit.MILLIS))
            .build();
    return Json.object()
        .put(
            CONTEXT,
            Json.object()
                .put("lease", lease)
                .put("level", access.level().word())
                .put("request", access.request().value())
                .put("session", access.session().value())
                .build())
        .put(DECISION, true)
        .build();
  }

  /// One of several that could not be read.
  static Json.Object malformed(MalformedQuestion why) {
    Json.Object error =
        Json.object()
            .put("message", String.valueOf(why.getMessage()))
            .put("status", BAD_REQUEST)
            .build();
    return Json.object()
        .put(CONTEXT, Json.object().put("error", error).build())
        .put(DECISION, false)
        .build();
  }
}
