package org.openlockbox.check.forward;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The part of a proxy's configuration that makes it ask before it forwards. It names files for
/// what is secret, and holds none.
///
/// @param checks the address of this gateway's checks
/// @param resource that the proxy stands in front of
/// @param service where the proxy forwards to: scheme, host and port. With a path, proxies would
///   forward another form of the request than the one that they asked about
public record ProxyConfiguration(URI checks, String resource, URI service) {
  private static final List<String> HEADERS =
      List.of(
          "X-Lockbox-Request",
          "X-Lockbox-Session",
          "X-Lockbox-Tenant",
          "X-Lockbox-Engineer",
          "X-Lockbox-Level");

  /// By which a client could give the service another request than the one that was asked about.
  private static final List<String> DROPPED =
      List.of(
          "Authorization",
          "Connection",
          "Upgrade",
          "Forwarded",
          "X-Forwarded-Host",
          "X-Forwarded-Method",
          "X-Forwarded-Prefix",
          "X-Forwarded-Uri",
          "X-HTTP-Method",
          "X-HTTP-Method-Override",
          "X-Method-Override",
          "X-Original-Host",
          "X-Original-Method",
          "X-Original-URI",
          "X-Original-URL",
          "X-Rewrite-URL");

  /// @throws IllegalArgumentException if the service's address says more or less
  public ProxyConfiguration {
    boolean plain =
        service.getHost() != null
            && List.of("http", "https").contains(service.getScheme())
            && service.getRawPath().isEmpty()
            && service.getRawQuery() == null
            && service.getRawFragment() == null
            && service.getRawUserInfo() == null;
    if (!plain) {
      throw new IllegalArgumentException(
          "a service's address is http://host or http://host:port, or the same with https");
    }
  }

  /// For this proxy.
  public String of(ProxyDialect dialect) {
    String path = ForwardAuth.path(dialect, resource);
    return switch (dialect) {
      case NGINX -> nginx(path);
      case CADDY -> caddy(path);
      case TRAEFIK -> traefik(path);
      case ENVOY -> envoy(path);
    };
  }

  private String nginx(String path) {
    return """
        # nginx, inside `server`. /etc/nginx/lockbox/caller.conf has mode 0600 and one line:
        #   proxy_set_header X-Lockbox-Caller <name>.<secret>;
        location / {
            auth_request /lockbox-check;
        %1$s    proxy_set_header Host $host;
        %2$s    proxy_read_timeout 60s;
            proxy_pass %3$s;
        }
        location = /lockbox-check {
            internal;
            proxy_pass %4$s;
            proxy_http_version 1.1;
            proxy_connect_timeout 2s;
            proxy_send_timeout 2s;
            proxy_read_timeout 6s;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header X-Original-Method $request_method;
            proxy_set_header X-Original-URI $request_uri;
            proxy_set_header X-Original-Host $host;
            include /etc/nginx/lockbox/caller.conf;
            proxy_ssl_trusted_certificate /etc/nginx/lockbox/ca.pem;
            proxy_ssl_verify on;
            proxy_ssl_name %5$s;
            proxy_ssl_server_name on;
        }
        """
        .formatted(
            nginxHeaders(),
            dropped("    proxy_set_header ", " \"\";\n"),
            service,
            checks + path,
            checks.getHost());
  }

  private String caddy(String path) {
    return """
        # Caddy, inside the site's block. The environment has LOCKBOX_CALLER=<name>.<secret>.
        forward_auth %1$s {
        	uri %2$s
        	header_up X-Lockbox-Caller {$LOCKBOX_CALLER}
        	header_up X-Original-Host {http.request.host}
        	copy_headers %3$s
        	transport http {
        		dial_timeout 2s
        		response_header_timeout 6s
        		tls_trusted_ca_certs /etc/caddy/lockbox/ca.pem
        	}
        }
        # After the check and before the service: what Connection names would be taken away.
        request_header -Connection
        request_header -Upgrade
        reverse_proxy %4$s {
        %5$s	header_up -X_*
        	header_up -X-Lockbox_*
        }
        """
        .formatted(
            checks, path, String.join(" ", HEADERS), service, dropped("\theader_up -", "\n"));
  }

  private String traefik(String path) {
    return """
        # Traefik, dynamic configuration. The caller is known by its certificate.
        http:
          middlewares:
            lockbox-%1$s:
              forwardAuth:
                address: "%2$s"
                trustForwardHeader: false
                authRequestHeaders: [Authorization]
                authResponseHeaders: [%3$s]
                tls:
                  ca: /etc/traefik/lockbox/ca.pem
                  cert: /etc/traefik/lockbox/caller.pem
                  key: /etc/traefik/lockbox/caller.key
            lockbox-%1$s-clean:
              headers:
                customRequestHeaders:
        %5$s  routers:
            %1$s:
              rule: "PathPrefix(`/`)" # or the service's host
              middlewares: [lockbox-%1$s, lockbox-%1$s-clean]
              service: %1$s
          services:
            %1$s:
              loadBalancer:
                servers: [{url: "%4$s"}]
        """
        .formatted(
            resource,
            checks + path,
            String.join(", ", HEADERS),
            service,
            dropped("          ", ": \"\"\n"));
  }

  private String envoy(String path) {
    String passed =
        HEADERS.stream()
            .map(each -> "{exact: " + each.toLowerCase(Locale.ROOT) + "}")
            .collect(Collectors.joining(", "));
    return """
        # Envoy, in the HTTP connection manager. Configure no upgrade.
        common_http_protocol_options: {headers_with_underscores_action: REJECT_REQUEST}
        # In its route_config: removed after the check, before the service.
        request_headers_to_remove: [%4$s]
        # In its http_filters, before envoy.filters.http.router. The cluster lockbox_checks speaks TLS
        # to %1$s, verifies it, and shows the caller's certificate.
        - name: envoy.filters.http.ext_authz
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
            failure_mode_allow: false
            http_service:
              server_uri: {uri: "%1$s", cluster: lockbox_checks, timeout: 6s}
              path_prefix: %2$s
              authorization_response:
                allowed_upstream_headers: {patterns: [%3$s]}
                allowed_client_headers: {patterns: [{exact: content-type}, {exact: www-authenticate}]}
        """
        .formatted(checks, path, passed, String.join(", ", DROPPED).toLowerCase(Locale.ROOT));
  }

  /// A line for each header that the service must not get.
  private static String dropped(String before, String after) {
    return DROPPED.stream().map(each -> before + each + after).collect(Collectors.joining());
  }

  private static String nginxHeaders() {
    return HEADERS.stream()
        .map(
            each -> {
              String name = each.toLowerCase(Locale.ROOT).replace('-', '_');
              return "    auth_request_set $%s $upstream_http_%s;\n    proxy_set_header %s $%s;\n"
                  .formatted(name, name, each, name);
            })
        .collect(Collectors.joining());
  }
}
