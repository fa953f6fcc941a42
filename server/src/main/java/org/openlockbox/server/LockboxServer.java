package org.openlockbox.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.server.gateway.SubmittedEntry;
import org.openlockbox.server.health.ServerCondition;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.identity.Tokens;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// A running control plane. Keeps no state but in its database: any number of servers may run over
/// the same one, and a killed one leaves nothing that another does not pick up.
public final class LockboxServer implements AutoCloseable {
  private final Wiring wiring;
  private final ConfigurableApplicationContext web;

  private final WebCertificate certificate;

  private LockboxServer(
      Wiring wiring, ConfigurableApplicationContext web, WebCertificate certificate) {
    this.wiring = wiring;
    this.web = web;
    this.certificate = certificate;
  }

  /// Starts a server with its API alone, and returns when it answers.
  public static LockboxServer start(ServerConfig config) {
    return start(config, Extension.NONE);
  }

  /// Starts a server that answers more than its API.
  public static LockboxServer start(ServerConfig config, Extension extension) {
    var wiring = new Wiring(config);
    var certificate = new WebCertificate();
    try {
      var application = new SpringApplication(EmptySource.class);
      application.setWebApplicationType(WebApplicationType.SERVLET);
      application.setBannerMode(Banner.Mode.OFF);
      application.setRegisterShutdownHook(false);
      application.setLogStartupInfo(false);
      application.setAddCommandLineProperties(false);
      application.setDefaultProperties(properties(config));
      application.addInitializers(
          context -> {
            var spring = (GenericApplicationContext) context;
            config.web().tls().ifPresent(tls -> certificate.register(spring, tls));
            wiring.register(spring, extension);
          });
      var web = application.run();
      wiring.startRounds();
      return new LockboxServer(wiring, web, certificate);
    } catch (RuntimeException e) {
      wiring.close();
      throw e;
    }
  }

  /// Spring wants a primary source; everything comes from [Wiring].
  static final class EmptySource {}

  /// The form of a policy with as many rules as one can have, and as many countries in each.
  private static final int MOST_FIELDS = 20_000;

  private static Map<String, Object> properties(ServerConfig config) {
    var properties = new HashMap<String, Object>();
    properties.put("server.address", config.web().bindAddress());
    properties.put("server.port", config.web().port());
    properties.put("server.shutdown", "graceful");
    properties.put("spring.lifecycle.timeout-per-shutdown-phase", "2s");
    properties.put("server.max-http-request-header-size", "16KB");
    properties.put("server.servlet.register-default-servlet", false);
    properties.put("server.tomcat.max-parameter-count", MOST_FIELDS);
    properties.put("spring.threads.virtual.enabled", true);
    properties.put("spring.main.keep-alive", false);
    properties.put("logging.level.root", "warn");
    if (!config.web().trustedProxies().isEmpty()) {
      properties.put("server.tomcat.remoteip.remote-ip-header", "X-Forwarded-For");
      properties.put(
          "server.tomcat.remoteip.internal-proxies",
          String.join(",", config.web().trustedProxies()));
    }
    config.web().tls().ifPresent(tls -> properties.putAll(WebCertificate.properties(tls)));
    return properties;
  }

  /// The port it listens on, also when it was told to choose one.
  public int port() {
    var server = ((WebServerApplicationContext) web).getWebServer();
    if (server == null) {
      throw new IllegalStateException("the web server is closed");
    }
    return server.getPort();
  }

  /// Issues and revokes bearer tokens: how the first operator of an installation gets in.
  public Tokens tokens() {
    return wiring.people().tokens();
  }

  /// The people who use the portal: how the first ones get in.
  public People people() {
    return wiring.people().people();
  }

  /// What the provider holds of its own people.
  public ProviderDirectory directory() {
    return wiring.people().directory();
  }

  /// Builds the next epoch at once, whatever the time.
  public void buildEpoch() {
    wiring.epochs().epochs().now();
  }

  /// Appends what a gateway in this process recorded, as its call to the gateways' door would;
  /// durable when it returns.
  public void append(GatewayId gateway, String boot, List<SubmittedEntry> entries) {
    wiring.gateways().appending().append(gateway, boot, entries);
  }

  /// How many appends of gateways wait for others to be committed.
  public int waitingAppends() {
    return wiring.gateways().appending().waiting();
  }

  /// Goes on with what this says of the certificate, of the database's password, of the provider's
  /// resources, of mail and of sinks. All else takes effect at a start alone. Throws before
  /// anything has changed if the certificate or the password is of no use.
  public void reload(ServerConfig next) {
    var shown = next.web().tls().map(WebCertificate::read);
    wiring.reload(next);
    certificate.show(shown);
  }

  /// Whether it can do its work, at most a second ago.
  public ServerCondition condition() {
    return wiring.health().condition();
  }

  /// Has this registry read all figures of the server.
  public void measuredBy(MeterRegistry reader) {
    wiring.meters().readBy(reader);
  }

  /// Has this tracer write all spans of the server that begin from now on.
  public void tracedBy(Tracer writer) {
    wiring.traces().writeBy(writer);
  }

  /// Work that should go on as long as it runs, and has ended: only a new start helps.
  public List<String> stoppedWork() {
    return wiring.stoppedWork();
  }

  /// Erases at once what the tenants' retention periods have made due.
  public void eraseWhatIsDue() {
    wiring.records().retention().round();
  }

  /// Stops answering, then stops the background work.
  @Override
  public void close() {
    web.close();
    wiring.close();
  }
}
