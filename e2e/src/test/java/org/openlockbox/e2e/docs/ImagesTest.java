package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.EmptyHost;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.PackageHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.node.process.Ports;

/// The images of server and gateway: made twice, read by other people's tools, and run over a
/// read-only root until a first approved session has gone through both.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImagesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final List<String> PARTS = List.of("server", "gateway");
  private static final String PODMAN =
      "PODMAN_IGNORE_CGROUPSV1_WARNING=1 podman --root $PWD/pod/root --runroot $PWD/pod/run"
          + " --runtime runc --storage-driver vfs --cgroup-manager cgroupfs ";

  private final Path directory = Distribution.home().resolve("e2e/target/images");
  private final Terminal terminal =
      EmptyHost.shell(
          Map.of(
              "PATH", System.getenv("PATH"),
              "VERSION", "0.1.0",
              "SOURCE_DATE_EPOCH", "1767225600"),
          Distribution.home().resolve("e2e/target"));

  private Answer types(String line) {
    return terminal.types("cd " + directory + "; " + line, PATIENCE);
  }

  @BeforeAll
  void make() {
    terminal.needs(
        "test \"$(id -u)\" = 0 && command -v mmdebstrap && command -v umoci && command -v skopeo",
        "root, mmdebstrap, umoci, skopeo");
    Path packages = PackageHost.packages("first");
    terminal.types("rm -rf images && mkdir images").ok();
    for (String run : List.of("one", "two")) {
      types("%s/build/images.sh %s %s".formatted(Distribution.home(), packages, run)).ok();
    }
  }

  @AfterAll
  void stop() {
    types("for name in server gateway; do " + PODMAN + "rm -f -t 1 $name; done");
  }

  @Test
  @Order(1)
  void theSamePackagesGiveTheSameImages() throws IOException {
    for (String part : PARTS) {
      String index = "openlockbox-" + part + "/index.json";
      assertThat(sum("one/" + index)).isEqualTo(sum("two/" + index));
    }
    // All else in a layout is named by its content.
    types("diff -r one two").ok();
  }

  private String sum(String name) throws IOException {
    return Bytes.of(Files.readAllBytes(directory.resolve(name))).sha256().hex();
  }

  @Test
  @Order(2)
  void otherToolsReadThem() {
    for (String part : PARTS) {
      String image = "oci:one/openlockbox-" + part + ":0.1.0";
      assertThat(types("skopeo inspect --config " + image).ok())
          .contains(
              "\"User\": \"65532:65532\"", "/usr/bin/lockbox", "/etc/lockbox/" + part + ".yaml");
      assertThat(types("skopeo inspect " + image).ok()).contains("openlockbox-" + part);
      types("skopeo copy -q %s dir:copied-%s".formatted(image, part)).ok();
      types("umoci unpack --image one/openlockbox-%s:0.1.0 %s >/dev/null".formatted(part, part))
          .ok();
    }
  }

  @Test
  @Order(3)
  void nothingIsInThemThatNobodyNeeds() {
    for (String part : PARTS) {
      assertThat(types("cd %s/rootfs; find . -xdev -type f -perm /6000".formatted(part)).ok())
          .isEmpty();
      assertThat(types("cd %s/rootfs; ls usr/bin usr/sbin".formatted(part)).lines())
          .contains("lockbox", "sh", "install", "sleep")
          .doesNotContain("apt", "dpkg", "perl", "psql", "curl", "python3", "gcc", "su", "mount");
      assertThat(types("cd %s/rootfs; cut -d: -f1 etc/passwd".formatted(part)).lines())
          .containsExactly("root", "lockbox");
    }
  }

  @Test
  @Order(4)
  void theyRunOverAReadOnlyRootUntilSomebodyWasLetIn() throws IOException {
    terminal.needs("command -v podman && command -v runc", "podman, runc");
    try (var host = InitHost.make("images")) {
      for (String part : PARTS) {
        Path file = host.directory().resolve("etc/" + part + ".yaml");
        Files.writeString(
            file,
            Files.readString(file)
                + "\nmanagement: {listen: \"127.0.0.1:%d\"}\n".formatted(Ports.free()));
      }
      host.types("chown -R 65532:65532 etc lib").ok();
      for (String part : PARTS) {
        runs(host, part);
      }
      host.foundsAcme();
      String id = host.asksAndApproves();
      assertThat(
              host.types(
                      "LOCKBOX_PROFILE=engineer lockbox psql %s -- -Atc 'select name from customers'"
                          .formatted(id))
                  .ok())
          .contains("[redacted]");
      assertThat(types(PODMAN + "exec server sh -c 'id -u; touch /x || echo refused'").out())
          .isEqualTo("65532\nrefused\n");
      types(PODMAN + "stop -t 30 gateway server").ok();
      assertThat(types(PODMAN + "ps -a --format '{{.Status}}'").ok())
          .contains("Exited (143)")
          .doesNotContain("Exited (137)");
    }
  }

  private void runs(InitHost host, String part) {
    String image = types(PODMAN + "pull -q oci:one/openlockbox-" + part + ":0.1.0").ok().strip();
    types(
            PODMAN
                + """
                run -d --name %1$s --network host --read-only --read-only-tmpfs=false \
                --tmpfs /run/lockbox-%1$s:mode=1777 --cap-drop all --security-opt no-new-privileges \
                --ulimit host \
                -v %2$s:%2$s %3$s up --config %2$s/etc/%1$s.yaml\
                """
                    .formatted(part, host.directory(), image))
        .ok();
    Pause.until(
        part + " is ready",
        PATIENCE,
        () ->
            types(
                        PODMAN
                            + "exec %1$s lockbox ready --config %2$s/etc/%1$s.yaml"
                                .formatted(part, host.directory()))
                    .exit()
                == 0);
  }
}
