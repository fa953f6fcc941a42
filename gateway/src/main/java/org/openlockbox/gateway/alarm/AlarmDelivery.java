package org.openlockbox.gateway.alarm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.thread.LastingRounds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells customers that a history of their log was refused: through the control plane, which mails
/// every contact of the tenant, and by a call of the gateway's own to each address in its
/// configuration. Each way is tried again until it has answered, also after a restart: an alarm
/// lies in the protected database until then. A crash in between repeats a call under the same id.
///
/// The same problem is told once an hour. Nothing here delays or decides anything about access.
public final class AlarmDelivery implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofHours(1);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final int MOST = 256;
  private static final int LONGEST = 500;
  private static final Logger LOG = LoggerFactory.getLogger(AlarmDelivery.class);

  private final GatewayId gateway;
  private final ControlPlane controlPlane;
  private volatile Map<TenantId, List<AlarmReceiver>> receivers;
  private final Function<TenantId, Optional<LogMemory>> memory;
  private final List<LogMemory> memories;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Thread thread;
  private final List<PendingAlarm> pending = new ArrayList<>();
  private final Map<LogMemory.StoredAlarm, Instant> told = new HashMap<>();
  private final Set<LogMemory> unread;
  private final Semaphore bell = new Semaphore(0);
  private volatile boolean closed;

  /// An alarm that somebody is still to be told of.
  private static final class PendingAlarm {
    private final LogMemory.StoredAlarm alarm;
    private final Set<AlarmReceiver> left;
    private boolean isKept;
    private boolean isPassedOn;
    private Instant next;
    private Duration pause = FIRST_RETRY;

    PendingAlarm(
        LogMemory.StoredAlarm alarm, List<AlarmReceiver> receivers, boolean isKept, Instant now) {
      this.alarm = alarm;
      this.left = new HashSet<>(receivers);
      this.isKept = isKept;
      this.next = now;
    }

    boolean isDone() {
      return isKept && isPassedOn && left.isEmpty();
    }

    void later(Instant now) {
      next = now.plus(pause);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : twice;
    }
  }

  /// @param memory where alarms about a tenant are kept
  /// @param memories all the places where an earlier start may have left some
  public AlarmDelivery(
      GatewayId gateway,
      ControlPlane controlPlane,
      Map<TenantId, List<AlarmReceiver>> receivers,
      Function<TenantId, Optional<LogMemory>> memory,
      List<LogMemory> memories,
      InstantSource clock) {
    this.gateway = gateway;
    this.controlPlane = controlPlane;
    this.receivers = Map.copyOf(receivers);
    this.memory = memory;
    this.memories = List.copyOf(memories);
    this.unread = new HashSet<>(memories);
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("alarms").daemon().unstarted(this::run);
  }

  /// From now on these are told.
  public void tell(Map<TenantId, List<AlarmReceiver>> next) {
    receivers = Map.copyOf(next);
  }

  public AlarmDelivery start() {
    thread.start();
    return this;
  }

  /// Takes note of a refused history; returns at once.
  public synchronized void raise(TenantId tenant, RequestId request, String problem) {
    Instant now = clock.instant();
    String shown = shortened(problem);
    var same = new LogMemory.StoredAlarm(tenant, request, shown, Instant.EPOCH);
    told.values().removeIf(at -> at.plus(AGAIN).isBefore(now));
    if (told.containsKey(same)) {
      return;
    }
    if (told.keySet().stream().filter(each -> each.tenant().equals(tenant)).count() >= MOST) {
      LOG.error("no more alarms of {} within this hour, this one is not told: {}", tenant, shown);
      return;
    }
    told.put(same, now);
    if (!receivers.containsKey(tenant)) {
      LOG.warn(
          "gateway.alarms names no address of tenant {}: it is told through the control plane alone",
          tenant);
    }
    add(new LogMemory.StoredAlarm(tenant, request, shown, now), false);
    bell.release();
  }

  /// At most so many characters, and no half of one.
  private static String shortened(String problem) {
    if (problem.length() <= LONGEST) {
      return problem;
    }
    int end = Character.isHighSurrogate(problem.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return problem.substring(0, end);
  }

  private void add(LogMemory.StoredAlarm alarm, boolean isKept) {
    var to = receivers.getOrDefault(alarm.tenant(), List.of());
    pending.add(new PendingAlarm(alarm, to, isKept, clock.instant()));
  }

  private void run() {
    LastingRounds rounds = new LastingRounds(LOG, "the delivery of alarms");
    try {
      while (!closed) {
        rounds.run(this::round);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws InterruptedException {
    readLeftovers();
    due().forEach(this::deliver);
    if (bell.tryAcquire(FIRST_RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
      bell.drainPermits();
    }
  }

  private synchronized List<PendingAlarm> due() {
    pending.removeIf(PendingAlarm::isDone);
    Instant now = clock.instant();
    return pending.stream().filter(each -> !each.next.isAfter(now)).toList();
  }

  /// What an earlier start, or another gateway that is gone, could not deliver.
  private void readLeftovers() {
    for (LogMemory each : memories) {
      if (unread.contains(each)) {
        try {
          var left = each.alarms();
          synchronized (this) {
            left.forEach(alarm -> add(alarm, true));
          }
          unread.remove(each);
        } catch (RuntimeException | Error e) {
          LOG.debug("alarms of an earlier start are not known yet: {}", e.getMessage());
        }
      }
    }
  }

  private void deliver(PendingAlarm each) {
    if (!each.isKept) {
      each.isKept = isDone("kept", () -> keep(each.alarm));
    }
    each.left.removeIf(receiver -> isDone("told", () -> call(receiver, each.alarm)));
    if (!each.isPassedOn) {
      each.isPassedOn = isDone("passed on", () -> passOn(each.alarm));
    }
    if (each.left.isEmpty() && each.isPassedOn) {
      isDone("taken away", () -> forget(each.alarm));
      each.isKept = true;
    }
    each.later(clock.instant());
  }

  private interface AlarmTask {
    void run() throws IOException, InterruptedException;
  }

  private static boolean isDone(String what, AlarmTask work) {
    try {
      work.run();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException | RuntimeException | Error e) {
      LOG.warn("an alarm was not {} yet: {}", what, e.toString());
      return false;
    }
  }

  private void keep(LogMemory.StoredAlarm alarm) {
    memory
        .apply(alarm.tenant())
        .ifPresent(kept -> kept.raise(alarm.tenant(), alarm.request(), alarm.problem()));
  }

  private void forget(LogMemory.StoredAlarm alarm) {
    memory.apply(alarm.tenant()).ifPresent(kept -> kept.delivered(alarm));
  }

  private void passOn(LogMemory.StoredAlarm alarm) {
    controlPlane.alarm(alarm.tenant(), alarm.request(), alarm.problem());
  }

  private void call(AlarmReceiver receiver, LogMemory.StoredAlarm alarm)
      throws IOException, InterruptedException {
    String id = id(alarm);
    String body = body(id, alarm);
    Instant now = clock.instant();
    var request =
        HttpRequest.newBuilder(receiver.url())
            .timeout(PATIENCE)
            .header("content-type", "application/cloudevents+json")
            .header("webhook-id", id)
            .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
            .header("webhook-signature", receiver.signature(id, now, body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException("an alarm receiver answered " + status);
    }
  }

  /// The same for each repetition, so that a receiver can tell.
  private static String id(LogMemory.StoredAlarm alarm) {
    String what =
        "%s\n%s\n%s\n%d"
            .formatted(
                alarm.tenant(),
                alarm.request(),
                alarm.problem(),
                alarm.raised().toEpochMilli() / AGAIN.toMillis());
    return "alarm_" + Bytes.of(what.getBytes(UTF_8)).sha256().hex().substring(0, 32);
  }

  private String body(String id, LogMemory.StoredAlarm alarm) {
    Json.Object data =
        Json.object()
            .put("tenant", alarm.tenant().value())
            .put("request", alarm.request().value())
            .put("gateway", gateway.value())
            .put("problem", alarm.problem())
            .build();
    return CanonicalJson.text(
        Json.object()
            .put("specversion", "1.0")
            .put("id", id)
            .put("source", "urn:lockbox:gateway:" + gateway.value())
            .put("type", "org.openlockbox.log.refused")
            .put("time", alarm.raised().truncatedTo(ChronoUnit.MILLIS))
            .put("datacontenttype", "application/json")
            .put("data", data)
            .build());
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    http.shutdownNow();
  }
}
