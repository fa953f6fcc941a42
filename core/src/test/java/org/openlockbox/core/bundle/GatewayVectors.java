package org.openlockbox.core.bundle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.LogHost;

/// Whole logs with a session, each about one rule of which gateway may open and close it: logs that
/// keep it, and for each rule one that breaks it.
final class GatewayVectors {
  private static final LogHost ELSEWHERE = new LogHost("log.elsewhere.example");

  private final List<Json.Object> vectors = new ArrayList<>();

  static List<Json.Object> all() {
    var all = new GatewayVectors();
    all.certificates();
    all.otherCertificates();
    all.malformed();
    all.revocations();
    all.otherRevocations();
    all.changes();
    all.otherChanges();
    all.objections();
    return List.copyOf(all.vectors);
  }

  private void good(String name, Consumer<GatewayCase> story) {
    add(name, true, story);
  }

  private void bad(String name, Consumer<GatewayCase> story) {
    add(name, false, story);
  }

  private void add(String name, boolean valid, Consumer<GatewayCase> story) {
    var log = new GatewayCase();
    story.accept(log);
    if (log.asked.isEmpty()) {
      log.approved();
    }
    var entries = new ArrayList<String>();
    for (long seq = 0; seq < log.acme.log().size(); seq++) {
      entries.add(log.acme.log().entry(seq).utf8());
    }
    vectors.add(
        Json.object()
            .put("name", "gateway: " + name)
            .put("request", log.asked.orElseThrow().submission().id().value())
            .put("checkpoint", log.acme.log().checkpoint())
            .putTexts("entries", entries)
            .put("valid", valid)
            .build());
  }

  private void certificates() {
    good("a certificate in force", log -> log.close(log.open(), "gateway"));
    good(
        "it closes after its certificate is over",
        log -> {
          var end = log.in(Duration.ofMinutes(5));
          var session = log.open(log.signed(until(log.certificate(), end)), "gateway");
          log.clock.advance(Duration.ofMinutes(6));
          log.close(session, "gateway");
        });
    good(
        "a certificate that somebody else signed as well",
        log -> log.open(log.gateways.certificate().signedBy(log.acme.key("next")), "gateway"));
    good(
        "two keys of one gateway",
        log -> {
          var one = log.open();
          var two = log.open(log.gateways.certificate("other"), "other");
          log.close(one, "gateway");
          log.close(two, "other");
        });
  }

  private void otherCertificates() {
    bad("a certificate of another authority", log -> log.open(log.by("next"), "gateway"));
    bad("a certificate by its own key", log -> log.open(log.by("gateway"), "gateway"));
    bad("a certificate by an approver", log -> log.open(log.by("ann"), "gateway"));
    bad(
        "for another log host",
        log -> log.open(log.signed(at(log.certificate(), ELSEWHERE)), "gateway"));
    bad(
        "for another resource",
        log -> log.open(log.signed(on(log.certificate(), "billing")), "gateway"));
    bad(
        "of another gateway",
        log -> log.open(log.signed(of(log.certificate(), "gw-2")), "gateway"));
    bad(
        "over at this moment",
        log -> log.open(log.signed(until(log.certificate(), log.clock.instant())), "gateway"));
    bad(
        "not valid before the next millisecond",
        log ->
            log.open(log.signed(from(log.certificate(), log.in(Duration.ofMillis(1)))), "gateway"));
    bad("signed with another key", log -> log.open(log.gateways.certificate(), "other"));
    bad(
        "closed with another key of the gateway",
        log -> {
          var session = log.open();
          log.open(log.gateways.certificate("other"), "other");
          log.close(session, "other");
        });
    bad(
        "the authority itself",
        log -> log.open(log.gateways.certificate("authority"), "authority"));
    bad("an approver's key", log -> log.open(log.gateways.certificate("cat"), "cat"));
    bad("the log's key", log -> log.open(log.gateways.certificate("log"), "log"));
  }

  private static GatewayCertificate until(GatewayCertificate some, Instant end) {
    return valid(some, new Window(some.validity().notBefore(), end));
  }

  private static GatewayCertificate from(GatewayCertificate some, Instant start) {
    return valid(some, new Window(start, some.validity().notAfter()));
  }

  private static GatewayCertificate valid(GatewayCertificate some, Window validity) {
    return new GatewayCertificate(
        some.gateway(), some.key(), some.logHost(), some.resources(), validity);
  }

  private static GatewayCertificate at(GatewayCertificate some, LogHost host) {
    return new GatewayCertificate(
        some.gateway(), some.key(), host, some.resources(), some.validity());
  }

  private static GatewayCertificate on(GatewayCertificate some, String resource) {
    var resources = List.of(new ResourceId(resource));
    return new GatewayCertificate(
        some.gateway(), some.key(), some.logHost(), resources, some.validity());
  }

  private static GatewayCertificate of(GatewayCertificate some, String id) {
    return new GatewayCertificate(
        new GatewayId(id), some.key(), some.logHost(), some.resources(), some.validity());
  }

  /// Certificates that we would not write, signed by the authority.
  private void malformed() {
    malformed("valid for 401 days", Map.of("notAfter", new Json.Text("2026-11-12T00:00:00Z")));
    malformed("resources that are not sorted", Map.of("resources", resources("zoo", "helpdesk")));
    malformed("a resource twice", Map.of("resources", resources("helpdesk", "helpdesk")));
    malformed("a member more", Map.of("tenant", new Json.Text("acme")));
    malformed("no version", Map.of("v", new Json.Number(0)));
    bad(
        "another kind of envelope",
        log -> {
          var payload = log.certificate().toJson();
          var other = Envelope.unsigned(GatewayRevocation.PAYLOAD_TYPE, payload);
          log.open(other.signedBy(log.acme.key("authority")), "gateway");
        });
  }

  private static Json resources(String... names) {
    return Json.array(List.of(names).stream().<Json>map(Json.Text::new).toList());
  }

  private void malformed(String name, Map<String, Json> members) {
    bad(
        name,
        log -> {
          var bent = new TreeMap<>(log.certificate().toJson().members());
          bent.putAll(members);
          var envelope = Envelope.unsigned(GatewayCertificate.PAYLOAD_TYPE, new Json.Object(bent));
          log.open(envelope.signedBy(log.acme.key("authority")), "gateway");
        });
  }

  private void revocations() {
    good(
        "another key of the gateway was revoked, twice",
        log -> {
          log.gateways.revoke("other");
          log.gateways.revoke("other");
          log.close(log.open(), "gateway");
        });
    good(
        "revoked while its session ran",
        log -> {
          var session = log.open();
          log.gateways.revoke("gateway");
          log.acme.log().append(new SessionEvent.Lost(session, "its gateway's key was revoked"));
          log.close(log.open(log.gateways.certificate("other"), "other"), "other");
        });
    bad(
        "opened after its key was revoked",
        log -> {
          log.gateways.revoke("gateway");
          log.open();
        });
    bad(
        "closed after its key was revoked",
        log -> {
          var session = log.open();
          log.gateways.revoke("gateway");
          log.close(session, "gateway");
        });
  }

  private void otherRevocations() {
    bad(
        "a revocation by an approver",
        log -> log.revoke(log.gateways.revocation("gateway"), "ann"));
    bad(
        "a revocation by the gateway",
        log -> log.revoke(log.gateways.revocation("gateway"), "gateway"));
    bad(
        "a revocation for another log host",
        log -> {
          var ours = log.gateways.revocation("gateway");
          log.revoke(
              new GatewayRevocation(ours.gateway(), ours.key(), ELSEWHERE, ours.reason()),
              "authority");
        });
  }

  private void changes() {
    good(
        "the old authority until a change takes effect",
        log -> {
          log.change(AuthorityChange.SHORTEST);
          log.clock.advance(AuthorityChange.SHORTEST.minusMillis(1));
          log.open();
        });
    good(
        "the new authority from then on, and its revocation",
        log -> {
          var change = log.gateways.change("authority", "p256", log.in(AuthorityChange.SHORTEST));
          log.change(change, "authority", "p256");
          log.clock.advance(AuthorityChange.SHORTEST);
          log.revoke(log.gateways.revocation("other"), "p256");
          log.open(log.by("p256"), "gateway");
        });
    good(
        "a change in place of another",
        log -> {
          log.change(AuthorityChange.SHORTEST);
          var third = log.gateways.change("authority", "third", log.in(AuthorityChange.LONGEST));
          log.change(third, "authority", "third");
          log.clock.advance(AuthorityChange.LONGEST);
          log.open(log.by("third"), "gateway");
        });
    changesAtTheWrongTime();
  }

  private void changesAtTheWrongTime() {
    bad(
        "the new authority too early",
        log -> {
          log.change(AuthorityChange.SHORTEST);
          log.clock.advance(AuthorityChange.SHORTEST.minusMillis(1));
          log.open(log.by("next"), "gateway");
        });
    bad(
        "the old authority too late",
        log -> {
          log.change(AuthorityChange.SHORTEST);
          log.clock.advance(AuthorityChange.SHORTEST);
          log.open();
        });
  }

  private void otherChanges() {
    bad("a change in less than 3 days", log -> log.change(Duration.ofDays(3).minusMillis(1)));
    bad("a change in more than 30 days", log -> log.change(Duration.ofDays(30).plusMillis(1)));
    bad("a change without the new authority", log -> log.change(three(log), "authority"));
    bad("a change without the old authority", log -> log.change(three(log), "next"));
    bad(
        "a change of another authority",
        log ->
            log.change(
                log.gateways.change("other", "next", log.in(Duration.ofDays(4))),
                "authority",
                "other",
                "next"));
    bad(
        "a change for another log host",
        log -> {
          var ours = three(log);
          var there =
              new AuthorityChange(ours.authority(), ELSEWHERE, ours.prev(), ours.takesEffect());
          log.change(there, "authority", "next");
        });
    bad(
        "an approver's key as the authority",
        log ->
            log.change(
                log.gateways.change("authority", "cat", log.in(Duration.ofDays(4))),
                "authority",
                "cat"));
  }

  private static AuthorityChange three(GatewayCase log) {
    return log.gateways.change("authority", "next", log.in(Duration.ofDays(3)));
  }

  private void objections() {
    good(
        "the old authority stays after an objection",
        log -> {
          log.object(log.change(AuthorityChange.SHORTEST), "ann", "cat");
          log.clock.advance(AuthorityChange.SHORTEST);
          log.open();
        });
    bad(
        "the new authority after an objection",
        log -> {
          log.object(log.change(AuthorityChange.SHORTEST), "ann", "cat");
          log.clock.advance(AuthorityChange.SHORTEST);
          log.open(log.by("next"), "gateway");
        });
    bad(
        "an objection by less than the quorum",
        log -> log.object(log.change(AuthorityChange.SHORTEST), "ann"));
    bad(
        "an objection that comes too late",
        log -> {
          var change = log.change(AuthorityChange.SHORTEST);
          log.clock.advance(AuthorityChange.SHORTEST);
          log.object(change, "ann", "cat");
        });
    bad(
        "an objection to another entry",
        log -> {
          log.change(AuthorityChange.SHORTEST);
          log.object(log.acme.pin(), "ann", "cat");
        });
    bad("an objection to nothing", log -> log.object(log.acme.pin(), "ann", "cat"));
  }
}
