package org.openlockbox.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import tools.jackson.databind.json.JsonMapper;

/// Events as syslog over TLS, received by rsyslog.
final class SyslogTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static EventSink sink(Rsyslog at, String host) {
    return new EventSink.Syslog(
        "siem", List.of(), true, host, at.port, Optional.of(at.ca()), EventSink.Syslog.EXAMPLE);
  }

  private static List<String> ids(Rsyslog rsyslog) {
    return rsyslog.told().stream()
        .map(message -> JSON.readTree(message.getLast()).at("/metadata/uid").asString())
        .distinct()
        .toList();
  }

  private static boolean fails(TestServer server) {
    return server
        .get("operator", "/v1/export/sinks")
        .json()
        .objects("sinks")
        .getFirst()
        .has("lastError");
  }

  @Test
  void everyEventIsAMessageThatRsyslogUnderstandsAlsoAfterItWasDown() {
    try (var rsyslog = new Rsyslog();
        var server = TestServer.telling(List.of(sink(rsyslog, "localhost")))) {
      rsyslog.start();
      var acme = new TestTenant(server, "acme", 1);
      ToldStory.happen(server, acme, List.of("select 'é\n]\"' from customers", "y".repeat(7000)));
      server.server(0).buildEpoch();
      var first = ToldStory.ids(server, acme.id);
      Pause.until("the first story", () -> ids(rsyslog).size() >= first.size());
      assertThat(ids(rsyslog)).isEqualTo(first);
      assertThat(rsyslog.told()).allSatisfy(SyslogTest::isOurs);
      rsyslog.stop();
      ToldStory.happen(server, acme, List.of("select 3"));
      server.server(0).buildEpoch();
      Pause.until("the failure to show", () -> fails(server));
      rsyslog.start();
      server.pass(Duration.ofHours(24));
      var all = ToldStory.ids(server, new TenantId("acme"));
      Pause.until("the rest", () -> ids(rsyslog).size() >= all.size());
      assertThat(ids(rsyslog)).isEqualTo(all);
    }
  }

  private static void isOurs(List<String> message) {
    assertThat(message).hasSize(7);
    assertThat(message.get(0)).isIn("108", "109", "110");
    assertThat(message.get(2)).isEqualTo("log.example");
    assertThat(message.get(3)).isEqualTo("lockbox");
    var event = JSON.readTree(message.get(6));
    assertThat(message.get(4)).isEqualTo(event.at("/metadata/event_code").asString());
    assertThat(message.get(5))
        .startsWith("[lockbox@32473 tenant=\"acme\" event=\"")
        .contains(" sha256=\"" + event.at("/raw_data_hash/value").asString() + "\"");
  }

  @Test
  void aReceiverWithAnothersCertificateIsToldNothing() {
    try (var rsyslog = new Rsyslog();
        var server = TestServer.telling(List.of(sink(rsyslog, "127.0.0.1")))) {
      rsyslog.start();
      ToldStory.happen(server, new TestTenant(server, "acme", 1), List.of("select 1"));
      server.server(0).buildEpoch();
      Pause.until("the failure to show", () -> fails(server));
      assertThat(rsyslog.told()).isEmpty();
    }
  }
}
