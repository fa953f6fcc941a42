package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.InitHost;

/// What an installation with the tables of 0.1.0 left behind is taken over by today's program: its
/// database, its logs, its keys, and the evidence that its customers hold.
@Tag("slow")
class UpgradeTest {
  private static final Path RELEASE =
      Distribution.home().resolve("e2e/src/test/resources/releases/0.1.0");
  private static final Pattern PIN = Pattern.compile("\"pin\":\"([0-9a-f]{64})\"");

  @Test
  void theFirstReleasesDatabaseIsTakenOverAndGoesOn() {
    try (var host = InitHost.make("upgrade")) {
      hasTheKeysOfThatInstallation(host);
      host.types(
              """
              psql -q -d postgres -c 'drop database lockbox' -c 'create database lockbox owner lockbox'
              lockbox restore --config etc/server.yaml --from release
              lockbox remember --config etc/server.yaml
              psql -At -d lockbox -c 'select max(version::int) > 1 from flyway_schema_history' | grep -x t
              """)
          .ok();
      getsItsTokens(host);
      host.starts("server");
      host.starts("gateway");
      var pin = PIN.matcher(host.types("cat release/backup.json").ok());
      assertThat(pin.find()).isTrue();
      host.types("lockbox verify release/a.zip --pin " + pin.group(1)).ok();
      String shown = host.types("LOCKBOX_PROFILE=anna lockbox tenant show acme --pin").ok().strip();
      assertThat(shown).isEqualTo(pin.group(1));
      itsOldRequestIsStillThere(host);
      String id = host.asksAndApproves();
      assertThat(
              host.types(
                      "LOCKBOX_PROFILE=engineer lockbox psql %s -- -Atc 'select count(*) from customers'"
                          .formatted(id))
                  .ok()
                  .strip())
          .isEqualTo("2");
      host.types("LOCKBOX_PROFILE=anna lockbox evidence %s --out new.zip".formatted(id)).ok();
      host.types("lockbox verify new.zip --pin " + pin.group(1)).ok();
    }
  }

  private static void hasTheKeysOfThatInstallation(InitHost host) {
    host.types(
            """
            cp -r %s release
            install -m 600 release/log.key etc/server/log.key
            install -m 600 release/wrapping-key lib/lockbox-server/wrapping-key
            install -m 600 release/authority.key release/anna.key .
            lockbox key show authority.key --pem >etc/server/authority.pub
            rm -rf lib/lockbox-server/heads etc/gateway/gw-1.key etc/gateway/gw-1.cert
            cd etc/gateway
            lockbox gateway enroll gw-1 --authority ../../authority.key --log-host localhost --resource shop
            """
                .formatted(RELEASE))
        .ok();
  }

  /// Those of the host were in the database that is gone.
  private static void getsItsTokens(InitHost host) {
    host.types(
            """
            new="lockbox token new --config etc/server.yaml"
            $new --role gateway --subject gw-1 --name "Gateway 1" >etc/gateway/gw-1.token
            rm -rf .config/lockbox/profiles
            $new --role engineer --subject engineer --name "Engineer" --profile engineer
            $new --role approver --tenant acme --subject anna --name "Anna Example" --profile anna
            """)
        .ok();
  }

  private static void itsOldRequestIsStillThere(InitHost host) {
    assertThat(host.types("LOCKBOX_PROFILE=anna lockbox request ls -o json").ok())
        .contains("R-5V9AB0B6M9");
  }
}
