package org.openlockbox.node.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.node.config.CatalogueReader.ListedResources;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings;
import org.openlockbox.node.config.NodeConfig.GatewayAccess;
import org.openlockbox.node.config.NodeConfig.Listen;
import org.openlockbox.node.config.NodeConfig.LogPart;
import org.openlockbox.node.config.NodeConfig.MailSettings;
import org.openlockbox.node.config.NodeConfig.ManagementPart;
import org.openlockbox.node.config.NodeConfig.NotificationPart;
import org.openlockbox.node.config.NodeConfig.ProviderPart;
import org.openlockbox.node.config.NodeConfig.RequestRateSettings;
import org.openlockbox.node.config.NodeConfig.ServerPart;
import org.openlockbox.node.config.NodeConfig.SinkSettings;
import org.openlockbox.node.config.NodeConfig.SplunkCollector;
import org.openlockbox.node.config.NodeConfig.SyslogReceiver;
import org.openlockbox.node.config.NodeConfig.TenantWitnessSettings;
import org.openlockbox.node.config.NodeConfig.WebPart;
import org.openlockbox.node.config.NodeConfig.WitnessSettings;
import org.openlockbox.node.logging.LogSettings;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.server.log.memory.SigningMemory;
import org.openlockbox.server.prune.PruneAges;

/// Reads `lockbox.yaml`. Each key is described in docs/install.md; relative paths are relative to
/// the file. Files that are named must exist, so that a typing mistake is found at the start and
/// not when the first mail goes out.
public final class ConfigReader {
  private static final Pattern LISTEN = Pattern.compile("(.+):([0-9]{1,5})");
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int CONNECTIONS = 16;

  private final Path file;
  private final Path base;
  private final NamedFiles files;
  private Optional<Path> state = Optional.empty();

  private ConfigReader(Path file) {
    this.file = file;
    this.base = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
    this.files = new NamedFiles(base);
  }

  /// Reads the file and the catalogue that it names.
  ///
  /// @throws NodeFailure naming the line of the first mistake
  public static NodeConfig read(Path file) {
    try {
      return new ConfigReader(file).read();
    } catch (YamlProblem e) {
      throw new NodeFailure(Code.USAGE, Objects.requireNonNullElse(e.getMessage(), "bad file"), e);
    }
  }

  private NodeConfig read() {
    var top = YamlMap.parse(file.toString(), text(file));
    state = top.optionalText("state").map(base::resolve);
    Path resources = base.resolve(top.text("resources"));
    var listed = CatalogueReader.read(resources.toString(), text(resources));
    var catalogue = listed.databases();
    var config =
        new NodeConfig(
            file,
            resources,
            catalogue,
            listed.services(),
            listed.checks(),
            listed.applications(),
            top.optionalMap("server").map(server -> server(server, listed)),
            top.optionalMap("gateway")
                .map(gateway -> new GatewayPartReader(base).read(gateway, catalogue)),
            top.optionalMap("management").map(ConfigReader::management),
            top.optionalMap("logging").map(LogSettingsReader::read).orElse(LogSettings.STANDARD),
            top.optionalMap("tracing")
                .map(tracing -> TraceReader.read(tracing, base, files.optional(tracing, "ca"))),
            top.optionalBool("watch").orElse(false));
    top.done();
    if (config.server().isEmpty() && config.gateway().isEmpty()) {
      throw new YamlProblem(file.toString(), top.line(), "a server, a gateway or both are needed");
    }
    CatalogueReader.requireSomething(config);
    RegionReader.requireAddresses(config, top.line());
    HttpPartReader.requireKeys(config, top.line());
    CheckPartReader.requireKnown(config, top.line());
    return config;
  }

  private static ManagementPart management(YamlMap management) {
    var read = new ManagementPart(listen(management, "listen"));
    management.done();
    return read;
  }

  private ServerPart server(YamlMap server, ListedResources listed) {
    var part =
        new ServerPart(
            web(server),
            log(server),
            database(server.map("database")),
            new GatewayAccess(
                RegionReader.addresses(server),
                RegionReader.regions(server, listed),
                files.named(server, "gatewayCa"),
                files.named(server, "gatewayAuthority")),
            provider(server.map("provider")),
            new NotificationPart(
                server.optionalMap("mail").map(this::mail),
                server.texts("privateWebhookHosts"),
                server.maps("export").stream().map(this::sink).toList()),
            server.optionalMap("requestRates").map(ConfigReader::limits),
            server.optionalMap("keep").map(PruneAgesReader::read).orElse(PruneAges.STANDARD),
            new IssuerReader(base).issuers(server));
    server.done();
    return part;
  }

  private WebPart web(YamlMap server) {
    return new WebPart(
        listen(server, "listen"),
        url(server, "url"),
        server.optionalMap("approve").map(ConfigReader::approve),
        server.optionalMap("tls").map(files::tls),
        WebReader.trustedProxies(server),
        WebReader.program(server));
  }

  private LogPart log(YamlMap server) {
    return new LogPart(
        server.text("logHost"),
        files.named(server, "logKey"),
        server.isMap("signedHeads")
            ? new SharedMemoryReader(base).read(server.map("signedHeads"))
            : new SigningMemory.Directory(written(server, "signedHeads", "heads")),
        written(server, "wrappingKey", "wrapping-key"),
        server.maps("witnesses").stream().map(this::knownWitness).toList(),
        server.maps("ownWitnesses").stream().map(ConfigReader::ownWitness).toList());
  }

  /// What the server writes by itself: in the node's state directory, or beside the file.
  private Path written(YamlMap server, String key, String name) {
    return server
        .optionalText(key)
        .map(base::resolve)
        .orElseGet(
            () ->
                state
                    .map(directory -> directory.resolve(name))
                    .orElseGet(() -> base.resolve(file.getFileName() + "." + name)));
  }

  private static RequestRateSettings limits(YamlMap limits) {
    var read =
        new RequestRateSettings(
            limits.optionalInteger("perEngineer"),
            limits.optionalInteger("perTenant"),
            limits.optionalDuration("within"),
            limits.optionalInteger("toldSingly"));
    limits.done();
    return read;
  }

  /// Where passkeys sign: a host of its own, with which nothing else is shared.
  private static URI approve(YamlMap approve) {
    var origin = url(approve, "origin");
    approve.done();
    if (!origin.getRawPath().isEmpty()) {
      throw approve.problem("origin", "an origin ends after its host and port");
    }
    return origin;
  }

  private static ProviderPart provider(YamlMap provider) {
    var read = new ProviderPart(provider.text("name"));
    provider.done();
    return read;
  }

  private static TenantWitnessSettings ownWitness(YamlMap witness) {
    var read = new TenantWitnessSettings(witness.text("tenant"), base(url(witness, "url")));
    witness.done();
    return read;
  }

  private static URI base(URI url) {
    return url.toString().endsWith("/") ? url : URI.create(url + "/");
  }

  private WitnessSettings knownWitness(YamlMap witness) {
    var read = new WitnessSettings(base(url(witness, "url")), files.named(witness, "keys"));
    witness.done();
    return read;
  }

  private SinkSettings sink(YamlMap sink) {
    var read =
        new SinkSettings(
            sink.text("name"),
            sink.texts("tenants"),
            sink.optionalBool("texts").orElse(false),
            sink.optionalMap("syslog").map(ConfigReader::syslog),
            sink.optionalMap("splunk").map(this::splunk),
            files.optional(sink, "ca"));
    sink.done();
    if (read.syslog().isPresent() == read.splunk().isPresent()) {
      throw sink.problem("name", "a sink has exactly one of syslog and splunk");
    }
    return read;
  }

  private static SyslogReceiver syslog(YamlMap syslog) {
    var read = new SyslogReceiver(listen(syslog, "tls"), syslog.optionalInteger("enterprise"));
    syslog.done();
    return read;
  }

  private SplunkCollector splunk(YamlMap splunk) {
    var read =
        new SplunkCollector(
            url(splunk, "url"),
            ConfigSecret.read(splunk, "token", base),
            splunk.optionalBool("gzip").orElse(true));
    splunk.done();
    return read;
  }

  private DatabaseSettings database(YamlMap database) {
    int connections = database.optionalInteger("connections").orElse(CONNECTIONS);
    var embedded = database.optionalMap("embedded");
    DatabaseSettings read;
    if (embedded.isPresent()) {
      var map = embedded.get();
      read =
          new DatabaseSettings.Embedded(
              base.resolve(map.text("directory")), port(map, "port"), connections);
      map.done();
    } else {
      read =
          new DatabaseSettings.External(
              database.text("url"),
              database.text("user"),
              ConfigSecret.read(database, "password", base),
              connections);
    }
    database.done();
    return read;
  }

  private MailSettings mail(YamlMap mail) {
    var read =
        new MailSettings(
            mail.text("host"),
            port(mail, "port"),
            mail.optionalBool("startTls").orElse(true),
            mail.optionalText("user"),
            mail.has("password")
                ? Optional.of(ConfigSecret.read(mail, "password", base))
                : Optional.empty(),
            mail.text("from"));
    mail.done();
    return read;
  }

  static Listen listen(YamlMap map, String key) {
    var match = LISTEN.matcher(map.text(key));
    if (!match.matches() || Integer.parseInt(match.group(2)) > 65_535) {
      throw map.problem(key, "must be host:port, such as 127.0.0.1:8420");
    }
    return new Listen(match.group(1), Integer.parseInt(match.group(2)));
  }

  private static int port(YamlMap map, String key) {
    int port = map.integer(key);
    if (port < 1 || port > 65_535) {
      throw map.problem(key, "must be between 1 and 65535");
    }
    return port;
  }

  /// https anywhere; http only on this machine, because tokens travel to this address.
  static URI url(YamlMap map, String key) {
    URI url;
    try {
      url = URI.create(map.text(key));
    } catch (IllegalArgumentException e) {
      throw map.problem(key, "not a URL: " + e.getMessage());
    }
    String host = url.getHost();
    if (host == null || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
      throw map.problem(key, "must be https://host or https://host:port");
    }
    if ("http".equals(url.getScheme()) && !isThisMachine(host)) {
      throw map.problem(
          key, "http to " + host + " would show tokens to the network: use https, or localhost");
    }
    return url;
  }

  /// Names under `localhost` never leave the machine (RFC 6761).
  private static boolean isThisMachine(String host) {
    return THIS_MACHINE.contains(host) || host.endsWith(".localhost");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new NodeFailure(Code.USAGE, file + " cannot be read: " + e, e);
    }
  }
}
