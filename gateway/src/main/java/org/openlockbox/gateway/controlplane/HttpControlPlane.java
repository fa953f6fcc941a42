package org.openlockbox.gateway.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.CanonicalJsonWriter;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.epoch.WitnessView;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.tree.Hash;

/// The gateway door over HTTPS and JSON: one kept-alive connection for leases and one for a
/// question that is asked while another has no answer, one for appends and one for those that are
/// sent again beside them, a few for look-ups, and a fresh one for what must not be asked twice.
public final class HttpControlPlane implements ControlPlane, Closeable {
  /// An answer that takes longer allows nothing any more.
  private static final Duration LEASE_TIMEOUT = Duration.ofMillis(650);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SECOND_A_MEGABYTE = Duration.ofSeconds(1);
  private static final Duration LONGEST_LEASE = Duration.ofSeconds(1);
  private static final int MAX_ANSWER = 32 * 1024 * 1024;
  private static final int REFUSED = 422;
  private static final String CERTIFICATE = "\"code\":\"certificate\"";

  private final GatewayIdentity identity;
  private final GatewayCredential credential;
  private final Supplier<HttpConnection> lines;
  private final HttpConnection leases;
  private final HttpConnection besides;
  private final Deque<HttpConnection> freeForLeases = new ConcurrentLinkedDeque<>();

  /// The certificate that the server has seen in a question that it answered with a lease.
  private volatile Optional<Envelope> seen = Optional.empty();

  /// The newest news that the server counted: what has come since it answers at once.
  private volatile OptionalLong news = OptionalLong.empty();

  private final Deque<HttpConnection> freeForAppends = new ConcurrentLinkedDeque<>();
  private final LookUpConnections lookUps;
  private final Appends log;

  /// @param tls trust and client certificate for https; the JDK's own trust if empty
  /// @param agent what it says of itself
  /// @param here how to append without HTTP, if the control plane runs in this process
  /// @param nanoTime the clock that nobody can set
  public HttpControlPlane(
      GatewayIdentity identity,
      GatewayCredential credential,
      URI server,
      Optional<SSLContext> tls,
      Supplier<String> token,
      GatewayAgent agent,
      Optional<Appends> here,
      LongSupplier nanoTime) {
    this.log = here.orElse((id, entries) -> appendOverHttp(entries));
    this.identity = identity;
    this.credential = credential;
    this.lines = () -> new HttpConnection(server, tls, token, agent, nanoTime);
    this.lookUps = new LookUpConnections(lines);
    this.leases = lines.get();
    this.besides = lines.get();
    freeForLeases.add(leases);
    freeForLeases.add(besides);
  }

  /// Two calls may be under way at once. The second is answered without delay: it names no news.
  @Override
  public LeaseAnswer lease(List<WatchedLog> watched) {
    HttpConnection line = freeForLeases.poll();
    if (line == null) {
      throw new NoReply("two questions for the lease have no answer yet");
    }
    try {
      return lease(line, watched, freeForLeases.isEmpty() ? OptionalLong.empty() : news);
    } finally {
      freeForLeases.push(line);
    }
  }

  private LeaseAnswer lease(HttpConnection line, List<WatchedLog> watched, OptionalLong known) {
    List<Json> watch =
        watched.stream()
            .<Json>map(
                w -> Json.object().put("tenant", w.tenant().value()).put("size", w.size()).build())
            .toList();
    JsonObjectBuilder question =
        Json.object()
            .put("gateway", identity.id().value())
            .put("boot", identity.boot())
            .put("watch", Json.array(watch));
    known.ifPresent(counted -> question.put("news", counted));
    Optional<Envelope> certificate = Optional.of(credential.certificate().get());
    if (!certificate.equals(seen)) {
      certificate.ifPresent(
          newest ->
              question.put("certificate", credential.shown(newest, identity.boot()).toJson()));
    }
    seen = Optional.empty(); // unless it is answered
    byte[] asked = CanonicalJson.bytes(question.build());
    HttpConnection.HttpReply said = call(line, "POST", "/gateway/v1/lease", asked, LEASE_TIMEOUT);
    if (said.status() == REFUSED && shortText(said).contains(CERTIFICATE)) {
      throw new CertificateRefused(
          "the control plane refuses this gateway's certificate: " + shortText(said));
    }
    Fields answer = read(said, "lease");
    LeaseAnswer lease = understood(() -> leaseAnswer(answer));
    seen = certificate;
    return lease;
  }

  private LeaseAnswer leaseAnswer(Fields answer) {
    news = answer.optionalNumber("news");
    Set<RequestId> ended = new HashSet<>();
    Set<SessionId> stopped = new HashSet<>();
    for (Fields tenant : answer.objects("tenants")) {
      tenant.texts("ended").forEach(id -> ended.add(new RequestId(id)));
      tenant.texts("stopSessions").forEach(id -> stopped.add(new SessionId(id)));
    }
    Duration lasts = Duration.ofMillis(answer.number("leaseMs"));
    return new LeaseAnswer(
        lasts.compareTo(LONGEST_LEASE) > 0 ? LONGEST_LEASE : lasts, ended, stopped);
  }

  @Override
  public Optional<ConnectOffer> connect(String user) {
    if (!user.matches("[a-z0-9_]{1,63}")) {
      return Optional.empty();
    }
    HttpConnection.HttpReply answer = lookUp("/gateway/v1/connects/" + user);
    if (answer.status() == 404) {
      return Optional.empty();
    }
    Fields fields = read(answer, "connect");
    return Optional.of(understood(() -> offer(fields)));
  }

  @Override
  public List<ConnectOffer> connects(TenantId tenant, ResourceId resource) {
    String path =
        "/gateway/v1/tenants/%s/resources/%s/connects".formatted(tenant.value(), resource.value());
    Fields fields = read(lookUp(path), "connects");
    return understood(
        () -> fields.objects("connects").stream().map(HttpControlPlane::offer).toList());
  }

  private static ConnectOffer offer(Fields fields) {
    return new ConnectOffer(
        new TenantId(fields.text("tenant")),
        new RequestId(fields.text("request")),
        Envelope.parse(fields.json("envelope")));
  }

  @Override
  public HistoryAnswer history(TenantId tenant, RequestId request, OptionalLong seen) {
    String path =
        "/gateway/v1/tenants/" + tenant.value() + "/requests/" + request.value() + "/history";
    String from = seen.isPresent() ? "?from=" + seen.getAsLong() : "";
    HttpConnection.HttpReply answer = lookUp(path + from);
    if (answer.status() == 409 && shortText(answer).contains("log_shrunk")) {
      throw new LogShrunk(shortText(answer));
    }
    Fields fields = read(answer, "history");
    return understood(
        () ->
            new HistoryAnswer(
                fields.multiline("checkpoint"),
                fields.objects("entries").stream().map(HttpControlPlane::proven).toList(),
                fields.has("consistency")
                    ? Optional.of(hashes(fields, "consistency"))
                    : Optional.empty(),
                fields.objects("statements").stream().map(HttpControlPlane::opened).toList()));
  }

  private static OpenedText opened(Fields text) {
    return new OpenedText(text.bytes("salt"), Bytes.ofUtf8(text.multiline("text")));
  }

  private static LoggedEntry proven(Fields entry) {
    return new LoggedEntry(entry.bytes("entry"), hashes(entry, "proof"));
  }

  private static List<Hash> hashes(Fields fields, String name) {
    return fields.texts(name).stream()
        .map(text -> Hash.of(Base64.getDecoder().decode(text)))
        .toList();
  }

  @Override
  public WitnessView witnessed(TenantId tenant, long size, long epochs) {
    String path =
        "/gateway/v1/tenants/%s/witnessed?size=%d&epochs=%d"
            .formatted(tenant.value(), size, epochs);
    HttpConnection.HttpReply answer = lookUp(path);
    if (answer.status() != 200) {
      throw refused(answer, "witnessed");
    }
    return understood(() -> WitnessView.parse(Json.read(answer.body().toArray(), MAX_ANSWER)));
  }

  @Override
  public Amount claim(TenantId tenant, RequestId request, Amount amount) {
    Json wish =
        Json.object()
            .put("gateway", identity.id().value())
            .put("boot", identity.boot())
            .put("tenant", tenant.value())
            .put("request", request.value())
            .put("rows", amount.rows())
            .put("bytes", amount.bytes())
            .build();
    try (HttpConnection line = lines.get()) {
      byte[] body = CanonicalJson.bytes(wish);
      Fields answer = read(call(line, "POST", "/gateway/v1/claims", body, TIMEOUT), "claim");
      return understood(() -> new Amount(answer.number("rows"), answer.number("bytes")));
    }
  }

  @Override
  public void alarm(TenantId tenant, RequestId request, String problem) {
    Json alarm =
        Json.object()
            .put("gateway", identity.id().value())
            .put("tenant", tenant.value())
            .put("request", request.value())
            .put("problem", problem)
            .build();
    try (HttpConnection line = lines.get()) {
      byte[] body = CanonicalJson.bytes(alarm);
      read(call(line, "POST", "/gateway/v1/alarms", body, TIMEOUT), "alarm");
    }
  }

  @Override
  public void append(List<GatewayEntry> entries) {
    log.append(identity, entries);
  }

  private void appendOverHttp(List<GatewayEntry> entries) {
    byte[] body = appendBody(entries);
    Duration timeout = TIMEOUT.plus(SECOND_A_MEGABYTE.multipliedBy(body.length >> 20));
    HttpConnection free = freeForAppends.poll();
    HttpConnection line = free == null ? lines.get() : free;
    try {
      HttpConnection.HttpReply answer = call(line, "POST", "/gateway/v1/append", body, timeout);
      if (answer.status() != 200) {
        throw AppendRefused.ofStatus(answer.status(), shortText(answer));
      }
      checkIsOf(entries, answer);
    } finally {
      freeForAppends.push(line);
    }
  }

  /// An answer that names another number of entries is that of another call.
  private static void checkIsOf(List<GatewayEntry> entries, HttpConnection.HttpReply answer) {
    Fields fields = read(answer, "append");
    int named = understood(() -> fields.objects("results").size());
    if (named != entries.size()) {
      throw new NoReply(
          "the control plane answered for %d entries, not %d".formatted(named, entries.size()));
    }
  }

  /// Written without making the values first, because this runs once per operation.
  private byte[] appendBody(List<GatewayEntry> entries) {
    var body = new CanonicalJsonWriter().word("boot", identity.boot()).beginList("entries");
    for (GatewayEntry entry : entries) {
      body.beginItem().spelled("body", entry.body().canonical());
      body.begin("gw").word("boot", identity.boot()).word("id", identity.id().value());
      body.number("seq", entry.counter());
      entry.signature().ifPresent(signature -> body.word("sig", signature.base64()));
      body.end().word("tenant", entry.tenant().value()).beginList("texts");
      for (RecordedText text : entry.texts()) {
        body.beginItem().word("commitment", text.commitment().hex());
        body.word("salt", text.salt().base64()).word("text", text.text().base64()).end();
      }
      body.endList().word("type", entry.body().type().word()).end();
    }
    return body.endList().word("gateway", identity.id().value()).done().getBytes(UTF_8);
  }

  private HttpConnection.HttpReply lookUp(String path) {
    return reached(() -> lookUps.get(path, TIMEOUT));
  }

  /// What goes out to the server and comes back.
  private interface HttpExchange {
    HttpConnection.HttpReply run() throws IOException;
  }

  private static HttpConnection.HttpReply call(
      HttpConnection line, String method, String path, byte[] body, Duration timeout) {
    return reached(() -> line.send(method, path, body, timeout));
  }

  private static HttpConnection.HttpReply reached(HttpExchange exchange) {
    try {
      return exchange.run();
    } catch (IOException | IllegalArgumentException e) {
      throw new NoReply("the control plane cannot be reached: " + e.getMessage(), e);
    }
  }

  private static RuntimeException refused(HttpConnection.HttpReply answer, String what) {
    return answer.status() == 401 || answer.status() == 403
        ? new TokenRefused(
            "the control plane does not let this gateway in (%d): %s"
                .formatted(answer.status(), shortText(answer)))
        : NoReply.answered(
            answer.status(), what + " answered " + answer.status() + ": " + shortText(answer));
  }

  private static Fields read(HttpConnection.HttpReply answer, String what) {
    if (answer.status() != 200) {
      throw refused(answer, what);
    }
    return understood(() -> Fields.of(Json.read(answer.body().toArray(), MAX_ANSWER), what));
  }

  private static String shortText(HttpConnection.HttpReply answer) {
    String text = new String(answer.body().toArray(), UTF_8).replaceAll("[^\\x20-\\x7e]", " ");
    return text.length() > 300 ? text.substring(0, 300) : text;
  }

  /// An answer that cannot be understood is no answer.
  private static <T> T understood(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (MalformedJson | IllegalArgumentException e) {
      throw new NoReply("the control plane's answer is malformed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    leases.close();
    besides.close();
    freeForAppends.forEach(HttpConnection::close);
    lookUps.close();
  }
}
