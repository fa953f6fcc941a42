package org.openlockbox.server.request;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.subject.EngineerName;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.tree.Hash;

/// A request as it is stored: where the machine stands, and which entry of the log it is. `version`
/// grows with every step and is what a step compares before it sets. `ruled` is the rule of the
/// tenant's policy that decided what is to happen with it. Reason and name are empty once they are
/// erased.
public record StoredRequest(
    AccessRequest request,
    Optional<Reason> reason,
    Optional<EngineerName> name,
    RecordedRuling ruled,
    long version,
    Instant createdAt,
    long logIndex,
    Hash entrySha256) {

  /// What to call the engineer.
  public String engineer() {
    return name.map(EngineerName::text).orElse(submission().engineer().id().value());
  }

  public Submission submission() {
    return request.submission();
  }

  public TenantId tenant() {
    return submission().tenant();
  }

  public RequestId id() {
    return submission().id();
  }

  /// Whether a second person of the provider has to look first.
  public boolean isUnreviewed() {
    return request instanceof AccessRequest.Pending(var _, Review.Needed _, var _);
  }

  /// Strong entity tag: changes with every step.
  public String etag() {
    return "\"" + id() + "." + version + "\"";
  }
}
