package org.openlockbox.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.client.ClientFixture;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.gateway.testing.Await;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/// An application of Spring Boot in a real Tomcat, which is its own gateway.
final class StarterFixture implements AutoCloseable {
  /// What other modules bring to the class path of a test run.
  private static final String SECURITY = "org.springframework.boot.security.";

  private static final String OTHERS =
      Stream.of(
              "autoconfigure.SecurityAutoConfiguration",
              "autoconfigure.UserDetailsServiceAutoConfiguration",
              "autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
              "autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
              "oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration",
              "oauth2.server.resource.autoconfigure.web."
                  + "OAuth2ResourceServerWebSecurityAutoConfiguration")
          .map(SECURITY::concat)
          .collect(Collectors.joining(","));

  final ClientFixture app = new ClientFixture();
  final ConfigurableApplicationContext running;
  private final HttpClient http = HttpClient.newHttpClient();

  StarterFixture(Class<?>... parts) throws IOException {
    TicketController.RUN.set(0);
    running = run(parts);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  /// Another one beside it.
  ConfigurableApplicationContext run(Class<?>... parts) {
    return new SpringApplicationBuilder(Application.class)
        .sources(parts)
        .web(WebApplicationType.SERVLET)
        .properties(
            Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "spring.main.banner-mode", "off",
                "spring.autoconfigure.exclude", OTHERS))
        .initializers(context -> context.getBeanFactory().registerSingleton("lockbox", app.lockbox))
        .run();
  }

  int port() {
    return Integer.parseInt(running.getEnvironment().getProperty("local.server.port", "0"));
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> into)
      throws Exception {
    return http.send(request.build(), into);
  }

  HttpResponse<String> get(String path, String header) throws Exception {
    return send(to(path).header("Authorization", header));
  }

  HttpResponse<String> post(String path, String header, String type, String body) throws Exception {
    return send(
        to(path)
            .header("Authorization", header)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  String header(Limits limits) {
    return app.header(app.acme, app.approved(app.acme, Level.READ, limits));
  }

  String header() {
    return header(Limits.UNWRITTEN);
  }

  String onlyOutcome() {
    Await.until(() -> !app.outcomes().isEmpty());
    assertThat(app.outcomes()).hasSize(1);
    return app.outcomes().getFirst();
  }

  @Override
  public void close() {
    running.close();
    app.close();
    http.close();
  }
}
