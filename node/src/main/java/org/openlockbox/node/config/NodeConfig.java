package org.openlockbox.node.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.postgres.catalogue.Catalogue;

/// All of `lockbox.yaml`: a server, a gateway, or both, and the catalogue that both read.
///
/// A node with only one of the two sections is that part alone; with both, they run in one process
/// and still talk to each other over the gateway door, except that entries go to the log by a call.
public record NodeConfig(
    Path file, Catalogue catalogue, Optional<ServerPart> server, Optional<GatewayPart> gateway) {

  /// Where a part listens.
  public record Listen(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /// PEM files. `clientAuthorities`: who may have signed a client's certificate.
  public record TlsFiles(Path certificate, Path key, Optional<Path> clientAuthorities) {}

  public record ServerPart(
      Listen listen,
      URI url,
      Optional<URI> approveOrigin,
      String logHost,
      Path logKey,
      Path signedHeads,
      Path wrappingKey,
      ProviderPart provider,
      Database database,
      Optional<TlsFiles> tls,
      Optional<Mail> mail,
      Listen gatewayAddress,
      Path gatewayCa,
      Path gatewayAuthority,
      List<KnownWitness> witnesses,
      List<ExportSink> sinks,
      List<String> privateWebhookHosts,
      Optional<AskingLimits> requestLimits,
      List<OwnWitness> ownWitnesses,
      List<KnownIssuer> issuers) {
    public ServerPart {
      witnesses = List.copyOf(witnesses);
      sinks = List.copyOf(sinks);
      privateWebhookHosts = List.copyOf(privateWebhookHosts);
      ownWitnesses = List.copyOf(ownWitnesses);
      issuers = List.copyOf(issuers);
    }
  }

  /// How much engineers may ask of one tenant; what is left out is as usual.
  public record AskingLimits(
      Optional<Integer> perEngineer,
      Optional<Integer> perTenant,
      Optional<Duration> within,
      Optional<Integer> toldSingly) {}

  /// Who runs the server.
  public record ProviderPart(String name) {}

  /// An OpenID Connect issuer that signs in the people of a tenant, or the provider's.
  public record KnownIssuer(
      String name,
      URI url,
      Optional<String> tenant,
      String client,
      Secret secret,
      List<String> domains,
      boolean addressesAreVerified,
      boolean mailedCodes,
      List<String> scopes,
      Map<String, String> parameters,
      Map<String, String> claims,
      Optional<IssuedRoles> roles,
      Optional<FactClaims> facts,
      Optional<Path> ca) {
    public KnownIssuer {
      domains = List.copyOf(domains);
      scopes = List.copyOf(scopes);
      parameters = Map.copyOf(parameters);
      claims = Map.copyOf(claims);
    }
  }

  /// Which claims say where the provider's people work, for whom, and who of them is an agent.
  public record FactClaims(
      Optional<String> country, Optional<String> employer, Optional<AgentClaim> agents) {}

  /// Which values of a claim make somebody an agent.
  public record AgentClaim(String claim, List<String> values) {
    public AgentClaim {
      values = List.copyOf(values);
    }
  }

  /// Which roles the groups in a claim give.
  public record IssuedRoles(String claim, Map<String, String> byGroup) {
    public IssuedRoles {
      byGroup = Map.copyOf(byGroup);
    }
  }

  /// A witness of the epoch log; `keys` is the file with its vkeys.
  public record KnownWitness(URI url, Path keys) {}

  /// A place that is told every event (docs/export.md): exactly one of the two is present.
  public record ExportSink(
      String name,
      List<String> tenants,
      boolean texts,
      Optional<SyslogReceiver> syslog,
      Optional<SplunkCollector> splunk,
      Optional<Path> ca) {
    public ExportSink {
      tenants = List.copyOf(tenants);
    }
  }

  public record SyslogReceiver(Listen receiver, Optional<Integer> enterprise) {}

  public record SplunkCollector(URI url, Secret token, boolean gzip) {}

  /// Where the witness of one tenant's own log is; its keys are in that tenant's signed settings.
  public record OwnWitness(String tenant, URI url) {}

  /// The control plane's database: one that is there, or one that this node runs.
  public sealed interface Database {
    int connections();

    record External(String url, String user, Secret password, int connections)
        implements Database {}

    record Embedded(Path directory, int port, int connections) implements Database {}
  }

  public record Mail(
      String host,
      int port,
      boolean startTls,
      Optional<String> user,
      Optional<Secret> password,
      String from) {}

  public record GatewayPart(
      String id,
      Listen listen,
      Path key,
      Path certificate,
      TlsFiles tls,
      ControlPlane server,
      Map<String, Secret> passwords,
      Map<String, String> pins,
      List<Alarm> alarms,
      Optional<Integer> recordMegabytes,
      Optional<Duration> hold,
      LoginLimits logins) {
    public GatewayPart {
      passwords = Map.copyOf(passwords);
      pins = Map.copyOf(pins);
      alarms = List.copyOf(alarms);
    }
  }

  /// Where the gateway itself tells a tenant that it refused a history of its log.
  public record Alarm(String tenant, AlarmReceiver receiver) {}

  /// How the gateway reaches the server, and what it shows there.
  public record ControlPlane(
      URI url, Secret token, Optional<Path> ca, Optional<TlsFiles> clientCertificate) {}
}
