package org.openlockbox.node.doctor;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings.External;
import org.openlockbox.node.config.NodeConfig.GatewayPart;
import org.openlockbox.node.config.NodeConfig.ServerPart;
import org.openlockbox.node.service.ServerSettings;
import org.openlockbox.server.log.memory.SigningMemory;

/// Looks at all that a configuration leads to. One probe that fails hides no other.
final class Doctor {
  private final InstantSource clock;
  private final List<HostFinding> found = new ArrayList<>();

  Doctor(InstantSource clock) {
    this.clock = clock;
  }

  /// What every part of this host needs, then what each configuration names.
  List<HostFinding> examine(List<Path> configurations) {
    look("clock", HostProbe::clock);
    for (Path file : configurations) {
      look("configuration", () -> List.of(read(file)));
    }
    return List.copyOf(found);
  }

  private HostFinding read(Path file) {
    var config = ConfigReader.read(file);
    var unit = unit(file);
    config.server().ifPresent(server -> server(config, server, unit));
    config.gateway().ifPresent(gateway -> gateway(config, gateway, unit));
    config.tracing().ifPresent(part -> look("tracing", new TraceProbe(part)));
    config
        .management()
        .ifPresent(part -> look("readiness", new ReadinessProbe(part.listen(), unit)));
    return HostFinding.ok("configuration", file + " can be read.");
  }

  /// The service that runs a configuration of the packages.
  private static String unit(Path file) {
    String name = Objects.requireNonNull(file.getFileName()).toString().replace(".yaml", "");
    return name.equals("lockbox") ? name : "lockbox-" + name;
  }

  private void server(NodeConfig config, ServerPart server, String unit) {
    look("server", () -> HostProbe.port("server", server.web().listen(), unit));
    server
        .web()
        .tls()
        .ifPresent(
            tls ->
                look(
                    "server certificate",
                    new CertificateProbe(
                        "server certificate",
                        tls,
                        Optional.of(server.web().url().getHost()),
                        Optional.empty(),
                        clock)));
    if (server.database() instanceof External database) {
      look("database", new ControlDatabaseProbe(database, clock));
    }
    keysAndWitnesses(server);
    String engineersTrust = "authority of gateways' TLS";
    look(engineersTrust, CertificateProbe.authority(engineersTrust, server.gateways().ca(), clock));
    look("gateway authority", () -> List.of(authority(server)));
    look(
        "gateway authority's key",
        () -> HostProbe.offline(config.file().resolveSibling("authority")));
    mailAndIssuers(server);
    if (server.log().signedHeads() instanceof SigningMemory.Directory own) {
      look("disk", () -> HostProbe.disk(own.path()));
    }
  }

  private void mailAndIssuers(ServerPart server) {
    server
        .notifications()
        .mail()
        .ifPresentOrElse(
            mail -> look("mail", new MailProbe(mail)),
            () ->
                found.add(
                    HostFinding.warning(
                        "mail", "None is sent: nobody is told of a request.", "Set server.mail.")));
    for (var issuer : server.issuers()) {
      look(IssuerProbe.subject(issuer), new IssuerProbe(issuer, clock));
    }
  }

  private void keysAndWitnesses(ServerPart server) {
    look("log keys", () -> HostKeysProbe.logKeys(server.log()));
    look("wrapping key", () -> HostKeysProbe.wrappingKey(server.log()));
    look("signed heads", () -> HostKeysProbe.signedHeads(server.log().signedHeads(), clock));
    for (var witness : server.log().witnesses()) {
      look("witness " + witness.url().getHost(), new WitnessProbe(witness.url()));
    }
    for (var own : server.log().ownWitnesses()) {
      look("witness " + own.url().getHost(), new WitnessProbe(own.url()));
    }
  }

  private static HostFinding authority(ServerPart server) {
    Path file = server.gateways().authority();
    KeyFile.publicKey(ServerSettings.text(file));
    return HostFinding.ok("gateway authority", file + " holds its public key.");
  }

  private void gateway(NodeConfig config, GatewayPart gateway, String unit) {
    look("gateway", () -> HostProbe.port("gateway", gateway.listen(), unit));
    look(
        "gateway TLS certificate",
        new CertificateProbe(
            "gateway TLS certificate", gateway.tls(), Optional.empty(), Optional.empty(), clock));
    httpNames(config, gateway);
    gateway
        .server()
        .clientCertificate()
        .ifPresent(
            files ->
                look(
                    "gateway client certificate",
                    new CertificateProbe(
                        "gateway client certificate",
                        files,
                        Optional.empty(),
                        Optional.empty(),
                        clock)));
    look("gateway certificate", new GatewayCertificateProbe(config, gateway, clock));
    look("control plane", new ControlPlaneProbe(gateway.server(), clock));
    for (var resource : config.catalogue().resources()) {
      for (var place : resource.places()) {
        look("fence of " + resource.id(), new FenceProbe(gateway, place));
      }
    }
  }

  /// The names under which programs and browsers come to a gateway over HTTP. The address is known
  /// where the server is configured on the same host, and all gateways have one.
  private void httpNames(NodeConfig config, GatewayPart gateway) {
    gateway
        .http()
        .flatMap(http -> http.sessionHosts())
        .ifPresent(hosts -> names(gateway, "browsers' hosts", "*." + hosts.domain()));
    if (gateway.http().isPresent()) {
      config
          .server()
          .filter(server -> server.gateways().regions().isEmpty())
          .flatMap(server -> server.gateways().usual().http())
          .ifPresent(address -> names(gateway, "HTTP address of the gateway", address.host()));
    }
  }

  private void names(GatewayPart gateway, String subject, String host) {
    look(
        subject,
        new CertificateProbe(subject, gateway.tls(), Optional.of(host), Optional.empty(), clock));
  }

  private void look(String subject, Probe probe) {
    try {
      found.addAll(probe.look());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      found.add(
          HostFinding.broken(
              subject,
              Objects.requireNonNullElse(e.getMessage(), e.toString()),
              "Mend what the sentence names; then run lockbox doctor again."));
    }
  }
}
