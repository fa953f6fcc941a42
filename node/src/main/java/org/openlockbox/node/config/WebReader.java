package org.openlockbox.node.config;

import java.util.List;
import java.util.regex.Pattern;
import org.openlockbox.gateway.login.TrustedProxies;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.server.ServerConfig;

/// Reads how people and proxies reach the server.
final class WebReader {
  /// A name or a path, and nothing that a shell reads: it stands in commands that people copy.
  private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9._/-]{1,200}");

  private WebReader() {}

  static List<String> trustedProxies(YamlMap server) {
    var read = server.texts("trustedProxies");
    try {
      TrustedProxies.parse(read);
      return read;
    } catch (IllegalArgumentException e) {
      throw server.problem(
          "trustedProxies", "must be addresses or ranges such as 10.0.0.0/8: " + e.getMessage());
    }
  }

  static String program(YamlMap server) {
    var program = server.optionalText("program").orElse(ServerConfig.WebConfig.PROGRAM);
    if (!PROGRAM.matcher(program).matches()) {
      throw server.problem("program", "must be a name or a path such as ./lockbox");
    }
    return program;
  }
}
