package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.ShownCertificate;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.tlog.tree.Hash;

/// One boot of a gateway as the server sees it: leases, and entries numbered by tenant.
public final class TestGateway {
  private static final AtomicLong BOOTS = new AtomicLong();

  public final String id;
  public final String boot;
  private final TestServer server;
  private final int at;
  private final SoftwareKey key;
  private final Envelope certificate;
  private final Map<TestTenant, Long> next = new HashMap<>();

  /// A boot that talks to the server of this index.
  public TestGateway(TestServer server, int at, String id, String boot) {
    this.server = server;
    this.at = at;
    this.id = id;
    this.boot = boot;
    this.key = server.gatewayKey(id);
    this.certificate = server.certificate(id);
  }

  /// A boot of this gateway with another key than the one that it had before.
  public TestGateway(TestServer server, String id, SoftwareKey key, Envelope certificate) {
    this.server = server;
    this.at = 0;
    this.id = id;
    this.boot = "%016x".formatted(BOOTS.incrementAndGet());
    this.key = key;
    this.certificate = certificate;
  }

  private TestGateway(TestGateway same, Envelope certificate) {
    this.server = same.server;
    this.at = same.at;
    this.id = same.id;
    this.boot = same.boot;
    this.key = same.key;
    this.certificate = certificate;
    next.putAll(same.next);
  }

  /// The same boot with another certificate for its key.
  public TestGateway renewed(Envelope another) {
    return new TestGateway(this, another);
  }

  /// A new boot of gateway `gw-1` at the first server.
  public static TestGateway unleased(TestServer server) {
    return unleased(server, "gw-1");
  }

  public static TestGateway unleased(TestServer server, String id) {
    return new TestGateway(server, 0, id, "%016x".formatted(BOOTS.incrementAndGet()));
  }

  public static TestGateway leased(TestServer server) {
    var gateway = unleased(server);
    assertThat(gateway.lease().status()).isEqualTo(200);
    return gateway;
  }

  public Answer post(String path, Json body) {
    return server.call(at, id, "POST", path, CanonicalJson.text(body), Map.of());
  }

  public Answer lease(Json... watch) {
    return post("/gateway/v1/lease", question(watch));
  }

  /// The same, with this header `User-Agent`.
  public Answer leaseAs(String agent) {
    return server.call(
        at,
        id,
        "POST",
        "/gateway/v1/lease",
        CanonicalJson.text(question()),
        Map.of("User-Agent", agent));
  }

  private Json question(Json... watch) {
    return Json.object()
        .put("gateway", id)
        .put("boot", boot)
        .put("watch", Arrays.asList(watch))
        .put("certificate", ShownCertificate.of(certificate, boot, key).toJson())
        .build();
  }

  public static Json watch(TestTenant tenant, long size) {
    return Json.object().put("tenant", tenant.id.value()).put("size", size).build();
  }

  /// The next entry of this boot in the tenant's log.
  public Json entry(TestTenant tenant, EntryBody body, OpenedText... texts) {
    long seq = next.merge(tenant, 1L, Long::sum) - 1;
    return entry(tenant, seq, body, texts);
  }

  public Json entry(TestTenant tenant, long seq, EntryBody body, OpenedText... texts) {
    var stamp = GatewayStamp.of(new GatewayId(id), boot, seq);
    if (body.type().isSignedByGateway()) {
      stamp = stamp.signed(tenant.id, body, key);
    }
    var opened = new ArrayList<Json>();
    for (var text : texts) {
      opened.add(
          Json.object()
              .put("commitment", text.commitment().hex())
              .put("salt", text.salt())
              .put("text", text.text())
              .build());
    }
    return Json.object()
        .put("tenant", tenant.id.value())
        .put("type", body.type().word())
        .put("body", body.toJson())
        .put("gw", stamp.toJson())
        .put("texts", opened)
        .build();
  }

  public Answer append(Json... entries) {
    return append(Arrays.asList(entries));
  }

  public Answer append(List<Json> entries) {
    return post("/gateway/v1/append", appending(entries.toArray(Json[]::new)));
  }

  /// The body of an append.
  public Json appending(Json... entries) {
    return Json.object()
        .put("gateway", id)
        .put("boot", boot)
        .put("entries", Arrays.asList(entries))
        .build();
  }

  public static List<Long> indices(Answer appended) {
    assertThat(appended.status()).as(appended.toString()).isEqualTo(200);
    return appended.json().objects("results").stream().map(one -> one.number("seq")).toList();
  }

  public static OpenedText sql(String text) {
    byte[] salt = new byte[16];
    TestTenant.RANDOM.nextBytes(salt);
    return new OpenedText(Bytes.of(salt), Bytes.ofUtf8(text));
  }

  /// What the engineer signs to connect for ten minutes.
  public static Envelope connect(TestTenant tenant, Answer request, SoftwareKey key) {
    var id = TestTenant.ref(request).id();
    var now = tenant.server.clock.get();
    var tail = "%08x".formatted(TestTenant.RANDOM.nextInt());
    var scram =
        new Credential.Scram(
            4096, Bytes.of(new byte[16]), Bytes.of(new byte[32]), Bytes.of(new byte[32]));
    return new ConnectStatement(
            tenant.id,
            id,
            new ResourceId("helpdesk"),
            new SubjectId("eve"),
            id.userPrefix() + tail,
            scram,
            new Window(now, now.plus(Duration.ofMinutes(10))),
            Nonce.random(TestTenant.RANDOM))
        .unsigned()
        .signedBy(key);
  }

  /// Opens a session for an approved request.
  public SessionId open(TestTenant tenant, Answer request) {
    var session = SessionId.random(TestTenant.RANDOM);
    indices(append(entry(tenant, opened(tenant, request, session, certificate))));
    return session;
  }

  /// The opening by gateway `gw-1`.
  public static SessionEvent.Opened opened(TestTenant tenant, Answer request, SessionId session) {
    return opened(tenant, request, session, tenant.server.certificate("gw-1"));
  }

  private static SessionEvent.Opened opened(
      TestTenant tenant, Answer request, SessionId session, Envelope certificate) {
    return new SessionEvent.Opened(
        session,
        TestTenant.ref(request).id(),
        new SubjectId("eve"),
        new ResourceId("helpdesk"),
        Protocol.POSTGRESQL,
        Level.MASKED,
        connect(tenant, request, tenant.engineerKey),
        certificate,
        Hash.sha256(new byte[0]),
        "127.0.0.1",
        "psql",
        tenant.server.clock.get().plus(Duration.ofMinutes(10)));
  }

  public static SessionEvent.Operation statement(SessionId session, long n, OpenedText text) {
    return new SessionEvent.Operation(
        session, n, text.commitment(), Optional.empty(), "query", SqlFacts.of("select"));
  }

  public static SessionEvent.Outcome outcome(SessionId session, long n) {
    return new SessionEvent.Outcome(session, n, OutcomeStatus.SQL_DONE, 1, 20, 0, Optional.empty());
  }

  public static SessionEvent.Closed closed(SessionId session, boolean released) {
    return new SessionEvent.Closed(
        session, "client left", 1, 1, 20, Hash.sha256(new byte[0]), released);
  }
}
