package org.openlockbox.cli.command.tenant;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.signing.ProvenEntries;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;

/// The entries that one request left, as far as they commit to texts which nobody has erased yet.
/// The server says which they are. Each is believed only where the log proves it and it is about
/// the request, or about a session that the request opened: an approver who erases what an access
/// left must not sign away what another one did.
final class RequestTexts {
  private static final int PAGE = 500;

  private final Api api;
  private final Keyring keyring;
  private final RequestId request;
  private final Set<SessionId> sessions = new HashSet<>();

  RequestTexts(Api api, Keyring keyring, RequestId request) {
    this.api = api;
    this.keyring = keyring;
    this.request = request;
  }

  /// An entry as the server shows it.
  private record ShownEntry(Bytes bytes, LogEntry entry, boolean isErased) {}

  /// Their indices.
  List<Long> indices() {
    List<ShownEntry> shown = shown();
    if (shown.isEmpty()) {
      return List.of();
    }
    ProvenEntries log = ProvenEntries.covering(api, keyring, shown.getLast().entry().seq());
    List<Long> indices = new ArrayList<>();
    for (ShownEntry each : shown) {
      long seq = each.entry().seq();
      log.require(seq, each.bytes());
      requireOwn(each.entry());
      if (!each.isErased()) {
        indices.add(seq);
      }
    }
    return indices;
  }

  /// What opens a session, or commits to a text.
  private List<ShownEntry> shown() {
    List<ShownEntry> found = new ArrayList<>();
    String path =
        "/v1/tenants/"
            + Api.encoded(keyring.genesis().tenant().value())
            + "/log?request="
            + request;
    long next = 0;
    List<ApiObject> page;
    do {
      page = api.get(path + "&limit=" + PAGE + "&from=" + next).object().list("entries");
      for (ApiObject each : page) {
        ShownEntry shown = read(each);
        if (shown.entry().seq() < next) {
          throw foreign(shown.entry());
        }
        next = shown.entry().seq() + 1;
        if (!shown.isErased() || shown.entry().body() instanceof SessionEvent.Opened) {
          found.add(shown);
        }
      }
    } while (page.size() == PAGE);
    return found;
  }

  private static ShownEntry read(ApiObject shown) {
    try {
      Bytes bytes = Bytes.ofBase64(shown.required("entry"));
      LogEntry entry = LogEntry.parse(bytes);
      return new ShownEntry(
          bytes, entry, entry.body().texts().size() <= shown.list("erased").size());
    } catch (MalformedJson | IllegalArgumentException malformed) {
      throw new Failure(
          ExitCode.FAILURE, "an entry cannot be read: " + malformed.getMessage(), "lockbox log");
    }
  }

  private void requireOwn(LogEntry entry) {
    boolean own =
        switch (entry.body()) {
          case RequestEvent event -> event.about().equals(request);
          case SessionEvent.Opened opened ->
              opened.about().equals(request) && sessions.add(opened.of());
          case SessionEvent event -> sessions.contains(event.of());
          case KeyringEvent _, TicketEvent _, RecoveryEvent _, ErasedEvent _ -> false;
        };
    if (!own) {
      throw foreign(entry);
    }
  }

  private Failure foreign(LogEntry entry) {
    return new Failure(
        ExitCode.FAILURE,
        "the server shows entry %d as one of %s, and it is none; nothing was signed"
            .formatted(entry.seq(), request),
        "do not go on; tell the provider");
  }
}
