package org.openlockbox.server.access;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.evidence.ClosingRecord;
import org.openlockbox.server.notify.Audience;
import org.openlockbox.server.notify.Kind;
import org.openlockbox.server.notify.Letter;
import org.openlockbox.server.notify.Notice;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.tenant.Tenants;

/// Tells a tenant of the steps of its requests, each in the transaction that takes it.
public final class RequestNotices {
  private final Tenants tenants;
  private final Notices notices;
  private final URI publicUrl;

  /// `publicUrl` is where people reach this server's pages.
  public RequestNotices(Tenants tenants, Notices notices, URI publicUrl) {
    this.tenants = tenants;
    this.notices = notices;
    this.publicUrl = publicUrl;
  }

  /// Tells where the request stands now.
  void tell(StoredRequest stored) {
    notices.tell(stored.tenant(), notice(stored, kind(stored), letters(stored).about(stored)));
  }

  /// Reminds this audience that a request waits for them.
  void remind(StoredRequest stored, Audience audience, Kind kind, String headline) {
    var letter = letters(stored).again(stored, kind.word(), headline);
    notices.tell(stored.tenant(), audience, notice(stored, kind, letter));
  }

  /// Tells the closing record of a request that is over.
  void tell(StoredRequest stored, ClosingRecord record) {
    notices.tell(
        stored.tenant(),
        notice(stored, Kind.CLOSING_RECORD, letters(stored).closing(stored, record)));
  }

  private Letters letters(StoredRequest stored) {
    var name = tenants.find(stored.tenant()).orElseThrow().name();
    return new Letters(publicUrl, name);
  }

  private static Notice notice(StoredRequest stored, Kind kind, Letter letter) {
    var asked = stored.submission();
    var pending = stored.request() instanceof AccessRequest.Pending;
    Optional<Instant> deadline = pending ? Optional.of(asked.decideBy()) : Optional.empty();
    boolean urgent =
        kind == Kind.REMOVAL_FAILED || (pending && asked.purpose() == Purpose.EMERGENCY);
    return new Notice(kind, Optional.of(stored.id()), letter, thin(stored), urgent, deadline);
  }

  /// Ids and codes: nothing that an erasure would have to take back.
  private static Json.Object thin(StoredRequest stored) {
    var asked = stored.submission();
    return Json.object()
        .put("tenant", stored.tenant().value())
        .put("request", stored.id().value())
        .put("state", stored.request().state().word())
        .put("version", stored.version())
        .put("engineer", asked.engineer().id().value())
        .put("resource", asked.terms().resource().value())
        .put("level", asked.terms().level().word())
        .put("purpose", asked.purpose().word())
        .put("decideBy", asked.decideBy())
        .put("logIndex", stored.logIndex())
        .build();
  }

  private static Kind kind(StoredRequest stored) {
    return switch (stored.request()) {
      case AccessRequest.Pending pending ->
          pending.approvals().isEmpty() ? Kind.REQUEST_CREATED : Kind.REQUEST_APPROVAL;
      case AccessRequest.Denied _ -> Kind.REQUEST_DENIED;
      case AccessRequest.Withdrawn _ -> Kind.REQUEST_WITHDRAWN;
      case AccessRequest.Lapsed _ -> Kind.REQUEST_LAPSED;
      case AccessRequest.Approved approved ->
          switch (approved.grant()) {
            case Grant.Active _ -> Kind.REQUEST_APPROVED;
            case Grant.Completed _ -> Kind.GRANT_COMPLETED;
            case Grant.Expired _ -> Kind.GRANT_EXPIRED;
            case Grant.Revoked _ -> Kind.GRANT_REVOKED;
            case Grant.RemovalFailed _ -> Kind.REMOVAL_FAILED;
          };
    };
  }
}
