package org.openlockbox.client.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory.StoredAlarm;

/// All that is remembered, as one document.
///
/// @param ends requests that are over, each until its grant would have ended by itself
/// @param alarms refused histories of which the customer has not been told, one for each tenant
record MemoryDocument(
    Map<TenantId, NotedHead> heads, Map<RequestId, Instant> ends, List<StoredAlarm> alarms) {
  static final MemoryDocument NOTHING = new MemoryDocument(Map.of(), Map.of(), List.of());

  private static final int VERSION = 1;

  /// A clock that was wrong does not make an end forgotten.
  private static final Duration KEPT = Duration.ofDays(30);

  MemoryDocument {
    heads = Map.copyOf(heads);
    ends = Map.copyOf(ends);
    alarms = List.copyOf(alarms);
  }

  /// What was seen last of a tenant's log, and when that was noted.
  record NotedHead(LogHead head, Instant noted) {}

  Optional<NotedHead> head(TenantId tenant) {
    return Optional.ofNullable(heads.get(tenant));
  }

  boolean hasEnded(RequestId request) {
    return ends.containsKey(request);
  }

  MemoryDocument withHead(TenantId tenant, NotedHead head) {
    Map<TenantId, NotedHead> more = new HashMap<>(heads);
    more.put(tenant, head);
    return new MemoryDocument(more, ends, alarms);
  }

  MemoryDocument withEnd(RequestId request, Instant until, Instant now) {
    Map<RequestId, Instant> more = new HashMap<>(ends);
    more.values().removeIf(over -> now.isAfter(over.plus(KEPT)));
    more.put(request, until);
    return new MemoryDocument(heads, more, alarms);
  }

  MemoryDocument withAlarm(StoredAlarm alarm) {
    boolean isFirst = alarms.stream().noneMatch(each -> each.tenant().equals(alarm.tenant()));
    return isFirst
        ? new MemoryDocument(heads, ends, Stream.concat(alarms.stream(), Stream.of(alarm)).toList())
        : this;
  }

  /// Whoever delivered it knows it by tenant and request: when it was noted here, and with which
  /// characters, is another matter.
  MemoryDocument without(StoredAlarm alarm) {
    List<StoredAlarm> fewer = new ArrayList<>(alarms);
    fewer.removeIf(
        each -> each.tenant().equals(alarm.tenant()) && each.request().equals(alarm.request()));
    return new MemoryDocument(heads, ends, fewer);
  }

  Json.Object toJson() {
    return Json.object()
        .put("alarms", alarms.stream().map(MemoryDocument::alarm).toList())
        .put(
            "ends",
            ends.entrySet().stream().map(each -> end(each.getKey(), each.getValue())).toList())
        .put(
            "heads",
            heads.entrySet().stream().map(each -> head(each.getKey(), each.getValue())).toList())
        .put("v", VERSION)
        .build();
  }

  private static Json.Object alarm(StoredAlarm alarm) {
    return Json.object()
        .put("problem", alarm.problem())
        .put("raised", alarm.raised())
        .put("request", alarm.request().value())
        .put("tenant", alarm.tenant().value())
        .build();
  }

  private static Json.Object end(RequestId request, Instant until) {
    return Json.object().put("request", request.value()).put("until", until).build();
  }

  private static Json.Object head(TenantId tenant, NotedHead noted) {
    LogHead head = noted.head();
    var json =
        Json.object()
            .put("keyringDigest", head.keyringDigest())
            .put("keyringIndex", head.keyringIndex())
            .put("noted", noted.noted())
            .put("pin", head.pin())
            .put("root", head.root())
            .put("size", head.size())
            .put("tenant", tenant.value());
    return head.recovery() < 0 ? json.build() : json.put("recovery", head.recovery()).build();
  }

  /// @throws org.openlockbox.core.canonical.MalformedJson if it is something else
  static MemoryDocument parse(Json json) {
    Fields all = Fields.of(json, "memory of logs").version(VERSION);
    Map<TenantId, NotedHead> heads = new HashMap<>();
    for (Fields each : all.objects("heads")) {
      heads.put(each.value("tenant", TenantId::new), parseHead(each));
      each.done();
    }
    Map<RequestId, Instant> ends = new HashMap<>();
    for (Fields each : all.objects("ends")) {
      ends.put(each.value("request", RequestId::new), each.instant("until"));
      each.done();
    }
    List<StoredAlarm> alarms = all.objects("alarms").stream().map(MemoryDocument::alarm).toList();
    all.done();
    return new MemoryDocument(heads, ends, alarms);
  }

  private static NotedHead parseHead(Fields head) {
    OptionalLong recovery = head.optionalNumber("recovery");
    return new NotedHead(
        new LogHead(
            head.hash("pin"),
            head.number("size"),
            head.hash("root"),
            head.number("keyringIndex"),
            head.hash("keyringDigest"),
            recovery.orElse(-1)),
        head.instant("noted"));
  }

  private static StoredAlarm alarm(Fields alarm) {
    var read =
        new StoredAlarm(
            alarm.value("tenant", TenantId::new),
            alarm.value("request", RequestId::new),
            alarm.multiline("problem"),
            alarm.instant("raised"));
    alarm.done();
    return read;
  }
}
