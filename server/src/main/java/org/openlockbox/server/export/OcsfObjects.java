package org.openlockbox.server.export;

import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.LogOrigin;

/// The parts of OCSF events that are the same in all of them.
final class OcsfObjects {
  /// Longest text that an event carries; a longer one is cut, and `metadata.is_truncated` says so.
  static final int LONGEST_TEXT = 8_192;

  private static final Pattern IP = Pattern.compile("[0-9.]{7,15}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private OcsfObjects() {}

  /// The log that goes on.
  static Json.Object recovered(LogOrigin origin, RecoveryEvent recovery) {
    return switch (recovery) {
      case RecoveryEvent.EntriesLost _ -> entity("Tenant Log", origin.value());
      case RecoveryEvent.EpochsLost lost ->
          entity("Epoch Log", origin.epochs().at(lost.generation()).origin());
    };
  }

  static Json.Object entity(String type, String uid) {
    return Json.object().put("uid", uid).put("type_id", 99).put("type", type).build();
  }

  static Json.Object endpoint(String address) {
    return Json.object().put(IP.matcher(address).matches() ? "ip" : "name", address).build();
  }

  static Json.Object session(ExportEvent event, String uid) {
    var session = Json.object().put("uid", uid).put("is_remote", true);
    event
        .session()
        .ifPresent(
            known ->
                session
                    .put("issuer", known.origin().gateway())
                    .put("created_time", known.course().opened().toEpochMilli())
                    .put("expiration_time", known.course().expires().toEpochMilli()));
    return session.build();
  }

  /// Not in the middle of a pair of surrogates.
  static String cut(String text) {
    int end =
        Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
    return text.substring(0, end);
  }
}
