package org.openlockbox.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openlockbox.check.forward.ProxyConfiguration;
import org.openlockbox.check.forward.ProxyDialect;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What is printed for proxies that no test can run is held against what they document: Traefik 3,
/// `reference/dynamic-configuration/file.yaml`; Envoy, `ext_authz.proto` and
/// `http_connection_manager.proto` of v3.
class ProxySchemaTest {
  private static final ProxyConfiguration PRINTED =
      new ProxyConfiguration(
          URI.create("https://checks.internal:8444"),
          "office",
          URI.create("http://127.0.0.1:8080"));

  /// Every path of keys, with `*` for names that the configuration chooses.
  private static final Set<String> OF_TRAEFIK =
      Set.of(
          "http.middlewares.*.forwardAuth.address",
          "http.middlewares.*.forwardAuth.trustForwardHeader",
          "http.middlewares.*.forwardAuth.authRequestHeaders",
          "http.middlewares.*.forwardAuth.authResponseHeaders",
          "http.middlewares.*.forwardAuth.tls.ca",
          "http.middlewares.*.forwardAuth.tls.cert",
          "http.middlewares.*.forwardAuth.tls.key",
          "http.middlewares.*.headers.customRequestHeaders.*",
          "http.routers.*.rule",
          "http.routers.*.middlewares",
          "http.routers.*.service",
          "http.services.*.loadBalancer.servers.url");

  private static final Set<String> CHOSEN_IN_TRAEFIK =
      Set.of(
          "http.middlewares",
          "http.routers",
          "http.services",
          "http.middlewares.*.headers.customRequestHeaders");

  private static final Set<String> OF_ENVOY =
      Set.of(
          "name",
          "typed_config.@type",
          "typed_config.failure_mode_allow",
          "typed_config.http_service.server_uri.uri",
          "typed_config.http_service.server_uri.cluster",
          "typed_config.http_service.server_uri.timeout",
          "typed_config.http_service.path_prefix",
          "typed_config.http_service.authorization_response.allowed_upstream_headers.patterns.exact",
          "typed_config.http_service.authorization_response.allowed_client_headers.patterns.exact");

  private static Object yaml(String text) {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  private static Set<String> paths(Object node, String at, Set<String> chosen) {
    Set<String> all = new TreeSet<>();
    switch (node) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                String name = chosen.contains(at) ? "*" : key.toString();
                all.addAll(paths(value, at.isEmpty() ? name : at + "." + name, chosen));
              });
      case List<?> list when list.stream().anyMatch(Map.class::isInstance) ->
          list.forEach(each -> all.addAll(paths(each, at, chosen)));
      case null, default -> all.add(at);
    }
    return all;
  }

  @Test
  void traefikDocumentsEachKeyThatIsPrinted() {
    Object printed = yaml(PRINTED.of(ProxyDialect.TRAEFIK));
    assertThat(paths(printed, "", CHOSEN_IN_TRAEFIK))
        .containsExactlyInAnyOrderElementsOf(OF_TRAEFIK);
  }

  /// A router that names a middleware or a service which is not there serves nobody.
  @Test
  void whatTraefiksRouterNamesIsThere() {
    Object http = below(yaml(PRINTED.of(ProxyDialect.TRAEFIK)), "http");
    Object router = below(below(http, "routers"), "office");
    assertThat(keys(below(http, "middlewares"))).isEqualTo(below(router, "middlewares").toString());
    assertThat(keys(below(http, "services"))).isEqualTo("[office]");
    assertThat(below(router, "rule").toString()).isNotBlank();
  }

  private static Object below(Object node, String key) {
    return Objects.requireNonNull(((Map<?, ?>) node).get(key), key);
  }

  private static String keys(Object node) {
    return ((Map<?, ?>) node).keySet().toString();
  }

  @Test
  void envoyDocumentsEachKeyThatIsPrinted() {
    String printed = PRINTED.of(ProxyDialect.ENVOY);
    int filter = printed.indexOf("- name: ");
    assertThat(paths(yaml(printed.substring(filter)), "", Set.of()))
        .containsExactlyInAnyOrderElementsOf(OF_ENVOY);
    assertThat(paths(yaml(printed.substring(0, filter)), "", Set.of()))
        .containsExactlyInAnyOrder(
            "common_http_protocol_options.headers_with_underscores_action",
            "request_headers_to_remove");
  }
}
