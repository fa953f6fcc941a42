package org.openlockbox.server.notify.message;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Json;

/// Something that happened to a tenant: the letter for its people, in the language of each, and the
/// thin data for its programs, which hold ids and no words.
///
/// `deadline` is when it is too late to be told; what is `urgent` heeds no quiet hours.
public record Notice(
    NoticeKind kind,
    Optional<RequestId> about,
    MailText letter,
    Json.Object data,
    boolean urgent,
    Optional<Instant> deadline) {
  /// The same, for now and whatever the hour.
  public Notice asUrgent() {
    return new Notice(kind, about, letter, data, true, deadline);
  }
}
