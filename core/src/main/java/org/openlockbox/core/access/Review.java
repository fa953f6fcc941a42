package org.openlockbox.core.access;

import java.time.Instant;
import org.openlockbox.core.subject.SubjectId;

/// The provider's own second look at a request, before the tenant is asked.
public sealed interface Review {
  /// The resource does not ask for one.
  record NotNeeded() implements Review {}

  /// Nobody has looked yet; the tenant cannot approve.
  record Needed() implements Review {}

  /// A second person of the provider, not on the requester's side, let it through.
  record Passed(SubjectId by, Instant at) implements Review {}
}
