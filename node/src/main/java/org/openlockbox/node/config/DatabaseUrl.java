package org.openlockbox.node.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.catalogue.DatabaseAddress.TlsMode;

/// Where a database is, as libpq writes it:
/// `postgresql://[ROLE@]HOST[:PORT]/DATABASE[?sslmode=MODE][&sslrootcert=FILE]`. A password is
/// refused here, since everybody on the host can read the arguments of a program.
public record DatabaseUrl(DatabaseAddress address, Optional<String> role) {
  private static final String SHAPE =
      "postgresql://HOST:PORT/DATABASE, with ?sslmode=verify-full, require or disable, and"
          + " &sslrootcert=FILE";
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
  private static final Set<String> KNOWN = Set.of("sslmode", "sslrootcert");

  public static DatabaseUrl parse(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw usage("--database must be " + SHAPE); // what was typed may hold a password
    }
    var user = Optional.ofNullable(url.getUserInfo());
    if (user.filter(role -> role.contains(":")).isPresent()) {
      throw usage(
          "--database holds a password, which everybody on this host could read. Put it into"
              + " PGPASSWORD, or into a file for --password-file");
    }
    String scheme = String.valueOf(url.getScheme());
    String path = String.valueOf(url.getPath());
    if (!(scheme.equals("postgresql") || scheme.equals("postgres"))
        || url.getHost() == null
        || path.length() < 2) {
      throw usage("--database must be " + SHAPE);
    }
    var parameters = parameters(url);
    int port = url.getPort() < 0 ? 5432 : url.getPort();
    if (port < 1 || port > 65_535) {
      throw usage("the port in --database must be between 1 and 65535");
    }
    return new DatabaseUrl(
        new DatabaseAddress(
            url.getHost().replaceAll("[\\[\\]]", ""),
            port,
            path.substring(1),
            tls(url.getHost(), parameters),
            Optional.ofNullable(parameters.get("sslrootcert")).map(Path::of).orElse(null),
            null,
            "lockbox_gateway",
            null),
        user);
  }

  private static Map<String, String> parameters(URI url) {
    Map<String, String> parameters = new TreeMap<>();
    if (url.getQuery() != null) {
      for (String pair : url.getQuery().split("&", -1)) {
        String[] parts = pair.split("=", 2);
        if (parts.length < 2 || !KNOWN.contains(parts[0])) {
          throw usage("--database knows the parameters sslmode and sslrootcert only");
        }
        parameters.put(parts[0], parts[1]);
      }
    }
    return parameters;
  }

  /// What never leaves this machine needs no TLS; all else is checked unless somebody says less.
  private static TlsMode tls(String host, Map<String, String> parameters) {
    String wanted = parameters.get("sslmode");
    if (wanted == null) {
      return LOCAL.contains(host) ? TlsMode.DISABLE : TlsMode.VERIFY_FULL;
    }
    return Stream.of(TlsMode.values())
        .filter(mode -> mode.word().equals(wanted))
        .findFirst()
        .orElseThrow(() -> usage("sslmode must be verify-full, require or disable"));
  }

  private static NodeFailure usage(String sentence) {
    return new NodeFailure(Code.USAGE, sentence);
  }
}
