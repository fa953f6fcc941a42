package org.openlockbox.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.server.gateway.SubmittedEntry;
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

  private LockboxServer(Wiring wiring, ConfigurableApplicationContext web) {
    this.wiring = wiring;
    this.web = web;
  }

  /// Starts a server with its API alone, and returns when it answers.
  public static LockboxServer start(ServerConfig config) {
    return start(config, Extension.NONE);
  }

  /// Starts a server that answers more than its API.
  public static LockboxServer start(ServerConfig config, Extension extension) {
    var wiring = new Wiring(config);
    try {
      var application = new SpringApplication(EmptySource.class);
      application.setWebApplicationType(WebApplicationType.SERVLET);
      application.setBannerMode(Banner.Mode.OFF);
      application.setRegisterShutdownHook(false);
      application.setLogStartupInfo(false);
      application.setAddCommandLineProperties(false);
      application.setDefaultProperties(properties(config));
      application.addInitializers(
          context -> wiring.register((GenericApplicationContext) context, extension));
      var web = application.run();
      wiring.startRounds();
      return new LockboxServer(wiring, web);
    } catch (RuntimeException e) {
      wiring.close();
      throw e;
    }
  }

  /// Spring wants a primary source; everything comes from [Wiring].
  static final class EmptySource {}

  /// The form of a policy with as many rules as one can have.
  private static final int MOST_FIELDS = 5000;

  private static Map<String, Object> properties(ServerConfig config) {
    var properties = new HashMap<String, Object>();
    properties.put("server.address", config.web().bindAddress());
    properties.put("server.port", config.web().port());
    properties.put("server.shutdown", "immediate");
    properties.put("server.max-http-request-header-size", "16KB");
    properties.put("server.servlet.register-default-servlet", false);
    properties.put("server.tomcat.max-parameter-count", MOST_FIELDS);
    properties.put("spring.threads.virtual.enabled", true);
    properties.put("spring.main.keep-alive", false);
    properties.put("logging.level.root", "warn");
    config.web().tls().ifPresent(tls -> addTls(properties, tls));
    return properties;
  }

  private static void addTls(Map<String, Object> properties, ServerConfig.TlsConfig tls) {
    properties.put("server.ssl.certificate", "file:" + tls.certificates());
    properties.put("server.ssl.certificate-private-key", "file:" + tls.privateKey());
    tls.clientAuthorities()
        .ifPresent(
            authorities -> {
              properties.put("server.ssl.trust-certificate", "file:" + authorities);
              properties.put("server.ssl.client-auth", "want");
            });
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
