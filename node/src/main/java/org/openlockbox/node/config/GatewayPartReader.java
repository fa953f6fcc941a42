package org.openlockbox.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.node.config.NodeConfig.AlarmSettings;
import org.openlockbox.node.config.NodeConfig.ControlPlaneSettings;
import org.openlockbox.node.config.NodeConfig.GatewayPart;
import org.openlockbox.node.config.NodeConfig.SessionSettings;
import org.openlockbox.postgres.catalogue.Catalogue;

/// Reads what `lockbox.yaml` says of the gateway.
final class GatewayPartReader {
  private static final Pattern PIN = Pattern.compile("[0-9a-f]{64}");
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(2);

  private final Path base;
  private final NamedFiles files;

  /// @param base what relative paths are relative to
  GatewayPartReader(Path base) {
    this.base = base;
    this.files = new NamedFiles(base);
  }

  GatewayPart read(YamlMap gateway, Catalogue catalogue) {
    var part =
        new GatewayPart(
            gateway.text("id"),
            gateway.checked("region", () -> gateway.optionalText("region").map(Region::new)),
            ConfigReader.listen(gateway, "listen"),
            gateway.optionalMap("http").map(http -> HttpPartReader.read(http, base)),
            gateway.optionalMap("check").map(CheckPartReader::read),
            files.named(gateway, "key"),
            files.named(gateway, "certificate"),
            files.tls(gateway.map("tls")),
            controlPlane(gateway.map("server")),
            passwords(gateway.map("databasePasswords"), catalogue),
            gateway.optionalMap("pins").map(GatewayPartReader::pins).orElse(Map.of()),
            gateway.maps("alarms").stream().map(this::alarm).toList(),
            sessions(gateway),
            gateway
                .optionalMap("logins")
                .map(LoginLimitsReader::read)
                .orElse(LoginLimits.STANDARD));
    gateway.done();
    return part;
  }

  private static SessionSettings sessions(YamlMap gateway) {
    var read =
        new SessionSettings(
            gateway.optionalInteger("recordMegabytes"), gateway.optionalDuration("hold"));
    if (read.hold().filter(hold -> !isHold(hold)).isPresent()) {
      throw gateway.problem("hold", "must be between PT1S and PT2M");
    }
    if (read.recordMegabytes().filter(megabytes -> megabytes < 1).isPresent()) {
      throw gateway.problem("recordMegabytes", "must be a whole number above 0");
    }
    return read;
  }

  private static boolean isHold(Duration hold) {
    return hold.compareTo(Duration.ofSeconds(1)) >= 0 && hold.compareTo(LONGEST_HOLD) <= 0;
  }

  private ControlPlaneSettings controlPlane(YamlMap server) {
    var read =
        new ControlPlaneSettings(
            ConfigReader.url(server, "url"),
            ConfigSecret.read(server, "token", base),
            files.optional(server, "ca"),
            server.optionalMap("clientCertificate").map(files::tls));
    server.done();
    return read;
  }

  private Map<String, ConfigSecret> passwords(YamlMap passwords, Catalogue catalogue) {
    Map<String, ConfigSecret> read = new LinkedHashMap<>();
    for (var resource : catalogue.resources()) {
      read.put(resource.id().value(), ConfigSecret.read(passwords, resource.id().value(), base));
    }
    passwords.done();
    return read;
  }

  private AlarmSettings alarm(YamlMap alarm) {
    var tenant = alarm.text("tenant");
    var url = alarm.text("url");
    var secret = ConfigSecret.read(alarm, "secret", base);
    alarm.done();
    try {
      return new AlarmSettings(new TenantId(tenant).value(), AlarmReceiver.of(url, secret));
    } catch (IllegalArgumentException e) {
      throw alarm.problem("url", String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> pins(YamlMap pins) {
    Map<String, String> read = new LinkedHashMap<>();
    for (String tenant : pins.keys()) {
      String pin = pins.word(tenant);
      if (!PIN.matcher(pin).matches()) {
        throw pins.problem(tenant, "a pin is 64 hex digits, as 'lockbox tenant show' prints it");
      }
      read.put(tenant, pin);
    }
    pins.done();
    return read;
  }
}
