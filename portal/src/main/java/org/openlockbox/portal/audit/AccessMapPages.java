package org.openlockbox.portal.audit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.Match;
import org.openlockbox.core.policy.Rule;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.PolicyWords;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// Who can reach what right now: for each resource and level the engineers with open access, and
/// what the tenant's policy gives without asking anybody.
@Controller
public final class AccessMapPages {
  private static final int MOST = 500;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;

  public AccessMapPages(
      PortalEdge.Parts parts, Provider provider, Store store, InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
  }

  /// Somebody with open access.
  public record GrantHolder(String who, String request, Instant from, Instant until) {}

  /// A level of a resource; `automatic` are the sentences of the rules that may give it.
  public record LevelCell(Level level, List<GrantHolder> holders, List<String> automatic) {}

  /// A resource, the lowest level first.
  public record ResourceLine(String resource, List<LevelCell> cells) {}

  @GetMapping("/reach")
  ResponseEntity<byte[]> show(Visitor visitor) {
    var tenant = AuditAccess.tenant(visitor);
    var keyring = store.tenants().keyring(tenant);
    var open = open(tenant);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("holders", open.size());
    var access = keyring.settings().access();
    var given = given(visitor.frame(), access, keyring.policy().rules());
    model.put("access", access);
    model.put(
        "lines",
        provider.resources().stream().map(resource -> line(resource, open, given)).toList());
    return parts.pages().page("audit/reach", model);
  }

  private List<StoredRequest> open(TenantId tenant) {
    var filter =
        new AccessRequests.RequestFilter(
            Optional.of(tenant), Optional.empty(), Optional.of("approved"), Optional.empty(), MOST);
    return AccessRequests.list(store.jdbc(), filter, clock.instant());
  }

  /// What is given without asking, by resource and level.
  private static BiFunction<ResourceId, Level, List<String>> given(
      PageContext frame, ProviderAccess access, List<Rule> rules) {
    return switch (access) {
      case OFF -> (_, _) -> List.of();
      case AUDIT_ONLY -> (_, _) -> List.of(frame.say("access.audit-only.does"));
      case ENABLED ->
          (resource, level) ->
              automatic(rules, resource, level).stream().map(new PolicyWords(frame)::rule).toList();
    };
  }

  private static ResourceLine line(
      Resource resource,
      List<StoredRequest> open,
      BiFunction<ResourceId, Level, List<String>> given) {
    return new ResourceLine(
        resource.name(),
        Arrays.stream(Level.values())
            .filter(resource.levels()::contains)
            .map(
                level ->
                    new LevelCell(
                        level,
                        holders(open, resource.id(), level),
                        given.apply(resource.id(), level)))
            .toList());
  }

  private static List<GrantHolder> holders(
      List<StoredRequest> open, ResourceId resource, Level level) {
    return open.stream()
        .flatMap(
            stored ->
                granted(stored)
                    .filter(terms -> terms.level() == level)
                    .filter(_ -> stored.submission().terms().resource().equals(resource))
                    .map(
                        terms ->
                            new GrantHolder(
                                stored.engineer(),
                                stored.id().value(),
                                terms.window().notBefore(),
                                terms.window().notAfter()))
                    .stream())
        .toList();
  }

  private static Optional<GrantTerms> granted(StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Approved approved
        ? Optional.of(approved.grant().terms())
        : Optional.empty();
  }

  /// The rules that may approve here by themselves, up to the first rule that says the same to
  /// everybody.
  private static List<Rule> automatic(List<Rule> rules, ResourceId resource, Level level) {
    var automatic = new ArrayList<Rule>();
    for (var rule : rules) {
      var match = rule.match();
      if (!isAbout(match, resource, level)) {
        continue;
      }
      if (rule.effect() instanceof Effect.Approve) {
        automatic.add(rule);
      }
      if (rule.when().isEmpty() && isAboutEverybody(match)) {
        break;
      }
    }
    return automatic;
  }

  private static boolean isAbout(Match match, ResourceId resource, Level level) {
    return (match.resources().isEmpty() || match.resources().contains(resource))
        && match.atMost().filter(level::isWiderThan).isEmpty()
        && match.atLeast().filter(least -> least.isWiderThan(level)).isEmpty();
  }

  /// Whether it looks at nothing but resource and level.
  private static boolean isAboutEverybody(Match match) {
    return match.purposes().isEmpty()
        && match.longest().isEmpty()
        && match.hours().isEmpty()
        && match.profile().isEmpty()
        && match.kinds().isEmpty()
        && match.countries().isEmpty()
        && match.employers().isEmpty()
        && !match.ownTicket();
  }
}
