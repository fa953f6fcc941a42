package org.openlockbox.server.notify.outbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.message.MailWords;
import org.openlockbox.server.notify.message.Notice;

/// Writes a [Notice] as a CloudEvent 1.0 in JSON. Its data hold ids and codes: whoever needs words
/// asks for them with a token.
public final class CloudEvents {
  static final String TYPE = "org.openlockbox.";

  private final String host;

  public CloudEvents(String host) {
    this.host = host;
  }

  /// One event: `id` is the same however often, and to however many, it is told.
  public record CloudEvent(String id, String json) {}

  /// The id of what happened, whoever is told of it.
  public static String id(TenantId tenant, Notice notice) {
    var letter = notice.letter().in(MailWords.in(Locale.ENGLISH));
    return "%s.%s.%s".formatted(tenant, letter.thread(), letter.step());
  }

  public CloudEvent of(TenantId tenant, Notice notice, Instant now) {
    String id = id(tenant, notice);
    var json =
        Json.object()
            .put("specversion", "1.0")
            .put("id", id)
            .put("source", "//%s/t/%s".formatted(host, tenant))
            .put("type", TYPE + notice.kind().word())
            .put("time", now.truncatedTo(ChronoUnit.MILLIS))
            .put("datacontenttype", "application/json")
            .put("data", notice.data());
    notice
        .about()
        .map(RequestId::value)
        .ifPresent(about -> json.put("subject", "requests/" + about));
    return new CloudEvent(id, CanonicalJson.text(json.build()));
  }
}
