package org.openlockbox.server.notify.webhook;

import java.net.URI;
import java.time.Instant;
import java.util.Set;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.notify.message.Topic;
import org.openlockbox.server.notify.outbox.WebhookId;

/// An address of a tenant's own programs that is called when something happens that they want to
/// hear of. One that is off is not called, and what waited for it is given up.
public record Webhook(
    WebhookId id, URI url, Set<Topic> topics, boolean on, SubjectId by, Instant createdAt) {
  public Webhook {
    topics = Set.copyOf(topics);
  }

  public Json.Object toJson() {
    return Json.object()
        .put("id", id.value())
        .put("url", url.toString())
        .putTexts("topics", topics.stream().map(Topic::word).sorted().toList())
        .put("on", on)
        .put("createdBy", by.value())
        .put("createdAt", createdAt)
        .build();
  }
}
