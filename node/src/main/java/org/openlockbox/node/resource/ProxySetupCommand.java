package org.openlockbox.node.resource;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openlockbox.check.catalogue.CheckListing;
import org.openlockbox.check.forward.ProxyConfiguration;
import org.openlockbox.check.forward.ProxyDialect;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lockbox resource proxy ID --for PROXY`: what a proxy's configuration needs, so that it asks
/// before it forwards a request. Asks nobody and prints no secret.
@Command(
    name = "proxy",
    description = {
      "Prints the configuration of a proxy that asks this gateway before it forwards a request.",
      "It is for a resource with 'check' and 'routes' (docs/authzen.md)."
    },
    footer = {
      "",
      "Example:",
      "  lockbox resource proxy office --for nginx --to http://127.0.0.1:8080 --config lockbox.yaml"
    })
final class ProxySetupCommand implements Callable<Integer> {
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  @Parameters(paramLabel = "ID", description = "The resource.")
  private String id = "";

  @Option(
      names = "--for",
      required = true,
      paramLabel = "PROXY",
      description = "nginx, caddy, traefik or envoy.")
  private String proxy = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "URL",
      description = "Where the proxy forwards to.")
  private URI service = URI.create("");

  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("");

  @Override
  public Integer call() {
    ProxyDialect dialect =
        ProxyDialect.of(proxy)
            .orElseThrow(
                () ->
                    new NodeFailure(
                        Code.USAGE,
                        "--for is one of "
                            + Arrays.stream(ProxyDialect.values())
                                .map(ProxyDialect::word)
                                .collect(Collectors.joining(", "))));
    NodeConfig read = ConfigReader.read(config);
    CheckListing listed =
        read.checks().stream()
            .filter(each -> each.spec().id().value().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new NodeFailure(
                        Code.USAGE, "the catalogue has no resource with 'check' called " + id));
    if (listed.spec().routes().isEmpty()) {
      throw new NodeFailure(Code.USAGE, id + " lists no 'routes', so a proxy would be denied all");
    }
    URI checks =
        read.gateway()
            .flatMap(NodeConfig.GatewayPart::check)
            .orElseThrow(
                () -> new NodeFailure(Code.USAGE, "this configuration has no gateway.check"))
            .url();
    OUT.print(configuration(checks).of(dialect));
    return 0;
  }

  private ProxyConfiguration configuration(URI checks) {
    try {
      return new ProxyConfiguration(checks, id, service);
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, "--to: " + e.getMessage());
    }
  }
}
