package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;

/// Server and gateway as two processes, `lockbox up` each, over the state of a killed demo, with a
/// catalogue that asks for the provider's second person; then the log breaks, then the server goes.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApartTest {
  private static final String PURPOSE =
      " --for PT30M --purpose customer_ticket --ticket SUP-1 --reason 'Cannot log in' -o json";

  /// How long a session may hold, and some more for a busy machine.
  private static final Duration HOLD_AND_END = Duration.ofSeconds(50);

  private final Demo demo = Demo.start("apart");
  private final Terminal engineer = demo.terminal("engineer");
  private final Terminal approver = demo.terminal("acme-approver");
  private String approved = "";
  private Typed server = demo.program();
  private Typed gateway = demo.program();

  @BeforeAll
  void startApart() throws IOException {
    approved = demo.askAndApprove("acme", "masked", "--for PT1H");
    demo.kill();
    String config = Files.readString(demo.state().resolve("lockbox.yaml"));
    int at = config.indexOf("\ngateway:\n");
    String resources = Files.readString(demo.state().resolve("resources.yaml"));
    String alone = config.substring(0, at).replace("resources.yaml", "changed.yaml");
    String lasting =
        "  wrappingKey: lockbox.yaml.wrapping-key\n  signedHeads: lockbox.yaml.heads\n  logKey:";
    write("server.yaml", alone.replace("  logKey:", lasting));
    String held = config.substring(at).replace("\ngateway:\n", "\ngateway:\n  hold: PT20S\n");
    write("gateway.yaml", "resources: resources.yaml\n" + held);
    int entry = resources.indexOf("  - id: helpdesk\n");
    String reviewed = resources.substring(entry).replace("Review: false", "Review: true");
    String brief =
        resources
            .substring(entry, resources.indexOf("  - id: helpdesk-api\n"))
            .replace("id: helpdesk\n", "id: brief\n")
            .replace("Within: PT12H", "Within: PT1S");
    write("changed.yaml", resources.substring(0, entry) + brief + reviewed);
    server = demo.terminal("operator").begins("exec lockbox up --config ../server.yaml");
    server.prints("lockbox is up");
    gateway = demo.terminal("operator").begins("exec lockbox up --config ../gateway.yaml");
    gateway.prints("lockbox is up");
  }

  private void write(String name, String text) throws IOException {
    Path file = demo.state().resolve(name);
    Files.writeString(file, text);
  }

  @AfterAll
  void stop() {
    gateway.close();
    server.close();
    demo.close();
  }

  @Test
  @Order(1)
  void aGrantOutlivesTheProcessThatGaveIt() {
    assertThat(engineer.types("lockbox psql " + approved + " -- -At -c 'select 1'").ok())
        .isEqualTo("1\n");
  }

  @Test
  @Order(2)
  void theProvidersSecondPersonLooksFirst() {
    String id = ask("helpdesk");
    engineer
        .types("lockbox psql " + id + " -- -c 'select 1'")
        .ends(5)
        .says("waiting for the provider's second person");
    Answer early = approver.types("lockbox approve " + id + " --key acme-approver.key");
    assertThat(early.exit()).as(early::toString).isNotZero();
    engineer.types("lockbox review " + id + " --approve").ends(5);
    demo.terminal("reviewer").types("lockbox review " + id + " --approve").ends(0);
    approver.types("lockbox approve " + id + " --key acme-approver.key").ends(0);
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(0);
  }

  @Test
  @Order(3)
  void nobodyApprovesWhatLapsed() throws Exception {
    String id = ask("brief");
    try (Api api = SignedApproval.as(demo, "acme-approver")) {
      var approval = SignedApproval.prepare(api, "acme", id, "acme-approver");
      Pause.until(
          "the request lapses",
          Duration.ofSeconds(20),
          () -> api.get("/v1/requests/" + id).json().text("state").equals("lapsed"));
      var reply = approval.send(approval.decision(), demo.key("acme-approver.key"));
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.code()).isEqualTo("lapsed");
    }
    approver.types("lockbox approve " + id + " --key acme-approver.key").ends(6).says("lapsed");
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(6).says("lapsed");
  }

  @Test
  @Order(4)
  void withoutALogNothingComesBack() throws Exception {
    try (Typed psql = live()) {
      control("alter table log_batch add constraint disk_full check (first_seq < 0) not valid");
      try {
        psql.types("select 'released' || 1;");
        Answer ended = psql.ends(HOLD_AND_END);
        assertThat(ended.out()).doesNotContain("released1");
        ended.says("FATAL", "nothing may be shown");
      } finally {
        control("alter table log_batch drop constraint disk_full");
      }
    }
    assertThat(engineer.types("lockbox psql " + approved + " -- -At -c 'select 2'").ok())
        .isEqualTo("2\n");
  }

  @Test
  @Order(5)
  void withoutTheServerSessionsHoldThenEndAndNoneBegins() {
    engineer.types("lockbox connect " + approved + " env > login.sh").ends(0);
    try (Typed psql = live()) {
      server.signal("KILL");
      server.ends();
      Instant gone = Instant.now();
      engineer.types("lockbox psql " + approved + " -- -c 'select 1'").ends(8);
      Answer refused = engineer.types(". ./login.sh; psql -At -c \"select 'in' || 1\"");
      assertThat(refused.exit()).as(refused::toString).isEqualTo(2);
      assertThat(refused.out()).isEmpty();
      psql.types("select 'released' || 1;");
      Answer ended = psql.ends(HOLD_AND_END);
      assertThat(ended.out()).doesNotContain("released1");
      ended.ends(2).says("FATAL", "the gateway has lost the control plane");
      assertThat(psql.ended()).as("it held for a while first").isAfter(gone.plusSeconds(5));
    }
    Pause.until("its role is gone", Duration.ofSeconds(5), this::noSessionRoles);
  }

  private boolean noSessionRoles() throws SQLException {
    try (var helpdesk = demo.helpdesk();
        var statement = helpdesk.createStatement();
        var rows =
            statement.executeQuery("select 1 from pg_roles where rolname like 'lb\\_s\\_%'")) {
      return !rows.next();
    }
  }

  /// A psql that is connected and waits for what is typed next.
  private Typed live() {
    Typed psql = engineer.begins("lockbox psql " + approved + " -- -At");
    return psql.types("select 'up' || 1;").prints("up1");
  }

  private void control(String sql) throws SQLException {
    try (var control = demo.control();
        var statement = control.createStatement()) {
      statement.execute(sql);
    }
  }

  private String ask(String resource) {
    return engineer
        .types(
            "lockbox request create --tenant acme --resource "
                + resource
                + " --level masked"
                + PURPOSE)
        .json()
        .text("id");
  }
}
