package org.openlockbox.cli.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.openlockbox.cli.terminal.Failure;

/// The base address of a server: https anywhere, http only on this machine, because a bearer token
/// must not cross a network in the clear.
final class ApiAddress {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private ApiAddress() {}

  static URI parse(String server) {
    URI uri = syntax(server);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost() == null ? "" : uri.getHost();
    boolean safe = scheme.equals("https") || (scheme.equals("http") && THIS_MACHINE.contains(host));
    if (host.isEmpty() || !(scheme.equals("https") || scheme.equals("http"))) {
      throw Failure.usage("not a server address: " + server, "for example https://lockbox.example");
    }
    if (!safe) {
      throw Failure.usage(
          "http to " + host + " would show the token to the network", "use https, or localhost");
    }
    String text = uri.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
  }

  private static URI syntax(String server) {
    try {
      return new URI(server.strip());
    } catch (URISyntaxException malformed) {
      throw Failure.usage("not a server address: " + server, "for example https://lockbox.example");
    }
  }
}
