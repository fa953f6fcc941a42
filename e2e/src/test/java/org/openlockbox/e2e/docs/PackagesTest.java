package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.e2e.harness.PackageHost;

/// The packages on an empty Debian, as the page says: installed, configured by `lockbox init`,
/// used, upgraded, removed, purged. And the same build gives the same packages.
@Tag("slow")
class PackagesTest {
  private static final Pattern ID = Pattern.compile("R-[0-9A-Z]{10}");
  private static final int MOST_COMMANDS = 10;

  @Test
  void tenCommandsLeadToAnApprovedSessionAndPurgeLeavesNothing() throws IOException {
    var packages = PackageHost.packages("first");
    assertThat(sums(PackageHost.packages("second"))).isEqualTo(sums(packages));
    var blocks = blocks();
    assertThat(blocks.stream().mapToLong(PackagesTest::commands).sum()).isEqualTo(MOST_COMMANDS);
    try (var host = PackageHost.boot(packages)) {
      host.types(blocks.get(0).text()).ok();
      var asked = host.types(blocks.get(1).text());
      var id = ID.matcher(asked.ok());
      assertThat(id.find()).as(asked::toString).isTrue();
      String session = host.types(blocks.get(2).text().replace("R-…", id.group())).ok();
      assertThat(session).containsPattern(blocks.get(2).printed());
      theDoctorIsContent(host);
      theEvidenceHolds(host, id.group());
      aKilledInitGoesOn(host);
      anUpgradeKeepsAll(host);
      removedAndInstalledAgainItGoesOn(host);
      purgedNothingIsLeftAndNoKeyIsLost(host);
    }
  }

  private static List<Block> blocks() {
    return Page.of("docs/install.md").blocks().stream()
        .filter(block -> block.note().startsWith("not run: PackagesTest types"))
        .toList();
  }

  /// Lines that begin a command.
  private static long commands(Block block) {
    return block.text().lines().filter(line -> !line.isBlank() && !line.startsWith(" ")).count();
  }

  private static void theDoctorIsContent(PackageHost host) {
    assertThat(host.types("lockbox doctor").ok())
        .contains("ok       fence of shop", "ok       control plane", "ok       gateway token")
        .doesNotContain("broken");
    var broken = host.types("systemctl stop lockbox-gateway; lockbox doctor -o json");
    assertThat(broken.exit()).as(broken::toString).isEqualTo(1);
    assertThat(broken.out()).contains("\"ok\":false", "systemctl start lockbox-gateway");
    host.types("systemctl start lockbox-gateway").ok();
  }

  private static void theEvidenceHolds(PackageHost host, String id) {
    host.types(
            """
            export LOCKBOX_PROFILE=anna
            lockbox evidence %s --out a.zip
            lockbox-verify a.zip --pin "$(lockbox tenant show acme --pin)"
            """
                .formatted(id))
        .ok();
  }

  /// What is there is kept, above all the log key; what is missing is made. An init that was killed
  /// has not started the gateway yet.
  private static void aKilledInitGoesOn(PackageHost host) {
    var again =
        host.types(
            """
            systemctl stop lockbox-gateway
            sha256sum /etc/lockbox/server/log.key /etc/lockbox/ca.pem >kept
            rm /etc/lockbox/gateway.yaml
            lockbox init --no-start --host localhost --provider "Example Ltd" \
                --protect localhost:5432/shop --tenants acme=1,globex=2
            sha256sum -c --quiet kept && systemctl start lockbox-gateway
            """);
    again.ok();
    assertThat(again.err())
        .contains("made /etc/lockbox/gateway.yaml", "kept /etc/lockbox/server.yaml");
  }

  private static void anUpgradeKeepsAll(PackageHost host) {
    host.types(
            """
            find /etc/lockbox /var/lib/lockbox-server/wrapping-key -type f -exec sha256sum {} + >all
            apt-get -q -y --reinstall install ./openlockbox-*.deb
            sha256sum -c --quiet all
            systemctl is-active lockbox-server lockbox-gateway
            """)
        .ok();
  }

  private static void removedAndInstalledAgainItGoesOn(PackageHost host) {
    host.types(
            """
            apt-get -q -y remove 'openlockbox-*'
            test ! -e /usr/lib/openlockbox
            sha256sum -c --quiet all
            apt-get -q -y install ./openlockbox-*.deb
            for second in $(seq 120); do lockbox status && break; sleep 1; done
            LOCKBOX_PROFILE=anna lockbox tenant show acme --pin
            """)
        .ok();
  }

  private static void purgedNothingIsLeftAndNoKeyIsLost(PackageHost host) {
    host.types(
            """
            apt-get -q -y purge 'openlockbox-*'
            tar -tf /var/backups/openlockbox-server.*.tar | grep -x etc/lockbox/server/log.key
            tar -tf /var/backups/openlockbox-gateway.*.tar | grep -x etc/lockbox/gateway/gw-1.key
            test "$(stat -c %a /var/backups/openlockbox-*.tar | sort -u)" = 600
            """)
        .ok();
    String left =
        host.types(
                """
                find / -xdev -iname '*lockbox*' -not -path '/root/*' -not -path '/var/backups/*' \
                    -not -path '/proc/*' -not -path '/run/*'
                getent passwd lockbox-server lockbox-gateway || :
                """)
            .ok();
    assertThat(left).isEmpty();
  }

  private static Map<String, String> sums(Path directory) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        sums.put(String.valueOf(file.getFileName()), sum(file));
      }
    }
    assertThat(sums).hasSize(6);
    return sums;
  }

  private static String sum(Path file) throws IOException {
    return Bytes.of(Files.readAllBytes(file)).sha256().hex();
  }
}
