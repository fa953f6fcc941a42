package org.openlockbox.e2e;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.PostgresUrl;
import org.openlockbox.e2e.harness.Steady;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.e2e.harness.Verifiers;
import org.openlockbox.node.process.Ports;

/// `lockbox gateway`, typed: a second gateway is added to the demo, renewed and revoked while two
/// tenants' sessions run through the first one; then what is refused, and another authority.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GatewayComesAndGoesTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String ENROLL =
      "lockbox gateway enroll %s --authority %s --log-host lockbox.demo --resource helpdesk";

  /// How long a lease lasts: nothing is released later.
  private static final Duration WITHIN = Duration.ofSeconds(1);

  private final Demo demo = Demo.start("gateways");
  private final Terminal operator = demo.terminal("operator");
  private final Terminal engineer = demo.terminal("engineer");
  private final Terminal auditor = demo.terminal("acme-auditor");
  private final int port = Ports.free();
  private Typed second = demo.program();

  @BeforeAll
  void configureTheSecondGateway() throws IOException {
    String config = Files.readString(demo.state().resolve("lockbox.yaml"));
    String own =
        config
            .substring(config.indexOf("\ngateway:\n"))
            .replace("id: gw-1", "id: gw-2")
            .replace("127.0.0.1:" + demo.port("gateway"), "127.0.0.1:" + port)
            .replace("127.0.0.1:" + demo.port("http"), "127.0.0.1:" + Ports.free())
            .replace("127.0.0.1:" + demo.port("checks"), "127.0.0.1:" + Ports.free())
            .replace("keys/gw-1.key", "desk/gw-2.key")
            .replace("keys/gw-1.cert", "desk/gw-2.cert")
            .replace("keys/gw-1.token", "desk/gw-2.token");
    Files.writeString(demo.state().resolve("gateway-2.yaml"), "resources: resources.yaml\n" + own);
  }

  @AfterAll
  void stop() {
    second.close();
    demo.close();
  }

  private Typed startSecond() {
    return operator.begins("exec lockbox up --config ../gateway-2.yaml");
  }

  private PostgresUrl url(String id, int at) {
    String printed = engineer.types("lockbox connect " + id + " url").ok();
    return PostgresUrl.of(printed.replace(":" + demo.port("gateway") + "/", ":" + at + "/"));
  }

  private String state(String gateway) {
    return operator
        .types(
            "lockbox gateway ls -o json | jq -r '.gateways[] | select(.gateway == \"%s\").state'"
                .formatted(gateway))
        .ok()
        .strip();
  }

  /// The types of the entries of this tenant's log.
  private List<String> types(String tenant) {
    return demo.terminal(tenant + "-approver")
        .types(
            "lockbox log --tenant %s -o json | jq -r '.entry | @base64d | fromjson | .type'"
                .formatted(tenant))
        .ok()
        .lines()
        .toList();
  }

  private String revoke(String what, String authority) {
    return "lockbox gateway revoke %s --authority %s --reason 'its host was lost'"
        .formatted(what, authority);
  }

  @Test
  @Order(1)
  void aGatewayComesIsRenewedAndGoesWhileTwoTenantsWorkThroughAnother() throws Exception {
    var verifiers = new Verifiers(auditor);
    String pin = auditor.types("lockbox tenant show acme --pin").ok().strip();
    String acme = demo.askAndApprove("acme", "masked", "--for PT1H");
    String globex = demo.askAndApprove("globex", "masked", "--for PT1H");
    try (var first = Steady.lasting("acme", url(acme, demo.port("gateway")));
        var other = Steady.lasting("globex", url(globex, demo.port("gateway")))) {
      first.readsOn(10);
      export(acme, "before.zip");

      enrollAndStart();
      try (var through = Steady.lasting("through", url(acme, port))) {
        through.readsOn(1);
        through.stop();
      }
      renew();
      try (var running = Steady.once("second", url(acme, port))) {
        running.readsOn(10);
        export(acme, "between.zip");
        revokeUnder(running, acme);
      }
      first.readsOn(20);
      other.readsOn(20);
      first.stop();
      other.stop();
      if (!demo.lostTheLease()) {
        assertThat(first.breaks() + other.breaks()).as("sessions that ended").isZero();
      }
      export(acme, "after.zip");
      first.allIn(auditor.types("lockbox verify after.zip --pin " + pin).ok());
    }
    for (var bundle : List.of("before.zip", "between.zip", "after.zip")) {
      verifiers.allEnd(0, bundle, pin);
    }
    auditor.types("lockbox watch acme --pin " + pin).ends(0).says("nothing is wrong: ");
    tenantsHaveSignedNothing();
  }

  private void export(String id, String file) {
    auditor.types("lockbox evidence " + id + " --out " + file).ends(0);
  }

  private void enrollAndStart() {
    operator.types(ENROLL.formatted("gw-2", "authority.key")).ends(0);
    operator
        .types(
            "umask 077; lockbox token new --config ../lockbox.yaml --role gateway --subject gw-2"
                + " --name 'Gateway 2' > gw-2.token")
        .ends(0);
    second = startSecond();
    second.prints("lockbox is up");
    assertThat(state("gw-1")).isEqualTo("running");
    assertThat(state("gw-2")).isEqualTo("running");
  }

  /// The running gateway takes the new file by itself.
  private void renew() {
    String until =
        "lockbox gateway ls -o json | jq -r '.gateways[] | select(.gateway == \"gw-2\").notAfter'";
    String before = operator.types(until).ok();
    operator.types("lockbox gateway renew gw-2.cert --authority authority.key --days 90").ends(0);
    Pause.until(
        "the renewed certificate is shown", SOON, () -> !operator.types(until).ok().equals(before));
  }

  private void revokeUnder(Steady running, String id) {
    operator.types(revoke("gw-2.cert", "authority.key")).ends(0).says("revoke its token as well");
    Instant revoked = Instant.now();
    assertThat(running.ended(SOON))
        .containsAnyOf(
            "no longer accepts this gateway's certificate",
            "the record of this session cannot be written"); // of a statement on its way
    assertThat(running.last()).as("the last result").isBefore(revoked.plus(WITHIN));
    assertThat(state("gw-2")).isEqualTo("revoked");
    String key =
        "lockbox gateway ls -o json | jq -r '.gateways[]|select(.gateway==\"gw-2\").keys[0]'";
    String named = "gw-2 --key $(%s) --log-host lockbox.demo".formatted(key);
    assertThat(operator.types(revoke(named, "authority.key")).ok()).contains("was revoked before");
    engineer
        .types("psql '%s' -c 'select 1'".formatted(url(id, port).uri()))
        .ends(2)
        .says("the gateway holds no lease");
    Pause.until(
        "both logs are told",
        SOON,
        () ->
            types("acme").contains("gateway-revoke") && types("globex").contains("gateway-revoke"));
    second.close();
    refusesToStart("the gateway's key was revoked");
    operator.types("lockbox gateway renew gw-2.cert --authority authority.key").ends(0);
    refusesToStart("the gateway's key was revoked");
  }

  private void refusesToStart(String why) {
    startSecond()
        .ends()
        .ends(1)
        .says("refuses the certificate of gateway gw-2", why, "lockbox gateway renew");
  }

  private void tenantsHaveSignedNothing() {
    for (var tenant : List.of("acme", "globex")) {
      assertThat(types(tenant))
          .containsOnlyOnce("genesis", "gateway-revoke")
          .doesNotContain(
              "key-add", "key-remove", "settings", "policy", "gateway-authority-object");
    }
  }

  @Test
  @Order(2)
  void whatIsRefusedIsRefusedClearly() throws Exception {
    operator.types("lockbox key new other.key").ends(0);
    operator.types(ENROLL.formatted("gw-3", "other.key")).ends(0);
    operator.types(ENROLL.formatted("gw-3", "other.key")).ends(2).says("exists already");
    operator
        .types(revoke("gw-3.cert", "other.key"))
        .ends(1)
        .says(
            "not signed by the gateway authority",
            "hint: sign with the key of the gateway authority");
    operator
        .types(revoke("gw-3.cert", "none.key"))
        .ends(2)
        .says("there is no key file none.key", "hint: ");
    operator
        .types(revoke("gw-7", "authority.key"))
        .ends(2)
        .says("no certificate file gw-7", "name the key and the log host");
    operator
        .types("lockbox gateway renew gw-3.cert --authority authority.key")
        .ends(2)
        .says("was signed by another gateway authority");
    operator
        .types("lockbox gateway revoke gw-3.cert --authority authority.key")
        .ends(2)
        .says("--reason");
    for (var who : List.of(engineer, auditor, demo.terminal("acme-approver"))) {
      who.types("lockbox gateway ls").ends(5);
      who.types(revoke("gw-3.cert", "authority.key")).ends(5);
    }
    startsOnlyWithACertificateInForce();
  }

  private void startsOnlyWithACertificateInForce() throws IOException {
    operator.types("rm -f gw-2.key gw-2.cert").ends(0);
    operator.types(ENROLL.formatted("gw-2", "other.key")).ends(0);
    refusesToStart("not signed by the gateway authority");
    operator.types("rm gw-2.cert").ends(0);
    certify(Instant.now().minus(Duration.ofDays(300)), Instant.now().minus(Duration.ofDays(1)));
    refusesToStart("is not valid at this time");
    operator.types("lockbox gateway renew gw-2.cert --authority authority.key").ends(0);
    second = startSecond();
    second.prints("lockbox is up");
    assertThat(state("gw-2")).isEqualTo("running");
  }

  /// As `lockbox gateway enroll` would have done some time ago.
  private void certify(Instant from, Instant until) throws IOException {
    Path key = demo.desk().resolve("gw-2.key");
    var certificate =
        new GatewayCertificate(
                new GatewayId("gw-2"),
                KeyFile.parse(Files.readString(key)).key(),
                new LogHost("lockbox.demo"),
                List.of(new ResourceId("helpdesk")),
                new Window(from.truncatedTo(SECONDS), until.truncatedTo(SECONDS)))
            .unsigned()
            .signedBy(KeyFile.parse(Files.readString(demo.key("authority.key"))));
    String text = CanonicalJson.text(certificate.toJson()) + "\n";
    Files.writeString(demo.desk().resolve("gw-2.cert"), text);
  }

  @Test
  @Order(3)
  void anotherAuthorityFollowsAndATenantObjects() {
    String handover =
        "lockbox gateway handover --from %s --to authority-2.key --log-host lockbox.demo --in %s";
    operator.types("lockbox key new authority-2.key").ends(0);
    operator
        .types(handover.formatted("other.key", "P7D"))
        .ends(1)
        .says("does not follow the authority in force");
    operator.types(handover.formatted("authority.key", "P1D")).ends(1).says("less than 73 hours");
    operator.types(handover.formatted("authority.key", "P40D")).ends(1).says("72 hours to 30 days");
    engineer.types(handover.formatted("authority.key", "P7D")).ends(5);
    Terminal approver = demo.terminal("acme-approver");
    String object = "lockbox gateway object --tenant acme --key acme-approver.key";
    approver.types(object).ends(1).says("no other gateway authority is to follow");
    assertThat(operator.types(handover.formatted("authority.key", "PT73H")).ok())
        .contains("takes effect");
    Pause.until("acme is told", SOON, () -> types("acme").contains("gateway-authority"));
    assertThat(approver.types(object).ok()).contains("the old gateway authority stays");
    approver.types(object).ends(1).says("no other gateway authority is to follow");
    assertThat(types("acme")).contains("gateway-authority-object");
    operator.types(ENROLL.formatted("gw-4", "authority.key")).ends(0);
    String renew = "lockbox gateway renew gw-4.cert --authority authority.key";
    operator.types(renew + " --authority authority-2.key").ends(0);
  }
}
