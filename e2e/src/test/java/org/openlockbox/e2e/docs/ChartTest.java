package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.EmptyHost;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.node.config.ConfigReader;

/// The Helm chart: linted, rendered, each object held against the schema of its kind; its
/// containers may do nothing that they need not; and the product itself reads the configuration
/// that it writes.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartTest {
  private static final Path CHART = Distribution.home().resolve("deploy/helm/openlockbox");
  private static final Path TOOLS = Distribution.home().resolve("e2e/target/kube");
  private static final Pattern OBJECT = Pattern.compile("(?m)^---$");
  private static final Pattern NAMED =
      Pattern.compile("/etc/lockbox/(?:private|public|tls)/[a-z0-9.-]+");

  private final Terminal terminal =
      EmptyHost.shell(
          Map.of(
              "PATH",
              TOOLS.resolve("helm") + ":" + System.getenv("PATH"),
              "HOME",
              TOOLS.toString()),
          Distribution.home().resolve("e2e/target"));

  @TempDir private Path directory;
  private String rendered = "";

  @BeforeAll
  void render() {
    terminal.needs(
        "helm version && node --version && test -d " + TOOLS.resolve("node_modules/yaml"),
        "helm, kubernetes-models (npm)");
    rendered = template("").ok();
  }

  private Answer template(String more) {
    return terminal.types(
        "helm template lb %s --set gateway.databases={shop} --set serviceMonitor.enabled=true %s"
            .formatted(CHART, more));
  }

  private Answer schemas(String objects) throws IOException {
    Path file = directory.resolve("objects.yaml");
    Files.writeString(file, objects);
    return terminal.types(
        "cd %s && node %s <%s"
            .formatted(
                TOOLS,
                Distribution.home().resolve("e2e/src/test/resources/kubernetes-schemas.mjs"),
                file));
  }

  @Test
  void itIsLintedAndEveryObjectKeepsTheSchemaOfItsKind() throws IOException {
    terminal.types("helm lint --strict " + CHART).ok();
    assertThat(schemas(rendered).ok()).isEqualTo("14 objects\n");
    schemas(template("--set server.remember=true").ok()).ok();
    schemas(rendered.replaceFirst("replicas: 2", "replicas: two"))
        .ends(1)
        .says("replicas must be integer");
  }

  @Test
  void whatIsNotWantedIsNotMade() {
    var bare =
        template(
                "--set"
                    + " ingress.enabled=false,networkPolicy.enabled=false,serviceMonitor.enabled=false")
            .ok();
    assertThat(bare).doesNotContain("kind: Ingress", "kind: NetworkPolicy", "kind: ServiceMonitor");
  }

  /// Where all servers share a memory, none has anything of its own.
  @Test
  void serversThatShareAMemoryAreADeploymentWithoutVolumes() throws IOException {
    var memory = "server.config.signedHeads.postgres";
    var shared =
        template(
                "--set server.remember=true,%s.url=jdbc:postgresql://memory/lockbox_memory,%s.user=lockbox,%s.password.file=/etc/lockbox/private/memory.password"
                    .formatted(memory, memory, memory))
            .ok();
    assertThat(schemas(shared).ok()).isEqualTo("14 objects\n");
    assertThat(shared)
        .contains("kind: Deployment", "maxSurge: 1", "jdbc:postgresql://memory/lockbox_memory")
        .doesNotContain("volumeClaimTemplates");
    assertThat(shared.split("kind: StatefulSet", -1)).hasSize(2);
  }

  private List<String> objects(String kind) {
    return OBJECT
        .splitAsStream(rendered)
        .filter(one -> one.contains("\nkind: " + kind + "\n"))
        .toList();
  }

  @Test
  void everyContainerRunsAsAUserOverAReadOnlyRoot() {
    var sets = objects("StatefulSet");
    assertThat(sets).hasSize(2);
    for (String set : sets) {
      int containers = set.split(" image: ", -1).length - 1;
      assertThat(set)
          .contains(
              "runAsNonRoot: true", "runAsUser: 65532", "automountServiceAccountToken: false");
      assertThat(set.split("readOnlyRootFilesystem: true", -1)).hasSize(containers + 1);
      assertThat(set.split("capabilities: \\{drop: \\[ALL]}", -1)).hasSize(containers + 1);
      assertThat(set).contains("path: /livez, port: management", "path: /readyz, port: management");
      assertThat(set).doesNotContain("hostNetwork", "hostPath", "privileged");
    }
  }

  @Test
  void aGatewayDrainsLongerThanNothingAndIsNotKilledBefore() {
    String gateway =
        objects("StatefulSet").stream()
            .filter(set -> set.contains("lb-gateway"))
            .findFirst()
            .orElseThrow();
    assertThat(gateway)
        .contains(
            "lockbox drain", "--within PT600S", "sleep 630", "terminationGracePeriodSeconds: 660");
  }

  @Test
  void nobodyButThoseNamedReachesAPort() {
    assertThat(objects("NetworkPolicy"))
        .hasSize(2)
        .allSatisfy(policy -> assertThat(policy).contains("policyTypes: [Ingress, Egress]"));
    assertThat(objects("PodDisruptionBudget")).hasSize(2);
    assertThat(rendered).doesNotContain("kind: Secret\n");
  }

  /// With every file that it names in the place where the pod has it.
  @Test
  void theProductReadsTheConfigurationThatItWrites() throws IOException {
    for (String part : List.of("server", "gateway")) {
      String map =
          objects("ConfigMap").stream()
              .filter(one -> one.contains("  " + part + ".yaml: |"))
              .findFirst()
              .orElseThrow();
      Path home = Files.createDirectories(directory.resolve(part));
      var text = new ArrayList<>(value(map, part + ".yaml"));
      if (part.equals("gateway")) {
        text.add("  id: gw-0");
      }
      String config = String.join("\n", text);
      for (var named = NAMED.matcher(config); named.find(); ) {
        Path file = home.resolve(named.group().substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x", StandardCharsets.UTF_8);
      }
      Path resources = home.resolve("etc/lockbox/config/resources.yaml");
      Files.createDirectories(resources.getParent());
      Files.writeString(resources, RESOURCES);
      Path file = resources.resolveSibling(part + ".yaml");
      Files.writeString(file, config.replace("/etc/lockbox", home + "/etc/lockbox") + "\n");
      var read = ConfigReader.read(file);
      assertThat(read.management()).isPresent();
      assertThat(read.watch()).isTrue();
      assertThat(read.server().isPresent()).isEqualTo(part.equals("server"));
      assertThat(read.gateway().isPresent()).isEqualTo(part.equals("gateway"));
    }
  }

  private static final String RESOURCES =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: localhost, database: shop, tls: disable}
          tenancy: {column: tenant_id, values: {acme: 1}}
          levels: [metadata, masked, read]
          tables: {customers: {mask: {email: email}}}
      """;

  /// The lines under a key of a ConfigMap.
  private static List<String> value(String map, String key) {
    return map.lines()
        .dropWhile(line -> !line.equals("  " + key + ": |"))
        .skip(1)
        .takeWhile(line -> line.startsWith("    "))
        .map(line -> line.substring(4))
        .toList();
  }
}
