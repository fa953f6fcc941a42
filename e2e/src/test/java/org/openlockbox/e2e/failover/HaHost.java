package org.openlockbox.e2e.failover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Typed;

/// Where everything of an installation with spare parts runs: what is typed here, and the texts of
/// docs/high-availability.md.
record HaHost(InitHost host, Path page) {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(yaml|haproxy)\\n(.*?)^```$");

  Path directory() {
    return host.directory();
  }

  /// One for both databases, so that `lockbox init` needs one.
  String superuserPassword() {
    return host.cluster().password();
  }

  void types(String lines) {
    host.types(lines).ok();
  }

  /// Makes what another gateway needs: its key, certificate, token, and what it shows the server.
  void enrolls(String gateway, String client, String... resources) {
    types(
        """
        umask 077
        lockbox gateway enroll %1$s --authority etc/authority/authority.key --log-host localhost %3$s
        mv %1$s.key %1$s.cert etc/gateway/
        lockbox token new --config etc/lockbox-1.yaml --role gateway --subject %1$s --name "Another gateway" >etc/gateway/%1$s.token
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=%1$s" -keyout etc/gateway/%2$s.key -out %1$s.csr 2>/dev/null
        openssl x509 -req -in %1$s.csr -CA etc/server/gateways-ca.pem -CAkey etc/authority/gateways-ca.key -days 365 -out etc/gateway/%2$s.pem 2>/dev/null
        """
            .formatted(
                gateway,
                client,
                Stream.of(resources)
                    .map(resource -> "--resource " + resource)
                    .collect(Collectors.joining(" "))));
  }

  Typed begins(String line) {
    return host.begins(line);
  }

  /// The fenced text of the page that begins so.
  String text(String beginning) throws IOException {
    return BLOCK
        .matcher(Files.readString(page))
        .results()
        .map(found -> found.group(2))
        .filter(text -> text.startsWith(beginning))
        .findFirst()
        .orElseThrow(() -> new AssertionError(page + " has no text that begins " + beginning));
  }
}
