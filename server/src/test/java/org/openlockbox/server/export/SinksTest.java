package org.openlockbox.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.export.Collector.Mood;

/// Two servers tell two sinks, which fail in every way they can.
final class SinksTest {
  private static final String UNDER_WAY =
      "select 1 from export_cursor where sink = 'one' and claim is not null";

  private final Collector one = new Collector();
  private final Collector two = new Collector();
  private final TestServer server =
      TestServer.telling(
          List.of(
              sink("one", one, List.of(), true),
              sink("two", two, List.of(new TenantId("globex")), false)));
  private final TestTenant acme = new TestTenant(server, "acme", 1);
  private final TestTenant globex = new TestTenant(server, "globex", 1);

  SinksTest() {
    server.startAnother();
  }

  private static EventSink sink(String name, Collector at, List<TenantId> tenants, boolean texts) {
    return new EventSink.Splunk(
        name, tenants, texts, at.url(), () -> Collector.TOKEN, texts, Optional.empty());
  }

  @AfterEach
  void close() {
    server.close();
    one.close();
    two.close();
  }

  private void happen() {
    ToldStory.happen(server, acme, List.of("select 1", "select 2"));
    ToldStory.happen(server, globex, List.of("select 3"));
    server.server(0).buildEpoch();
  }

  /// Everything of this tenant has come, in order; what came twice came before as well.
  private void hasAll(Collector collector, TestTenant tenant) {
    var expected = ToldStory.ids(server, tenant.id);
    Pause.until(
        "all of " + tenant.id,
        () -> collector.ids(tenant.id.value()).stream().distinct().count() >= expected.size());
    assertThat(collector.ids(tenant.id.value()).stream().distinct().toList()).isEqualTo(expected);
    assertThat(collector.faults()).isEmpty();
  }

  /// What fails after the clock was moved is tried again later than that.
  private void awaitNothingUnderWay() {
    Pause.until("nothing to be under way", () -> server.rows(UNDER_WAY).isEmpty());
  }

  private Fields standing(String sink) {
    return server.get("operator", "/v1/export/sinks").json().objects("sinks").stream()
        .filter(found -> found.text("sink").equals(sink))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachEventComesInOrderAndToThoseWhoAreToHaveIt() {
    happen();
    hasAll(one, acme);
    hasAll(one, globex);
    hasAll(two, globex);
    assertThat(one.ids("acme")).doesNotHaveDuplicates();
    assertThat(two.ids("acme")).isEmpty();
    assertThat(one.taken().toString()).contains("select 1");
    assertThat(two.taken().toString()).doesNotContain("select 3", "Cannot log in");
    Pause.until("nothing to wait", () -> standing("one").number("entriesWaiting") == 0);
    happen();
    hasAll(one, acme);
    assertThat(one.ids("acme")).doesNotHaveDuplicates();
    assertThat(server.get("operator", "/v1/export/sinks") + config())
        .doesNotContain(Collector.TOKEN);
  }

  private String config() {
    return sink("one", one, List.of(), true).toString();
  }

  @Test
  void aSinkThatWasDownMissesNothingAndHoldsUpNoOther() {
    for (var mood : List.of(Mood.BUSY, Mood.HANGS_UP, Mood.FORBIDS)) {
      one.be(mood);
      int before = one.taken().size();
      happen();
      hasAll(two, globex);
      Pause.until("the failure to show", () -> standing("one").has("lastError"));
      assertThat(standing("one").number("entriesWaiting")).isPositive();
      assertThat(standing("two").has("lastError")).isFalse();
      assertThat(one.taken()).hasSize(before);
      assertThat(mine("acme").has("lastError")).isFalse();
      awaitNothingUnderWay();
      one.be(Mood.WELL);
      server.pass(Duration.ofHours(24));
      hasAll(one, acme);
      hasAll(one, globex);
      Pause.until("the failure to go", () -> !standing("one").has("lastError"));
    }
  }

  /// What the tenant itself sees of the first sink.
  private Fields mine(String tenant) {
    var sinks =
        server.get(tenant + "-auditor", "/v1/tenants/%s/export/sinks".formatted(tenant)).json();
    return sinks.objects("sinks").getFirst();
  }

  @Test
  void whatWasTakenWithoutAnAnswerComesAgainUnderTheSameId() {
    one.be(Mood.FORGETS_TO_ANSWER);
    happen();
    Pause.until("the failure to show", () -> standing("one").has("lastError"));
    assertThat(one.taken()).isNotEmpty();
    awaitNothingUnderWay();
    one.be(Mood.WELL);
    server.pass(Duration.ofMinutes(5));
    // Everything may have come already, so that it is all there does not show that it came again.
    Pause.until("nothing to wait", () -> standing("one").number("entriesWaiting") == 0);
    hasAll(one, acme);
    hasAll(one, globex);
    assertThat(one.taken().size())
        .isGreaterThan(
            ToldStory.ids(server, acme.id).size() + ToldStory.ids(server, globex.id).size());
  }

  @Test
  void aSlowSinkHoldsUpNoOther() {
    one.be(Mood.SLOW);
    happen();
    hasAll(two, globex);
    one.goOn();
    hasAll(one, acme);
    hasAll(one, globex);
  }

  @Test
  void aTenantWhoseEventsAreRefusedHoldsUpNoOtherTenant() {
    one.be(Mood.DISLIKES_ACME);
    happen();
    hasAll(one, globex);
    assertThat(one.ids("acme")).isEmpty();
    Pause.until(
        "the refusal to show",
        () ->
            standing("one").optionalText("lastError").filter(e -> e.contains("acme")).isPresent());
    awaitNothingUnderWay();
    one.be(Mood.WELL);
    server.pass(Duration.ofMinutes(5));
    hasAll(one, acme);
  }

  @Test
  void whatADeadServerHadClaimedIsToldByAnother() {
    one.be(Mood.BUSY);
    happen();
    Pause.until("the failure to show", () -> standing("one").has("lastError"));
    awaitNothingUnderWay();
    server.execute(
        """
        update export_cursor set claim = 1, claimed_until = '%s'
         where next_seq < known_size and tenant_id = 'acme'
        """
            .formatted(server.clock.get().plusSeconds(400)));
    one.be(Mood.WELL);
    server.pass(Duration.ofSeconds(399));
    happen();
    hasAll(one, globex);
    assertThat(one.ids("acme")).as("claimed by another").isEmpty();
    server.pass(Duration.ofSeconds(2));
    hasAll(one, acme);
    hasAll(one, globex);
  }
}
