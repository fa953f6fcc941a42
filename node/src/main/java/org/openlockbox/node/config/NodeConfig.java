package org.openlockbox.node.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.check.caller.CheckCaller;
import org.openlockbox.check.catalogue.CheckListing;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.application.ApplicationListing;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.http.browser.SessionHosts;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.node.logging.LogSettings;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.server.log.memory.SigningMemory;
import org.openlockbox.server.prune.PruneAges;

/// All of `lockbox.yaml`: a server, a gateway, or both, and the catalogue that both read.
///
/// A node with only one of the two sections is that part alone; with both, they run in one process
/// and still talk to each other over the gateway door, except that entries go to the log by a call.
///
/// @param resources the file of the catalogue
/// @param catalogue the databases in it
/// @param services what in it speaks HTTP
/// @param checks what in it asks by itself
/// @param applications what in it is its own gateway
/// @param watch whether both files are read again when they change
public record NodeConfig(
    Path file,
    Path resources,
    Catalogue catalogue,
    List<HttpListing> services,
    List<CheckListing> checks,
    List<ApplicationListing> applications,
    Optional<ServerPart> server,
    Optional<GatewayPart> gateway,
    Optional<ManagementPart> management,
    LogSettings logging,
    Optional<TracePart> tracing,
    boolean watch) {

  /// Where the node tells how it is, and its figures.
  public record ManagementPart(Listen listen) {}

  /// Where traces are sent.
  ///
  /// @param service what the collector knows this node as
  /// @param sample the share of traces that is sent, above 0 and at most 1
  /// @param ca the authority of the collector's certificate; without one, those that Java knows
  public record TracePart(
      URI endpoint,
      String service,
      double sample,
      Optional<Path> ca,
      Optional<ConfigSecret> token) {}

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
      WebPart web,
      LogPart log,
      DatabaseSettings database,
      GatewayAccess gateways,
      ProviderPart provider,
      NotificationPart notifications,
      Optional<RequestRateSettings> requestRates,
      PruneAges keep,
      List<IssuerSettings> issuers) {
    public ServerPart {
      issuers = List.copyOf(issuers);
    }
  }

  /// Where the server listens, under which addresses people know it, and what they type to start
  /// the command line.
  public record WebPart(
      Listen listen,
      URI url,
      Optional<URI> approveOrigin,
      Optional<TlsFiles> tls,
      List<String> trustedProxies,
      String program) {
    public WebPart {
      trustedProxies = List.copyOf(trustedProxies);
    }
  }

  /// The tenants' logs: their host, the files of the server's keys, who is their witness.
  public record LogPart(
      String host,
      Path key,
      SigningMemory signedHeads,
      Path wrappingKey,
      List<WitnessSettings> witnesses,
      List<TenantWitnessSettings> ownWitnesses) {
    public LogPart {
      witnesses = List.copyOf(witnesses);
      ownWitnesses = List.copyOf(ownWitnesses);
    }
  }

  /// Where engineers reach the gateways, and by which files these are known.
  ///
  /// @param usual those of each resource that no region lists
  /// @param regions in the order of the file
  public record GatewayAccess(
      GatewayAddresses usual, List<RegionSettings> regions, Path ca, Path authority) {
    public GatewayAccess {
      regions = List.copyOf(regions);
    }

    /// The regions whose gateways lead to this resource, the usual one first; empty if none does.
    public List<RegionSettings> leadingTo(ResourceId resource) {
      return regions.stream().filter(region -> region.resources().contains(resource)).toList();
    }
  }

  /// Where gateways speak each protocol; empty where they do not.
  public record GatewayAddresses(Optional<Listen> postgres, Optional<Listen> http) {}

  /// Gateways of one place, and what they lead to.
  public record RegionSettings(
      Region name, GatewayAddresses addresses, List<ResourceId> resources) {
    public RegionSettings {
      resources = List.copyOf(resources);
    }
  }

  /// Who is told, and how.
  public record NotificationPart(
      Optional<MailSettings> mail, List<String> privateWebhookHosts, List<SinkSettings> sinks) {
    public NotificationPart {
      privateWebhookHosts = List.copyOf(privateWebhookHosts);
      sinks = List.copyOf(sinks);
    }
  }

  /// How much engineers may ask of one tenant; what is left out is as usual.
  public record RequestRateSettings(
      Optional<Integer> perEngineer,
      Optional<Integer> perTenant,
      Optional<Duration> within,
      Optional<Integer> toldSingly) {}

  /// Who runs the server.
  public record ProviderPart(String name) {}

  /// An OpenID Connect issuer that signs in the people of a tenant, or the provider's.
  public record IssuerSettings(
      String name,
      URI url,
      Optional<String> tenant,
      IssuerClientSettings client,
      List<String> domains,
      boolean addressesAreVerified,
      boolean mailedCodes,
      ClaimSettings claims,
      Optional<Path> ca) {
    public IssuerSettings {
      domains = List.copyOf(domains);
    }
  }

  /// What the server is at an issuer, and what it asks for there.
  public record IssuerClientSettings(
      String id, ConfigSecret secret, List<String> scopes, Map<String, String> parameters) {
    public IssuerClientSettings {
      scopes = List.copyOf(scopes);
      parameters = Map.copyOf(parameters);
    }
  }

  /// How the claims of an issuer are read.
  public record ClaimSettings(
      Map<String, String> demanded,
      Optional<RoleClaimSettings> roles,
      Optional<FactClaimSettings> facts) {
    public ClaimSettings {
      demanded = Map.copyOf(demanded);
    }
  }

  /// Which claims say where the provider's people work, for whom, and who of them is an agent.
  public record FactClaimSettings(
      Optional<String> country, Optional<String> employer, Optional<AgentClaimSettings> agents) {}

  /// Which values of a claim make somebody an agent.
  public record AgentClaimSettings(String claim, List<String> values) {
    public AgentClaimSettings {
      values = List.copyOf(values);
    }
  }

  /// Which roles the groups in a claim give.
  public record RoleClaimSettings(String claim, Map<String, String> byGroup) {
    public RoleClaimSettings {
      byGroup = Map.copyOf(byGroup);
    }
  }

  /// A witness of the epoch log; `keys` is the file with its vkeys.
  public record WitnessSettings(URI url, Path keys) {}

  /// A place that is told every event (docs/export.md): exactly one of the two is present.
  public record SinkSettings(
      String name,
      List<String> tenants,
      boolean texts,
      Optional<SyslogReceiver> syslog,
      Optional<SplunkCollector> splunk,
      Optional<Path> ca) {
    public SinkSettings {
      tenants = List.copyOf(tenants);
    }
  }

  public record SyslogReceiver(Listen receiver, Optional<Integer> enterprise) {}

  public record SplunkCollector(URI url, ConfigSecret token, boolean gzip) {}

  /// Where the witness of one tenant's own log is; its keys are in that tenant's signed settings.
  public record TenantWitnessSettings(String tenant, URI url) {}

  /// The control plane's database: one that is there, or one that this node runs.
  public sealed interface DatabaseSettings {
    int connections();

    record External(String url, String user, ConfigSecret password, int connections)
        implements DatabaseSettings {}

    record Embedded(Path directory, int port, int connections) implements DatabaseSettings {}
  }

  public record MailSettings(
      String host,
      int port,
      boolean startTls,
      Optional<String> user,
      Optional<ConfigSecret> password,
      String from) {}

  /// The gateway's part.
  ///
  /// @param region where the gateway runs, as operators are shown it
  public record GatewayPart(
      String id,
      Optional<Region> region,
      Listen listen,
      Optional<HttpPart> http,
      Optional<CheckPart> check,
      Path key,
      Path certificate,
      TlsFiles tls,
      ControlPlaneSettings server,
      Map<String, ConfigSecret> passwords,
      Map<String, String> pins,
      List<AlarmSettings> alarms,
      SessionSettings sessions,
      LoginLimits logins) {
    public GatewayPart {
      passwords = Map.copyOf(passwords);
      pins = Map.copyOf(pins);
      alarms = List.copyOf(alarms);
    }
  }

  /// HTTP on a gateway.
  ///
  /// @param ca the authority of upstreams' certificates; without one, those that Java knows
  /// @param idle how long a session goes on without a request
  /// @param assertionKeys the key files of assertions; the first one signs
  /// @param sessionHosts where browsers come; nowhere if empty
  public record HttpPart(
      Listen listen,
      Optional<Path> ca,
      Duration idle,
      List<Path> assertionKeys,
      Optional<SessionHosts> sessionHosts) {
    public HttpPart {
      assertionKeys = List.copyOf(assertionKeys);
    }
  }

  /// Where services and proxies ask.
  ///
  /// @param url the address by which they know it
  /// @param idle how long a session goes on without a question
  public record CheckPart(Listen listen, URI url, List<CheckCaller> callers, Duration idle) {
    public CheckPart {
      callers = List.copyOf(callers);
    }
  }

  /// What is not as usual for the sessions of a gateway.
  public record SessionSettings(Optional<Integer> recordMegabytes, Optional<Duration> hold) {}

  /// Where the gateway itself tells a tenant that it refused a history of its log.
  public record AlarmSettings(String tenant, AlarmReceiver receiver) {}

  /// How the gateway reaches the server, and what it shows there.
  public record ControlPlaneSettings(
      URI url, ConfigSecret token, Optional<Path> ca, Optional<TlsFiles> clientCertificate) {}
}
