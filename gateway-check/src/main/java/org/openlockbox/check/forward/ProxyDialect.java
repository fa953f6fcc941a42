package org.openlockbox.check.forward;

import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;

/// How a proxy says which request it asks about. All of it comes over the proxy's own authenticated
/// connection, and its printed configuration overwrites what a client sends under these names.
public enum ProxyDialect {
  /// `auth_request`: the headers that the printed configuration sets.
  NGINX("nginx", "X-Original-Method", "X-Original-URI", "X-Original-Host"),
  /// `forward_auth`. Its own header for the host may be the client's word, so the printed
  /// configuration sets another one.
  CADDY("caddy", "X-Forwarded-Method", "X-Forwarded-Uri", "X-Original-Host"),
  /// `forwardAuth`.
  TRAEFIK("traefik", "X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host"),
  /// `ext_authz` over HTTP: the request's own method, and its path behind the prefix.
  ENVOY("envoy", "", "", "");

  private final String word;
  private final String method;
  private final String target;
  private final String host;

  ProxyDialect(String word, String method, String target, String host) {
    this.word = word;
    this.method = method;
    this.target = target;
    this.host = host;
  }

  /// The word in paths and commands.
  public String word() {
    return word;
  }

  /// The dialect with this word.
  public static Optional<ProxyDialect> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /// The request that the proxy asks about.
  ///
  /// @param asked the proxy's own request
  /// @param rest what of its path and query stands behind the resource
  Optional<ProxiedRequest> read(ProxyRequest asked, String rest) {
    if (this == ENVOY) {
      return Optional.of(new ProxiedRequest(asked.method(), asked.host(), rest));
    }
    return single(asked.headers(), method)
        .flatMap(
            name ->
                single(asked.headers(), target)
                    .flatMap(
                        uri ->
                            single(asked.headers(), host)
                                .map(authority -> new ProxiedRequest(name, authority, uri))));
  }

  /// A header that comes twice says nothing.
  private static Optional<String> single(HttpFields headers, String name) {
    var values = headers.getValuesList(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }
}
