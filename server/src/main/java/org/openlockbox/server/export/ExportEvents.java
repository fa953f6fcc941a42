package org.openlockbox.server.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.append.RequestClosing;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.StoredRequest;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads one tenant's log as events, a page at a time: what it costs hangs on the page, and for a
/// closing record on its request, never on the length of the log. For one thread.
public final class ExportEvents {
  private final JdbcClient jdbc;
  private final LogReader reader;
  private final LogTexts texts;
  private final SessionRows sessions;
  private final TenantId tenant;
  private final boolean withTexts;
  private final Map<RequestId, RequestClosing> closings = new HashMap<>();

  /// `withTexts` events carry the texts that entries commit to, while they are kept.
  public ExportEvents(JdbcClient jdbc, LogTexts texts, TenantId tenant, boolean withTexts) {
    this.jdbc = jdbc;
    this.reader = new LogReader(jdbc);
    this.texts = texts;
    this.sessions = new SessionRows(jdbc);
    this.tenant = tenant;
    this.withTexts = withTexts;
  }

  /// What a page's entries have in common with others of it, looked up once.
  private static final class PageLookups {
    final Map<RequestId, Optional<Submission>> requests = new HashMap<>();
    final Map<SessionId, Optional<SessionRows.SessionRow>> sessions = new HashMap<>();
  }

  /// Up to `limit` entries after a position and with an index below `size`, as events. An entry and
  /// the closing record that it completes are never parted.
  public List<ExportEvent> after(ExportPosition position, long size, int limit) {
    long from = position.closing() ? position.index() + 1 : position.index();
    long left = Math.min(limit, size - from);
    if (left <= 0) {
      return List.of();
    }
    return events(position, reader.entries(tenant, from, (int) left));
  }

  /// The events of one request alone: of its entries from index `from` on and below `size` that lie
  /// in the next so many batches; empty only after the last.
  public List<ExportEvent> about(RequestId request, long from, long size, int batches) {
    var entries =
        reader.next(tenant, request, from, batches).stream()
            .filter(stored -> stored.seq() < size)
            .toList();
    return events(ExportPosition.START, entries);
  }

  private List<ExportEvent> events(ExportPosition position, List<StoredEntry> entries) {
    Map<Commitment, OpenedText> opened = withTexts ? texts.of(tenant, entries) : Map.of();
    var known = new PageLookups();
    var events = new ArrayList<ExportEvent>();
    for (var stored : entries) {
      var event = event(stored, opened, known);
      if (new ExportPosition(stored.seq(), false).compareTo(position) > 0) {
        events.add(event);
      }
      closing(event)
          .ifPresent(
              record ->
                  events.add(
                      new ExportEvent(
                          tenant,
                          new ExportPosition(stored.seq(), true),
                          stored,
                          event.entry(),
                          event.submission(),
                          event.session(),
                          Optional.empty(),
                          Optional.empty(),
                          Optional.of(withTexts ? record : record.withoutReason()))));
    }
    return events;
  }

  private ExportEvent event(
      StoredEntry stored, Map<Commitment, OpenedText> opened, PageLookups known) {
    var entry = stored.read();
    var body = entry.body();
    var session =
        body.session()
            .flatMap(
                id ->
                    Objects.requireNonNull(
                        known.sessions.computeIfAbsent(id, _ -> sessions.find(tenant, id))));
    var submission =
        body.request()
            .or(() -> session.map(SessionRows.SessionRow::request))
            .flatMap(
                id ->
                    Objects.requireNonNull(
                        known.requests.computeIfAbsent(id, _ -> submission(id))));
    var commitment = commitment(body);
    return new ExportEvent(
        tenant,
        new ExportPosition(stored.seq(), false),
        stored,
        entry,
        submission,
        session,
        commitment,
        commitment
            .flatMap(to -> Optional.ofNullable(opened.get(to)))
            .filter(text -> commitment.filter(text.commitment()::equals).isPresent()),
        Optional.empty());
  }

  private Optional<Submission> submission(RequestId id) {
    return AccessRequests.of(jdbc, tenant).find(id).map(StoredRequest::submission);
  }

  private static Optional<Commitment> commitment(EntryBody body) {
    return switch (body) {
      case RequestEvent.Requested requested -> Optional.of(requested.reason());
      case SessionEvent.Operation statement -> Optional.of(statement.text());
      case KeyringEvent _,
          TicketEvent _,
          RequestEvent _,
          SessionEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          Optional.empty();
    };
  }

  /// The closing record, if this entry completed one. Only an entry that can end something is
  /// looked at, and only where the request had ended by then.
  private Optional<ClosingRecord> closing(ExportEvent event) {
    var request = event.request();
    if (request.isEmpty() || !canEnd(event.entry().body()) || !hasEnded(request.get(), event)) {
      return Optional.empty();
    }
    var closing =
        Objects.requireNonNull(
            closings.computeIfAbsent(
                request.get(), id -> new RequestClosing(reader, texts, tenant, id)));
    return closing.upTo(event.stored().seq()) ? closing.record() : Optional.empty();
  }

  private static boolean canEnd(EntryBody body) {
    return switch (body) {
      case RequestEvent.Reviewed _,
          RequestEvent.Automatic _,
          RequestEvent.Decided _,
          RequestEvent.Revoked _,
          RequestEvent.Withdrawn _,
          RequestEvent.Lapsed _,
          RequestEvent.Ended _,
          SessionEvent.Closed _,
          SessionEvent.Lost _ ->
          true;
      case RequestEvent.Requested _,
          SessionEvent.Opened _,
          SessionEvent.Operation _,
          StreamPart _,
          SessionEvent.Outcome _,
          SessionEvent.RemovalFailed _,
          KeyringEvent _,
          TicketEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          false;
    };
  }

  private boolean hasEnded(RequestId request, ExportEvent event) {
    return reader.authority(tenant, request).stream()
        .filter(stored -> stored.seq() <= event.stored().seq())
        .map(stored -> stored.read().body())
        .anyMatch(ExportEvents::ends);
  }

  private static boolean ends(EntryBody body) {
    return switch (body) {
      case RequestEvent.Reviewed reviewed ->
          reviewed.verdict() == RequestEvent.ReviewVerdict.REJECT;
      case RequestEvent.Automatic automatic -> automatic.grant().isEmpty();
      case RequestEvent.Decided decided -> !decided.claimed().approves();
      case RequestEvent.Revoked _,
          RequestEvent.Withdrawn _,
          RequestEvent.Lapsed _,
          RequestEvent.Ended _ ->
          true;
      case RequestEvent.Requested _,
          SessionEvent _,
          KeyringEvent _,
          TicketEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          false;
    };
  }
}
