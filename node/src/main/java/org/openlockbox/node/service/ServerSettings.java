package org.openlockbox.node.service;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.check.catalogue.CheckListing;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.check.catalogue.CheckedRoute;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.application.ApplicationListing;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.net.TlsIdentity;
import org.openlockbox.node.config.ConfigSecret;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings;
import org.openlockbox.node.config.NodeConfig.GatewayAddresses;
import org.openlockbox.node.config.NodeConfig.IssuerSettings;
import org.openlockbox.node.config.NodeConfig.Listen;
import org.openlockbox.node.config.NodeConfig.ServerPart;
import org.openlockbox.node.config.NodeConfig.SinkSettings;
import org.openlockbox.node.config.NodeConfig.TlsFiles;
import org.openlockbox.node.config.NodeConfig.WitnessSettings;
import org.openlockbox.node.database.EmbeddedDatabase;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.portal.Portal;
import org.openlockbox.portal.edge.ApproveOrigin;
import org.openlockbox.portal.edge.Origins;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.server.ServerConfig;
import org.openlockbox.server.access.RequestRates;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.server.export.EventSink;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.oidc.OidcIssuer;
import org.openlockbox.server.notify.outbox.Smtp;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.NoteVerifier;

/// Turns the server section of the configuration into what the server is told.
public final class ServerSettings {
  private static final ConfigSecret NO_PASSWORD = new ConfigSecret.InsecureInline("");

  private static final int HTTPS = 443;

  private final NodeConfig config;
  private final ServerPart part;
  private final InstantSource clock;

  ServerSettings(NodeConfig config, InstantSource clock) {
    this.config = config;
    this.part = config.server().orElseThrow();
    this.clock = clock;
  }

  ServerConfig read(Optional<EmbeddedDatabase> started, Listen listen) {
    return new ServerConfig(
        database(started),
        new ServerConfig.WebConfig(
            listen.host(),
            listen.port(),
            part.web().url(),
            part.web().tls().map(ServerSettings::tls),
            part.web().trustedProxies(),
            part.web().program()),
        log(),
        new ServerConfig.AccessConfig(
            provider(), part.requestRates().map(ServerSettings::limits).orElse(RequestRates.USUAL)),
        new ServerConfig.NotificationConfig(
            part.notifications().mail().map(ServerSettings::smtp),
            new HashSet<>(part.notifications().privateWebhookHosts())),
        part.notifications().sinks().stream().map(ServerSettings::sink).toList(),
        part.issuers().stream().map(ServerSettings::issuer).toList(),
        clock);
  }

  private ServerConfig.LogConfig log() {
    return new ServerConfig.LogConfig(
        part.log().host(),
        part.log().key(),
        part.log().signedHeads(),
        part.log().witnesses().stream().map(ServerSettings::witness).toList(),
        ownWitnesses());
  }

  private Provider provider() {
    return new Provider(
        part.provider().name(), resources(), KeyFile.publicKey(text(part.gateways().authority())));
  }

  private List<Resource> resources() {
    return Stream.of(
            config.catalogue().resources().stream().map(this::resource),
            config.services().stream().map(this::service),
            config.checks().stream().map(ServerSettings::check),
            config.applications().stream().map(ServerSettings::application))
        .flatMap(each -> each)
        .toList();
  }

  private Map<TenantId, URI> ownWitnesses() {
    try {
      return part.log().ownWitnesses().stream()
          .collect(Collectors.toMap(own -> new TenantId(own.tenant()), own -> own.url()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new NodeFailure(Code.USAGE, "server.ownWitnesses: " + e.getMessage(), e);
    }
  }

  private static RequestRates limits(NodeConfig.RequestRateSettings limits) {
    try {
      var usual = RequestRates.USUAL;
      return new RequestRates(
          limits.perEngineer().orElse(usual.perEngineer()),
          limits.perTenant().orElse(usual.perTenant()),
          limits.within().orElse(usual.within()),
          limits.toldSingly().orElse(usual.toldSingly()));
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, "server.requestRates: " + e.getMessage(), e);
    }
  }

  private static ServerConfig.TlsConfig tls(TlsFiles tls) {
    identity(tls, "server.tls");
    return new ServerConfig.TlsConfig(tls.certificate(), tls.key(), tls.clientAuthorities());
  }

  /// Certificate and key of a section, checked to belong together before anything starts.
  static TlsIdentity identity(TlsFiles tls, String section) {
    try {
      return TlsIdentity.parse(text(tls.certificate()), text(tls.key()));
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(
          Code.USAGE,
          "%s: %s (%s, %s)".formatted(section, e.getMessage(), tls.certificate(), tls.key()),
          e);
    }
  }

  private ServerConfig.DatabaseConfig database(Optional<EmbeddedDatabase> started) {
    return switch (part.database()) {
      case DatabaseSettings.External external ->
          new ServerConfig.DatabaseConfig(
              external.url(),
              external.user(),
              external.password(),
              external.connections(),
              part.log().wrappingKey(),
              part.keep());
      case DatabaseSettings.Embedded embedded -> {
        var own = started.orElseThrow();
        Supplier<String> password = own::password;
        yield new ServerConfig.DatabaseConfig(
            own.jdbcUrl(),
            own.user(),
            password,
            embedded.connections(),
            part.log().wrappingKey(),
            part.keep());
      }
    };
  }

  private static Smtp smtp(NodeConfig.MailSettings mail) {
    return new Smtp(
        mail.host(),
        mail.port(),
        mail.startTls(),
        mail.user(),
        mail.password().orElse(NO_PASSWORD),
        mail.from());
  }

  private Resource resource(ResourceSpec spec) {
    return new Resource(
        spec.id(),
        spec.name(),
        new HashSet<>(spec.levels()),
        spec.providerReview(),
        spec.decideWithin(),
        gateways(spec.id(), spec.address().database(), GatewayAddresses::postgres),
        spec.tables().stream().map(ServerSettings::table).toList(),
        Optional.empty(),
        Assurance.GATED,
        spec.digest());
  }

  private Resource service(HttpListing listed) {
    HttpSpec spec = listed.spec();
    return new Resource(
        spec.id(),
        spec.name(),
        spec.levels(),
        spec.needsReview(),
        listed.decideWithin(),
        gateways(spec.id(), spec.id().value(), GatewayAddresses::http),
        List.of(),
        Optional.of(
            new Resource.ServiceRoutes(
                spec.routes().routes().stream().map(ServerSettings::route).toList(),
                spec.tenants())),
        Assurance.GATED,
        spec.digest().hex());
  }

  /// Those of the regions that lead to it, or the usual ones.
  private List<Resource.GatewayEndpoint> gateways(
      ResourceId id, String database, Function<GatewayAddresses, Optional<Listen>> ofProtocol) {
    String ca = text(part.gateways().ca());
    var regions = part.gateways().leadingTo(id);
    if (regions.isEmpty()) {
      return List.of(
          endpoint(
              Optional.empty(),
              ofProtocol.apply(part.gateways().usual()).orElseThrow(),
              database,
              ca));
    }
    return regions.stream()
        .map(
            region ->
                endpoint(
                    Optional.of(region.name()),
                    ofProtocol.apply(region.addresses()).orElseThrow(),
                    database,
                    ca))
        .toList();
  }

  private static Resource.GatewayEndpoint endpoint(
      Optional<Region> region, Listen address, String database, String ca) {
    return new Resource.GatewayEndpoint(region, address.host(), address.port(), database, ca);
  }

  /// Engineers go to the service itself, whose certificate is its own affair.
  private static Resource check(CheckListing listed) {
    CheckSpec spec = listed.spec();
    return new Resource(
        spec.id(),
        spec.name(),
        spec.levels(),
        spec.needsReview(),
        listed.decideWithin(),
        itself(listed.url(), spec.id()),
        List.of(),
        Optional.of(
            new Resource.ServiceRoutes(
                spec.routes().stream().map(ServerSettings::route).toList(),
                spec.tenants().entrySet().stream()
                    .collect(
                        Collectors.toMap(Map.Entry::getKey, each -> each.getValue().getFirst())))),
        Assurance.CHECKED,
        spec.digest().hex());
  }

  /// Engineers go to the application, which has no paths that a gateway could list.
  private static Resource application(ApplicationListing listed) {
    ApplicationSpec spec = listed.spec();
    return new Resource(
        spec.id(),
        spec.name(),
        spec.levels(),
        spec.needsReview(),
        listed.decideWithin(),
        itself(listed.url(), spec.id()),
        List.of(),
        Optional.of(new Resource.ServiceRoutes(List.of(), spec.tenants())),
        Assurance.GATED,
        spec.digest().hex());
  }

  private static List<Resource.GatewayEndpoint> itself(URI url, ResourceId id) {
    int port = url.getPort() < 0 ? HTTPS : url.getPort();
    return List.of(endpoint(Optional.empty(), new Listen(url.getHost(), port), id.value(), ""));
  }

  private static Resource.ResourceRoute route(CheckedRoute route) {
    return new Resource.ResourceRoute(
        route.name().value(), route.method().name(), route.path().toString(), route.level());
  }

  private static Resource.ResourceRoute route(HttpRoute route) {
    var fields = route.answer().fields();
    return new Resource.ResourceRoute(
        route.name().value(),
        route.method().name(),
        route.path().toString(),
        route.level(),
        new Resource.RouteFields(fields.shown(), fields.masked()));
  }

  /// What approvers are told of a table.
  private static Resource.ResourceTable table(TableSpec table) {
    return new Resource.ResourceTable(
        SqlName.of(table.name().schema()),
        SqlName.of(table.name().name()),
        table.masks().keySet().stream().map(SqlName::of).toList(),
        table.hidden().stream().map(SqlName::of).toList(),
        table.shared());
  }

  /// The pages that people use, beside the API.
  Portal portal() {
    try {
      var approve = part.web().approveOrigin().map(ApproveOrigin::new);
      return new Portal(new Origins(part.web().url(), approve));
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, "server.approve: " + e.getMessage(), e);
    }
  }

  private static Witnesses.WitnessEndpoint witness(WitnessSettings witness) {
    try {
      return new Witnesses.WitnessEndpoint(
          witness.url(),
          text(witness.keys())
              .lines()
              .filter(line -> !line.isBlank())
              .map(NoteVerifier::parse)
              .toList());
    } catch (MalformedNote e) {
      throw new NodeFailure(
          Code.USAGE, witness.keys() + " is no list of vkeys: " + e.getMessage(), e);
    }
  }

  private static EventSink sink(SinkSettings sink) {
    try {
      var tenants = sink.tenants().stream().map(TenantId::new).toList();
      return sink.syslog()
          .<EventSink>map(
              syslog ->
                  new EventSink.Syslog(
                      sink.name(),
                      tenants,
                      sink.texts(),
                      syslog.receiver().host(),
                      syslog.receiver().port(),
                      sink.ca(),
                      syslog.enterprise().orElse(EventSink.Syslog.EXAMPLE)))
          .or(
              () ->
                  sink.splunk()
                      .map(
                          splunk ->
                              new EventSink.Splunk(
                                  sink.name(),
                                  tenants,
                                  sink.texts(),
                                  splunk.url(),
                                  splunk.token(),
                                  splunk.gzip(),
                                  sink.ca())))
          .orElseThrow();
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, "server.export: " + e.getMessage(), e);
    }
  }

  /// The issuer that was configured so.
  public static OidcIssuer issuer(IssuerSettings known) {
    try {
      return new OidcIssuer(
          known.name(),
          known.url(),
          known.tenant().map(TenantId::new),
          new OidcIssuer.RegisteredClient(
              known.client().id(),
              known.client().secret(),
              known.client().scopes(),
              known.client().parameters()),
          new OidcIssuer.MailDomains(
              new HashSet<>(known.domains()), known.addressesAreVerified(), known.mailedCodes()),
          new OidcIssuer.ClaimRules(
              known.claims().demanded(),
              known.claims().roles().map(ServerSettings::roles),
              known.claims().facts().map(ServerSettings::facts)),
          known.ca());
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, "server.issuers: " + e.getMessage(), e);
    }
  }

  private static OidcIssuer.FactClaims facts(NodeConfig.FactClaimSettings facts) {
    return new OidcIssuer.FactClaims(
        facts.country(),
        facts.employer(),
        facts
            .agents()
            .map(one -> new OidcIssuer.AgentClaim(one.claim(), new HashSet<>(one.values()))));
  }

  private static OidcIssuer.Roles roles(NodeConfig.RoleClaimSettings roles) {
    return new OidcIssuer.Roles(
        roles.claim(),
        roles.byGroup().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, one -> Role.parse(one.getValue()))));
  }

  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, file + " cannot be read: " + e, e);
    }
  }
}
