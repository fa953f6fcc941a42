package org.openlockbox.node.resource;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.openlockbox.http.openapi.OpenApiImport;
import org.openlockbox.http.openapi.RouteDraftText;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.policy.yaml.MalformedYaml;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lockbox resource import FILE`: drafts the routes of a service. Needs no configuration, and asks
/// nobody.
@Command(
    name = "import",
    description = {
      "Drafts the routes of a service from its OpenAPI document, for a human to review.",
      "GET and HEAD are of level read, all else of level write. What may be shown at masked no such"
          + " document says: add 'show' and 'mask' yourself."
    },
    footer = {
      "",
      "Example:",
      "  lockbox resource import openapi.yaml --tenant tenantId > routes.yaml"
    })
final class ImportCommand implements Callable<Integer> {
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  @Parameters(paramLabel = "FILE", description = "An OpenAPI 3 document, in YAML or JSON.")
  private Path file = Path.of("");

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "The parameter of paths that names the customer.")
  private Optional<String> tenant = Optional.empty();

  @Override
  public Integer call() {
    try {
      var draft = OpenApiImport.read(Files.readString(file), tenant);
      OUT.print(RouteDraftText.of(draft));
      draft.remarks().forEach(remark -> System.err.println("lockbox: " + remark));
      return 0;
    } catch (MalformedYaml e) {
      throw new NodeFailure(
          Code.FAILURE,
          "%s line %d: %s. Keys that are numbers need quotes, such as '200'"
              .formatted(file, e.at().line(), e.what()),
          e);
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.FAILURE, file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new NodeFailure(Code.USAGE, file + " cannot be read: " + e, e);
    }
  }
}
