package org.openlockbox.node.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two configuration files, with a comment where a reader would ask. `server.yaml` and
/// `gateway.yaml` beside this class are what they are made from.
final class HostConfig {
  private static final Pattern PLACE = Pattern.compile("@([A-Za-z]+)@");

  private final HostPlan plan;
  private final Map<String, String> values = new LinkedHashMap<>();

  HostConfig(HostPlan plan) {
    this.plan = plan;
    var layout = plan.layout();
    put("resources", layout.resources());
    put("ca", layout.ca());
    values.put("serverUrl", plan.serverUrl().toString());
    values.put("gatewayPort", Integer.toString(plan.gateway().port()));
    plan.server().ifPresent(server -> server(server, layout));
    gateway(layout);
  }

  private void server(HostPlan.ServerPlan server, HostLayout layout) {
    var control = server.control();
    put("state", layout.serverState());
    values.put("listen", "0.0.0.0:" + server.port());
    values.put("logHost", server.logHost().value());
    put("logKey", layout.logKey());
    values.put("provider", quoted(server.provider()));
    values.put("control", control.host() + ":" + control.port());
    values.put("controlTls", control.isHere() ? "" : "?sslmode=verify-full");
    values.put("gatewayHost", plan.gateway().name().orElseThrow());
    put("controlPassword", layout.controlPassword());
    put("certificate", HostCertificates.certificate(layout.server()));
    put("key", HostCertificates.key(layout.server()));
    put("gatewaysCa", HostCertificates.gatewaysCa(layout));
    put("authority", layout.authorityPublic());
    values.put(
        "mail",
        server
            .mail()
            .map(HostConfig::mail)
            .orElse("  #mail: {host: smtp.example.com, port: 587, from: lockbox@example.com}"));
  }

  private static String mail(HostPlan.MailPlan mail) {
    return "  mail: {host: %s, port: %d, startTls: %b, from: %s}"
        .formatted(
            quoted(mail.server().host()),
            mail.server().port(),
            !mail.server().isHere(),
            quoted(mail.from()));
  }

  private void gateway(HostLayout layout) {
    String resource = plan.resource().value();
    values.put("gateway", HostLayout.GATEWAY);
    values.put("gatewayListen", "0.0.0.0:" + plan.gateway().port());
    put("gatewayKey", layout.gatewayKey());
    put("gatewayCertificate", layout.gatewayCertificate());
    put("tlsCertificate", HostCertificates.certificate(layout.gateway()));
    put("tlsKey", HostCertificates.key(layout.gateway()));
    put("token", layout.gatewayToken());
    put("clientCertificate", HostCertificates.clientCertificate(layout));
    put("clientKey", HostCertificates.clientKey(layout));
    values.put("resource", resource);
    put("databasePassword", layout.databasePassword(resource));
  }

  String serverText() {
    return filled("server.yaml");
  }

  String gatewayText() {
    return filled("gateway.yaml");
  }

  /// What the gateway's own `init` need not ask.
  String handedAnswers() {
    return """
    # Answers of `lockbox init --gateway`. This directory belongs on the gateway's host, as /etc/lockbox/gateway.
    server-url: %s
    resource: %s
    gateway-port: %d
    """
        .formatted(plan.serverUrl(), plan.resource(), plan.gateway().port());
  }

  /// Paths are written relative to the configuration, where they lie below it.
  private void put(String name, Path path) {
    var etc = plan.layout().etc();
    var shown = path.startsWith(etc) ? etc.relativize(path) : path;
    values.put(name, quoted(shown.toString()));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private String filled(String name) {
    return PLACE
        .matcher(template(name))
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    Objects.requireNonNull(values.get(place.group(1)), place.group())));
  }

  private static String template(String name) {
    try (InputStream text = HostConfig.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(text, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
