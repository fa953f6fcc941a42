package org.openlockbox.node.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.ServerSettings;
import org.openlockbox.node.setup.CertificateMaker.CertificateUse;
import org.openlockbox.node.setup.CertificateMaker.IssuedCertificate;

/// TLS of a host: the certificate that people's programs see, of the server and of the gateway, and
/// the one that the gateway shows the server, by an authority that signs for gateways alone.
///
/// The keys of both authorities are kept with the gateway authority's key, out of the services'
/// reach.
final class HostCertificates {
  private static final Duration AUTHORITY = Duration.ofDays(3650);
  private static final Duration LEAF = Duration.ofDays(397);

  private final HostPlan plan;
  private final HostFiles files;
  private final CertificateMaker maker;

  HostCertificates(HostPlan plan, HostFiles files, CertificateMaker maker) {
    this.plan = plan;
    this.files = files;
    this.maker = maker;
  }

  static Path certificate(Path part) {
    return part.resolve("tls.pem");
  }

  static Path key(Path part) {
    return part.resolve("tls.key");
  }

  static Path gatewaysCa(HostLayout layout) {
    return layout.server().resolve("gateways-ca.pem");
  }

  static Path clientCertificate(HostLayout layout) {
    return layout.gateway().resolve("client.pem");
  }

  static Path clientKey(HostLayout layout) {
    return layout.gateway().resolve("client.key");
  }

  void make() {
    try {
      if (plan.role().hasServer()) {
        plan.certificate().ifPresentOrElse(this::given, this::own);
        gateways();
      } else {
        plan.certificate().ifPresent(this::given);
      }
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
    }
  }

  private void given(HostPlan.GivenCertificate given) {
    given
        .authority()
        .ifPresent(file -> files.open(plan.layout().ca(), () -> ServerSettings.text(file)));
    for (Path part : parts()) {
      files.open(certificate(part), () -> ServerSettings.text(given.certificate()));
      files.secret(key(part), () -> ServerSettings.text(given.key()));
    }
    given.renewedIn().ifPresent(from -> new RenewalHook(from, parts()).write(plan.layout(), files));
  }

  /// Those parts of this host that show a certificate to people's programs.
  private List<Path> parts() {
    var layout = plan.layout();
    return switch (plan.role()) {
      case WHOLE -> List.of(layout.server(), layout.gateway());
      case SERVER -> List.of(layout.server());
      case GATEWAY -> List.of(layout.gateway());
    };
  }

  /// The authority's certificate is written last: without it, what else there is was left by an
  /// `init` that was killed, and is made anew.
  private void own() {
    var layout = plan.layout();
    if (Files.exists(layout.ca())) {
      return;
    }
    var shown = Map.of(layout.server(), plan.serverUrl().getHost(), layout.gateway(), gateway());
    var authorityKey = layout.authority().resolve("ca.key");
    files.forget(authorityKey);
    shown.keySet().forEach(part -> List.of(certificate(part), key(part)).forEach(files::forget));
    try {
      var authority = maker.authority(provider() + " lockbox authority", AUTHORITY);
      for (var part : shown.entrySet()) {
        String host = part.getValue();
        var leaf = maker.certificate(authority, host, hosts(host), CertificateUse.SERVER, LEAF);
        written(certificate(part.getKey()), key(part.getKey()), leaf);
      }
      written(layout.ca(), authorityKey, authority);
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
    }
  }

  private String gateway() {
    return plan.gateway().name().orElseThrow();
  }

  private String provider() {
    return plan.server().orElseThrow().provider();
  }

  private static List<String> hosts(String host) {
    return Stream.of(host, "localhost").distinct().toList();
  }

  /// The same order.
  private void gateways() throws IOException {
    var layout = plan.layout();
    if (Files.exists(gatewaysCa(layout))) {
      return;
    }
    var authorityKey = layout.authority().resolve("gateways-ca.key");
    List.of(authorityKey, clientCertificate(layout), clientKey(layout)).forEach(files::forget);
    var authority = maker.authority(provider() + " gateways TLS", AUTHORITY);
    var leaf =
        maker.certificate(authority, HostLayout.GATEWAY, List.of(), CertificateUse.CLIENT, LEAF);
    written(clientCertificate(layout), clientKey(layout), leaf);
    written(gatewaysCa(layout), authorityKey, authority);
  }

  private void written(Path certificate, Path key, IssuedCertificate issued) throws IOException {
    String pem = issued.certificatePem();
    files.secret(key, issued::keyPem);
    files.open(certificate, () -> pem);
  }
}
