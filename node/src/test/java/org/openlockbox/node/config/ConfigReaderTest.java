package org.openlockbox.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.check.caller.CheckCaller;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.service.GatewaySettings;
import org.openlockbox.server.log.memory.SigningMemory;

class ConfigReaderTest {
  private static final String WHOLE =
      """
      resources: resources.yaml
      server:
        listen: 127.0.0.1:8420
        url: https://lockbox.example
        logHost: lockbox.example
        logKey: log.key
        provider: {name: Example Ltd}
        database: {url: "jdbc:postgresql://db/lockbox", user: lockbox, password: {file: password}}
        mail: {host: mail.example, port: 587, from: lockbox@lockbox.example}
        gatewayAddress: gateway.example:5432
        gatewayCa: ca.pem
        gatewayAuthority: authority.pub
        export:
          - {name: siem, texts: true, ca: ca.pem, syslog: {tls: "siem.example:6514"}}
          - {name: acme, tenants: [acme], splunk: {url: "https://hec.example", token: {file: password}}}
      gateway:
        id: gw-1
        listen: 0.0.0.0:5432
        key: gw.key
        certificate: gw.cert
        tls: {certificate: ca.pem, key: gw.key}
        server: {url: "https://lockbox.example", token: {env: LOCKBOX_GATEWAY_TOKEN}}
        databasePasswords: {helpdesk: {file: password}}
        alarms: [{tenant: acme, url: "https://soc.acme.example/lockbox", secret: {file: password}}]
      """;

  private static final String RESOURCES =
      """
      resources:
        - id: helpdesk
          name: Helpdesk database
          postgres: {host: db.example, database: helpdesk}
          tenancy: {column: tenant_id, values: {acme: 1}}
          levels: [masked]
          tables: {customers: {}}
      """;

  @TempDir Path directory;

  @BeforeEach
  void writeWhatTheConfigurationNames() throws IOException {
    for (String name :
        new String[] {"log.key", "ca.pem", "authority.pub", "gw.cert", "gw.key", "password"}) {
      Files.writeString(directory.resolve(name), "secret\n");
    }
    Files.writeString(directory.resolve("resources.yaml"), RESOURCES);
  }

  @Test
  void aWholeConfigurationIsReadWithPathsRelativeToTheFile() throws IOException {
    var config = read(WHOLE);

    assertThat(config.server()).isPresent();
    assertThat(config.gateway()).isPresent();
    assertThat(config.server().get().log().key()).isEqualTo(directory.resolve("log.key"));
    assertThat(config.catalogue().resources()).hasSize(1);
  }

  @Test
  void whatTheServerWritesLiesInTheStateDirectoryOrBesideTheFile() throws IOException {
    var beside = read(WHOLE).server().orElseThrow();
    assertThat(beside.log().signedHeads())
        .isEqualTo(new SigningMemory.Directory(directory.resolve("lockbox.yaml.heads")));
    assertThat(beside.log().wrappingKey())
        .isEqualTo(directory.resolve("lockbox.yaml.wrapping-key"));

    var apart = read("state: /var/lib/lockbox\n" + WHOLE).server().orElseThrow();
    assertThat(apart.log().signedHeads())
        .isEqualTo(new SigningMemory.Directory(Path.of("/var/lib/lockbox/heads")));
    assertThat(apart.log().wrappingKey()).isEqualTo(Path.of("/var/lib/lockbox/wrapping-key"));

    var named = WHOLE.replace("logKey: log.key", "logKey: log.key\n  signedHeads: signed");
    assertThat(read("state: /var/lib/lockbox\n" + named).server().orElseThrow().log().signedHeads())
        .isEqualTo(new SigningMemory.Directory(directory.resolve("signed")));
  }

  private String program(String word) throws IOException {
    var config = read(WHOLE.replace("logHost:", "program: %s\n  logHost:".formatted(word)));
    return config.server().orElseThrow().web().program();
  }

  @Test
  void commandsBeginWithANameOrAPath() throws IOException {
    assertThat(read(WHOLE).server().orElseThrow().web().program()).isEqualTo("lockbox");
    assertThat(program("./lockbox")).isEqualTo("./lockbox");
    for (var wrong : new String[] {"'lockbox; rm'", "'$(x)'", "'a b'", "''"}) {
      assertThatThrownBy(() -> program(wrong)).hasMessageContaining("program");
    }
  }

  private NodeConfig remembering(String memory) throws IOException {
    return read(WHOLE.replace("logKey: log.key", "logKey: log.key\n  signedHeads: " + memory));
  }

  @Test
  void aMemoryThatServersShareIsATableOrABucket() throws IOException {
    var table =
        remembering(
            "{postgres: {url: 'jdbc:postgresql://m/lockbox', user: u, password: {env: PW}}}");
    assertThat(table.server().orElseThrow().log().signedHeads())
        .isInstanceOf(SigningMemory.Table.class)
        .hasToString("jdbc:postgresql://m/lockbox as u");
    var keys = "region: eu-central-1, accessKey: {env: KEY}, secretKey: {env: SECRET}";
    var bucket = remembering("{s3: {url: 'https://s3.example', bucket: memory, " + keys + "}}");
    assertThat(bucket.server().orElseThrow().log().signedHeads())
        .isInstanceOf(SigningMemory.ObjectBucket.class)
        .hasToString("https://s3.example/memory/");
    assertThatThrownBy(() -> remembering("{}")).hasMessageContaining("name a directory, or");
    assertThatThrownBy(
            () -> remembering("{s3: {url: 'http://s3.example', bucket: memory, " + keys + "}}"))
        .hasMessageContaining("use https");
    assertThatThrownBy(
            () ->
                remembering(
                    "{s3: {url: 'https://s3.example', bucket: memory, prefix: /x, " + keys + "}}"))
        .hasMessageContaining("signedHeads.s3.prefix: must match");
    assertThatThrownBy(() -> remembering("{postgres: {url: 'jdbc:postgresql://m/l', user: u}}"))
        .hasMessageContaining("password");
  }

  private NodeConfig traced(String tracing) throws IOException {
    return read(WHOLE + "tracing: {" + tracing + "}\n");
  }

  @Test
  void tracesGoToACollectorThatIsNamed() throws IOException {
    assertThat(read(WHOLE).tracing()).isEmpty();
    var part = traced("endpoint: 'https://otel.example:4318'").tracing().orElseThrow();
    assertThat(part.endpoint()).hasToString("https://otel.example:4318/v1/traces");
    assertThat(part.sample()).isEqualTo(0.1);
    var other = traced("endpoint: 'http://localhost:9999/in/traces', sample: 1");
    assertThat(other.tracing().orElseThrow().endpoint().getPath()).isEqualTo("/in/traces");
    for (String sample : new String[] {"0", "1.01", "-1", "NaN", "all"}) {
      assertThatThrownBy(() -> traced("endpoint: 'https://o.example', sample: " + sample))
          .hasMessageContaining("tracing.sample: must be above 0");
    }
    assertThatThrownBy(() -> traced("endpoint: 'http://otel.example:4318'"))
        .hasMessageContaining("use https");
    assertThatThrownBy(() -> traced("endpoint: 'https://u:p@otel.example'"))
        .hasMessageContaining("a token is named by token");
    assertThatThrownBy(() -> traced("sample: 1")).hasMessageContaining("endpoint");
  }

  @Test
  void theHoldOfSessionsIsADurationThatTheServerOutwaits() throws IOException {
    assertThat(read(WHOLE).gateway().orElseThrow().sessions().hold()).isEmpty();
    assertThat(LiveSessions.SessionLimits.STANDARD.hold()).hasSeconds(60);
    assertThat(read(WHOLE + "  hold: PT90S\n").gateway().orElseThrow().sessions().hold())
        .contains(Duration.ofSeconds(90));
    for (String hold : new String[] {"PT0S", "PT2M1S", "-PT5S"}) {
      assertThatThrownBy(() -> read(WHOLE + "  hold: " + hold + "\n"))
          .isInstanceOf(NodeFailure.class)
          .hasMessageContaining("must be between PT1S and PT2M");
    }
  }

  @Test
  void aRegionIsAShortLowerCaseLabel() throws Exception {
    assertThat(read(WHOLE).gateway().orElseThrow().region()).isEmpty();
    assertThat(read(WHOLE + "  region: eu-central-1\n").gateway().orElseThrow().region())
        .contains(new Region("eu-central-1"));
    for (String region : new String[] {"Frankfurt", "eu_central", "'<b>'", "e".repeat(41)}) {
      assertThatThrownBy(() -> read(WHOLE + "  region: " + region + "\n"))
          .as(region)
          .hasMessageContaining("region")
          .hasMessageContaining("eu-central-1");
    }
  }

  @Test
  void sinksAreReadAndTheirTokensAreNot() throws IOException {
    var sinks = read(WHOLE).server().orElseThrow().notifications().sinks();
    assertThat(sinks).extracting(NodeConfig.SinkSettings::name).containsExactly("siem", "acme");
    assertThat(sinks.getFirst().syslog().orElseThrow().receiver()).hasToString("siem.example:6514");
    assertThat(sinks.getLast().tenants()).containsExactly("acme");
    assertThat(sinks.toString()).doesNotContain("secret\n");
  }

  private static final String SERVICE =
      """
        - id: api
          name: API
          http: {upstream: 'https://api.internal', memory: %s}
          tenancy: {path: {acme: acme}}
          levels: [read]
          routes:
            all: {method: GET, path: '/{tenant}', level: read}
      """;

  private void list(String service) throws IOException {
    Files.writeString(directory.resolve("resources.yaml"), RESOURCES + service);
  }

  @Test
  void aServiceThatSpeaksHttpNeedsAnAddress() throws IOException {
    list(SERVICE.formatted("helpdesk"));
    String listens = WHOLE + "  http: {listen: 127.0.0.1:8443}\n";
    assertThatThrownBy(() -> read(listens))
        .hasMessageContaining("'server.httpGatewayAddress' is needed");
    var config =
        read(
            listens.replace("  gatewayCa:", "  httpGatewayAddress: gw.example:8443\n  gatewayCa:"));
    assertThat(config.services()).hasSize(1);
    assertThat(config.server().orElseThrow().gateways().usual().http().orElseThrow())
        .hasToString("gw.example:8443");
    assertThat(config.gateway().orElseThrow().http().orElseThrow().idle()).hasMinutes(15);
  }

  private static String regions(String... each) {
    return WHOLE.replace(
        "  gatewayCa:", "  regions: [" + String.join(", ", each) + "]\n  gatewayCa:");
  }

  @Test
  void eachRegionHasAddressesOfItsOwn() throws IOException {
    list(SERVICE.formatted("helpdesk"));
    var read =
        read(
            regions(
                    "{name: eu-1, gatewayAddress: 'gw.eu:6432', httpGatewayAddress: 'gw.eu:8443'}",
                    "{name: us-1, gatewayAddress: 'gw.us:6432', resources: [helpdesk]}")
                .replace("  gatewayAddress: gateway.example:5432\n", ""));
    var gateways = read.server().orElseThrow().gateways();
    assertThat(gateways.leadingTo(new ResourceId("helpdesk")))
        .extracting(region -> region.name().value())
        .containsExactly("eu-1", "us-1");
    assertThat(gateways.leadingTo(new ResourceId("api")))
        .extracting(region -> region.addresses().http().orElseThrow().toString())
        .containsExactly("gw.eu:8443");
  }

  @Test
  void aRegionThatLeadsNowhereIsRefused() throws IOException {
    list(SERVICE.formatted("helpdesk"));
    String eu = "{name: eu-1, gatewayAddress: 'gw.eu:6432'%s}";
    assertThatThrownBy(() -> read(regions("{name: eu-1}")))
        .hasMessageContaining("eu-1 has neither gatewayAddress nor httpGatewayAddress");
    assertThatThrownBy(() -> read(regions("{name: EU, gatewayAddress: 'gw.eu:6432'}")))
        .hasMessageContaining("a region is 1 to 40 lower-case letters");
    assertThatThrownBy(() -> read(regions(eu.formatted(""), eu.formatted(""))))
        .hasMessageContaining("eu-1 stands twice");
    assertThatThrownBy(() -> read(regions(eu.formatted(", resources: [crm]"))))
        .hasMessageContaining("no gateway leads to crm");
    assertThatThrownBy(() -> read(regions(eu.formatted(", resources: [api]"))))
        .hasMessageContaining("api speaks HTTP: httpGatewayAddress is needed");
    assertThatThrownBy(() -> read(regions(eu.formatted(""))))
        .hasMessageContaining("api, which speaks HTTP: 'server.httpGatewayAddress' is needed");
    assertThatThrownBy(
            () ->
                read(
                    regions("{name: eu-1, httpGatewayAddress: 'gw.eu:8443'}")
                        .replace("  gatewayAddress: gateway.example:5432\n", "")))
        .hasMessageContaining("helpdesk, a database: 'server.gatewayAddress' is needed");
  }

  @Test
  void aServiceThatTakesAssertionsNeedsAKeyOnTheGateway() throws IOException {
    list(SERVICE.formatted("helpdesk, assertion: {}"));
    String listens =
        WHOLE.replace("  gatewayCa:", "  httpGatewayAddress: gw.example:8443\n  gatewayCa:")
            + "  http: {listen: 127.0.0.1:8443%s}\n";
    assertThatThrownBy(() -> read(listens.formatted("")))
        .hasMessageContaining("api takes assertions: 'gateway.http.assertionKeys' is needed");
    assertThatThrownBy(() -> read(listens.formatted(", assertionKeys: [lost.key]")))
        .hasMessageContaining("assertionKeys: there is no file");
    var config = read(listens.formatted(", assertionKeys: [gw.key]"));
    assertThat(config.gateway().orElseThrow().http().orElseThrow().assertionKeys())
        .containsExactly(directory.resolve("gw.key"));
    assertThatThrownBy(() -> GatewaySettings.assertionKeys(List.of(directory.resolve("gw.key"))))
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("gw.key: no PUBLIC KEY block");
  }

  @Test
  void theMemoryOfAServiceIsADatabaseOfTheCatalogueAndIdsAreApart() throws IOException {
    list(SERVICE.formatted("elsewhere"));
    assertThatThrownBy(() -> read(WHOLE))
        .hasMessageContaining("api: http.memory must name a database of this file");
    list(SERVICE.formatted("helpdesk").replace("id: api", "id: helpdesk"));
    assertThatThrownBy(() -> read(WHOLE)).hasMessageContaining("two resources have the same id");
  }

  private static final String CHECKED =
      """
        - id: %1$s
          name: Office
          check: {memory: helpdesk, url: 'https://office.example', resource: %2$s}
          tenancy: {ids: {acme: [acme]}}
          levels: [read]
          actions: {list: {level: read}}
      """;

  private static String caller(String more) {
    return WHOLE
        + """
            check:
              listen: 127.0.0.1:8444
              url: 'https://checks.example:8444'
              callers:
                - {name: office, %s, secretSha256: "%s", resources: [office]}
          """
            .formatted(more, "ab".repeat(32));
  }

  @Test
  void aCallerSaysWhatItIsAndMayNameItsTenants() throws IOException {
    list(CHECKED.formatted("office", "record"));
    CheckCaller all =
        read(caller("kind: service"))
            .gateway()
            .orElseThrow()
            .check()
            .orElseThrow()
            .callers()
            .getFirst();
    assertThat(all.kind()).isEqualTo(CheckCaller.CallerKind.SERVICE);
    assertThat(all.asksAbout(new TenantId("globex"))).isTrue();
    CheckCaller some =
        read(caller("kind: proxy, tenants: [acme]"))
            .gateway()
            .orElseThrow()
            .check()
            .orElseThrow()
            .callers()
            .getFirst();
    assertThat(some.kind()).isEqualTo(CheckCaller.CallerKind.PROXY);
    assertThat(some.asksAbout(new TenantId("acme"))).isTrue();
    assertThat(some.asksAbout(new TenantId("globex"))).isFalse();
    assertThatThrownBy(() -> read(caller("kind: both")))
        .hasMessageContaining("must be service or proxy");
    assertThatThrownBy(() -> read(caller("tenants: [acme]"))).hasMessageContaining("kind");
    assertThatThrownBy(() -> read(caller("kind: proxy, tenants: []")))
        .hasMessageContaining("names no tenant");
  }

  @Test
  void whatAServiceAsksAboutIsOneResource() throws IOException {
    list(CHECKED.formatted("office", "record") + CHECKED.formatted("other", "entry"));
    assertThat(read(caller("kind: service")).checks()).hasSize(2);
    list(CHECKED.formatted("office", "record") + CHECKED.formatted("other", "record"));
    assertThatThrownBy(() -> read(caller("kind: service")))
        .hasMessageContaining("office and other have the same check.resource");
  }

  @Test
  void aGatewayAloneIsANodeToo() throws IOException {
    String gateway = WHOLE.substring(WHOLE.indexOf("gateway:\n"));

    assertThat(read("resources: resources.yaml\n" + gateway).server()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listen: 127.0.0.1:8420   | lisen: 127.0.0.1:8420     | missing key 'server.listen', but line 3 has 'lisen'
          logHost: lockbox.example | logHost: 7                | line 5: server.logHost: must be text
          port: 587                | port: 70000               | line 9: server.mail.port: must be between
          log.key                  | lost.key                  | line 6: server.logKey: there is no file
          password: {file: password}} | password: hunter2}     | line 8: server.database.password: a secret is named
          from: lockbox            | startTsl: true, from: lockbox | unknown key 'server.mail.startTsl' (did you mean 'startTls'?)
          url: https://lockbox.example | url: http://lockbox.example | line 4: server.url: http to lockbox.example would show tokens
          url: https://lockbox.example | url: lockbox.example   | line 4: server.url: must be https://
          syslog: {tls: "siem.example:6514"} | tenants: [acme] | a sink has exactly one of syslog and splunk
          tls: "siem.example:6514" | tls: siem.example         | must be host:port
          url: "https://hec.example" | url: "http://hec.example" | would show tokens
          url: "https://soc.acme.example | url: "http://soc.acme.example | an alarm receiver has an https address
          databasePasswords: {helpdesk | databasePasswords: {desk | missing key 'gateway.databasePasswords.helpdesk'
          """)
  void aMistakeIsNamedWithItsLine(String right, String wrong, String sentence) {
    assertThat(WHOLE).contains(right);
    assertThatThrownBy(() -> read(WHOLE.replaceFirst(Pattern.quote(right), wrong)))
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("lockbox.yaml line ")
        .hasMessageContaining(sentence);
  }

  @Test
  void aSecretOfTwoLinesIsRefused() throws IOException {
    Path file = directory.resolve("token");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, "a warning\nlbx_token\n");
    assertThatThrownBy(new ConfigSecret.InFile(file)::get)
        .hasMessageContaining("more than one line");
  }

  @Test
  void aSecretThatOthersCanReadIsRefused() throws IOException {
    Path file = directory.resolve("password");
    var secret = new ConfigSecret.InFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(secret::get).hasMessageContaining("chmod 600");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(secret.get()).isEqualTo("secret");
  }

  private NodeConfig read(String yaml) throws IOException {
    Path file = directory.resolve("lockbox.yaml");
    Files.writeString(file, yaml);
    return ConfigReader.read(file);
  }
}
