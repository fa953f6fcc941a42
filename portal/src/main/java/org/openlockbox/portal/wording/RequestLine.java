package org.openlockbox.portal.wording;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;

/// A request in a list: who, what, why, and until when it is what it is now.
public record RequestLine(
    String id,
    ListedEngineer who,
    String tenant,
    ListedAccess what,
    String why,
    String state,
    boolean unreviewed,
    ListedTimes times) {
  public record ListedEngineer(String name, String employer, boolean isAgent) {}

  /// As it was granted, once it was.
  ///
  /// @param regions those of its gateways, the usual one first
  public record ListedAccess(
      String resource, Protocol protocol, List<Region> regions, Level level, Profile profile) {
    public ListedAccess {
      regions = List.copyOf(regions);
    }
  }

  /// `at` is when it came to its state, so when access ended, and for one that waits when it was
  /// asked; `length` is how long access was open.
  public record ListedTimes(Instant until, Instant at, Duration length) {}

  public static RequestLine of(Provider provider, PageContext frame, StoredRequest stored) {
    var asked = stored.submission();
    var terms = asked.terms();
    return new RequestLine(
        stored.id().value(),
        new ListedEngineer(
            stored.engineer(),
            EngineerCard.employer(frame, asked.engineer()),
            asked.engineer().isAgent()),
        asked.tenant().value(),
        new ListedAccess(
            resourceName(provider, stored),
            protocol(provider, stored),
            regions(provider, stored),
            granted(stored).map(GrantTerms::level).orElse(terms.level()),
            granted(stored).map(GrantTerms::limits).orElse(terms.limits()).profile()),
        why(frame, asked),
        state(stored, frame.now()),
        stored.isUnreviewed(),
        times(stored, frame.now()));
  }

  /// Those of a list. What their tenants are called is looked up at once.
  public static List<RequestLine> all(
      Provider provider, PageContext frame, List<StoredRequest> list) {
    frame.learnTenants(list.stream().map(StoredRequest::tenant));
    return list.stream().map(stored -> of(provider, frame, stored)).toList();
  }

  private static ListedTimes times(StoredRequest stored, Instant now) {
    return new ListedTimes(
        EffectiveState.expires(stored.request()),
        happened(stored, now),
        granted(stored)
            .map(granted -> Duration.between(granted.window().notBefore(), ended(stored)))
            .filter(Duration::isPositive)
            .orElse(Duration.ZERO));
  }

  private static Instant happened(StoredRequest stored, Instant now) {
    return switch (stored.request()) {
      case AccessRequest.Pending pending ->
          now.isBefore(pending.submission().decideBy())
              ? stored.createdAt()
              : pending.submission().decideBy();
      case AccessRequest.Denied denied -> denied.at();
      case AccessRequest.Withdrawn withdrawn -> withdrawn.at();
      case AccessRequest.Lapsed lapsed -> lapsed.submission().decideBy();
      case AccessRequest.Approved _ -> ended(stored);
    };
  }

  private static String why(PageContext frame, Submission asked) {
    var purpose = frame.say("purpose." + asked.purpose().word());
    return asked.ticket().isEmpty() ? purpose : purpose + " · " + asked.ticket();
  }

  private static Optional<GrantTerms> granted(StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Approved approved
        ? Optional.of(approved.grant().terms())
        : Optional.empty();
  }

  /// Where it stands now, in one word.
  public static String state(StoredRequest stored, Instant now) {
    return EffectiveState.state(stored.request(), now).word();
  }

  /// When access of an approved request ended, or will.
  public static Instant ended(StoredRequest stored) {
    if (!(stored.request() instanceof AccessRequest.Approved approved)) {
      return EffectiveState.expires(stored.request());
    }
    return switch (approved.grant()) {
      case Grant.Active active -> active.terms().window().notAfter();
      case Grant.Ended ended -> ended.endedAt();
      case Grant.RemovalFailed(var ended, var _, var _) -> ended.endedAt();
    };
  }

  public static String resourceName(Provider provider, StoredRequest stored) {
    return resourceName(provider, stored.submission().terms().resource());
  }

  /// How the resource is reached; as a database when it is no longer served.
  public static Protocol protocol(Provider provider, StoredRequest stored) {
    return provider
        .resource(stored.submission().terms().resource())
        .map(Resource::protocol)
        .orElse(Protocol.POSTGRESQL);
  }

  /// Where its gateways are, the usual one first; empty where nobody said.
  public static List<Region> regions(Provider provider, StoredRequest stored) {
    return provider
        .resource(stored.submission().terms().resource())
        .map(Resource::regions)
        .orElse(List.of());
  }

  /// What the catalogue calls the resource; its id when it is no longer served.
  public static String resourceName(Provider provider, ResourceId id) {
    return provider.resource(id).map(Resource::name).orElse(id.value());
  }
}
