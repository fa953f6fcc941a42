package org.openlockbox.server.api.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestSubmission;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Idempotency;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.api.tenant.PolicyView;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Asking for access, and reading what became of it.
@RestController
public final class RequestsApi {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final Store store;
  private final Visibility visibility;
  private final RequestView views;
  private final Idempotency idempotency;
  private final InstantSource clock;
  private final RequestSubmission asking;

  public RequestsApi(
      Store store,
      Visibility visibility,
      RequestView views,
      Idempotency idempotency,
      InstantSource clock,
      RequestSubmission asking) {
    this.store = store;
    this.visibility = visibility;
    this.views = views;
    this.idempotency = idempotency;
    this.clock = clock;
    this.asking = asking;
  }

  @PostMapping("/v1/tenants/{t}/requests")
  ResponseEntity<byte[]> create(ApiCall call, @PathVariable String t) {
    call.caller().need(Role.ENGINEER, "ask for access");
    var tenant = visibility.tenant(call.caller(), t).id();
    return idempotency
        .once(
            call,
            tenant.value(),
            () -> {
              var wish = RequestBody.read(call.fields("access request"), call.caller());
              var taken = asking.ask(tenant, wish);
              return ApiReply.created(views.of(taken.stored())).tagged(taken.stored().etag());
            })
        .send();
  }

  @PostMapping("/v1/tenants/{t}/requests:predict")
  ResponseEntity<byte[]> predict(ApiCall call, @PathVariable String t) {
    call.caller().need(Role.ENGINEER, "ask for access");
    var tenant = visibility.tenant(call.caller(), t).id();
    var wish = RequestBody.read(call.fields("access request"), call.caller());
    return ApiReply.ok(PolicyView.of(asking.outlook(tenant, wish).ruling())).send();
  }

  @GetMapping("/v1/tenants/{t}/requests")
  ResponseEntity<byte[]> list(
      ApiCall call,
      @PathVariable String t,
      @RequestParam Optional<String> state,
      @RequestParam Optional<Integer> pageSize,
      @RequestParam Optional<String> pageToken) {
    var tenant = visibility.tenant(call.caller(), t).id();
    return page(call.caller(), Optional.of(tenant), state, pageSize, pageToken);
  }

  @GetMapping("/v1/requests")
  ResponseEntity<byte[]> all(
      ApiCall call,
      @RequestParam Optional<String> state,
      @RequestParam Optional<Integer> pageSize,
      @RequestParam Optional<String> pageToken) {
    return page(call.caller(), call.caller().tenant(), state, pageSize, pageToken);
  }

  private ResponseEntity<byte[]> page(
      Caller caller,
      Optional<TenantId> tenant,
      Optional<String> state,
      Optional<Integer> pageSize,
      Optional<String> pageToken) {
    state.ifPresent(RequestsApi::checkState);
    int size = Math.clamp(pageSize.orElse(PAGE), 1, LARGEST_PAGE);
    var all = caller.tenant().isPresent() || Visibility.seesAll(caller);
    Optional<SubjectId> engineer = all ? Optional.empty() : Optional.of(caller.subject());
    var filter =
        new AccessRequests.RequestFilter(
            tenant, engineer, state, pageToken.map(RequestsApi::before), size + 1);
    var found = AccessRequests.list(store.jdbc(), filter, clock.instant());
    var shown = found.subList(0, Math.min(size, found.size()));
    var json =
        Json.object().put("requests", shown.stream().map(stored -> views.of(stored)).toList());
    if (found.size() > size) {
      json.put("nextPageToken", token(shown.getLast()));
    }
    return ApiReply.ok(json.build()).send();
  }

  private static void checkState(String word) {
    if (List.of(RequestState.values()).stream().noneMatch(state -> state.word().equals(word))) {
      throw Problem.malformed("there is no state " + word);
    }
  }

  private static String token(StoredRequest last) {
    var text = last.createdAt().toEpochMilli() + " " + last.id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static AccessRequests.PageStart before(String token) {
    try {
      var parts =
          new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(" ", 2);
      return new AccessRequests.PageStart(Instant.ofEpochMilli(Long.parseLong(parts[0])), parts[1]);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw Problem.malformed("not a page token of ours");
    }
  }

  @GetMapping({"/v1/tenants/{t}/requests/{r}", "/v1/requests/{r}"})
  ResponseEntity<byte[]> show(
      ApiCall call,
      @PathVariable(required = false) @Nullable String t,
      @PathVariable String r,
      @RequestParam Optional<String> waitFor,
      @RequestHeader("Prefer") Optional<String> prefer) {
    var stored = visibility.request(call.caller(), t, r);
    if (waitFor.isPresent()) {
      if (!waitFor.get().equals("decision")) {
        throw Problem.malformed("waitFor can be: decision");
      }
      stored = decided(stored, wait(prefer));
    }
    return ApiReply.ok(views.of(stored)).tagged(stored.etag()).send();
  }

  private static Duration wait(Optional<String> prefer) {
    try {
      var seconds =
          prefer
              .filter(text -> text.startsWith("wait="))
              .map(text -> Long.parseLong(text.substring("wait=".length())))
              .orElse(30L);
      return Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST_WAIT.toSeconds()));
    } catch (NumberFormatException e) {
      throw Problem.malformed("Prefer is wait=<seconds>");
    }
  }

  /// Looks until the request is no longer pending or the wait is over; costs one virtual thread.
  private StoredRequest decided(StoredRequest first, Duration wait) {
    var stored = first;
    long until = System.nanoTime() + wait.toNanos();
    while (EffectiveState.state(stored.request(), clock.instant()) == RequestState.PENDING
        && System.nanoTime() < until) {
      try {
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return stored;
      }
      stored = AccessRequests.of(store.jdbc(), stored.tenant()).find(stored.id()).orElseThrow();
    }
    return stored;
  }
}
