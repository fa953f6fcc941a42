package org.openlockbox.node.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.node.config.NodeConfig.AgentClaimSettings;
import org.openlockbox.node.config.NodeConfig.ClaimSettings;
import org.openlockbox.node.config.NodeConfig.FactClaimSettings;
import org.openlockbox.node.config.NodeConfig.IssuerClientSettings;
import org.openlockbox.node.config.NodeConfig.IssuerSettings;
import org.openlockbox.node.config.NodeConfig.RoleClaimSettings;

/// Reads `server.issuers`: where people sign in.
final class IssuerReader {
  private static final List<String> SCOPES = List.of("openid", "email", "profile");

  private final Path base;

  IssuerReader(Path base) {
    this.base = base;
  }

  List<IssuerSettings> issuers(YamlMap server) {
    return server.maps("issuers").stream().map(this::issuer).toList();
  }

  private IssuerSettings issuer(YamlMap issuer) {
    var read =
        new IssuerSettings(
            issuer.text("name"),
            url(issuer),
            issuer.optionalText("tenant"),
            client(issuer),
            issuer.texts("domains"),
            issuer.optionalBool("addressesAreVerified").orElse(false),
            issuer.optionalBool("mailedCodes").orElse(false),
            new ClaimSettings(
                words(issuer.optionalMap("claims")),
                issuer.optionalMap("roles").map(IssuerReader::roles),
                issuer.optionalMap("facts").map(IssuerReader::facts)),
            issuer.optionalText("ca").map(base::resolve));
    issuer.done();
    return read;
  }

  private IssuerClientSettings client(YamlMap issuer) {
    return new IssuerClientSettings(
        issuer.text("client"),
        ConfigSecret.read(issuer, "secret", base),
        issuer.has("scopes") ? issuer.texts("scopes") : SCOPES,
        words(issuer.optionalMap("parameters")));
  }

  /// To the letter: ID tokens name their issuer so.
  private static URI url(YamlMap issuer) {
    var text = issuer.text("url");
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw issuer.problem("url", "no URL: " + text);
    }
  }

  private static RoleClaimSettings roles(YamlMap roles) {
    var read = new RoleClaimSettings(roles.text("claim"), words(Optional.of(roles.map("groups"))));
    roles.done();
    return read;
  }

  private static FactClaimSettings facts(YamlMap facts) {
    var read =
        new FactClaimSettings(
            facts.optionalText("country"),
            facts.optionalText("employer"),
            facts.optionalMap("agents").map(IssuerReader::agents));
    facts.done();
    return read;
  }

  private static AgentClaimSettings agents(YamlMap agents) {
    var read = new AgentClaimSettings(agents.text("claim"), agents.texts("values"));
    agents.done();
    return read;
  }

  private static Map<String, String> words(Optional<YamlMap> map) {
    var words = new TreeMap<String, String>();
    map.ifPresent(some -> some.keys().forEach(key -> words.put(key, some.text(key))));
    return words;
  }
}
