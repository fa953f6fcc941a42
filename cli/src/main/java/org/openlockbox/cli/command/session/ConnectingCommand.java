package org.openlockbox.cli.command.session;

import java.util.Optional;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.command.request.EngineerKey;
import org.openlockbox.cli.connect.ConnectCall;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.core.access.Region;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// A command that goes through a gateway to what a request was approved for.
public abstract class ConnectingCommand extends RequestCommand {
  @Option(
      names = "--region",
      paramLabel = "REGION",
      converter = RegionConverter.class,
      description = "Go through a gateway there, such as eu-central-1 (default: the usual one).")
  private Optional<Region> region = Optional.empty();

  protected ConnectingCommand(CommandContext surroundings) {
    super(surroundings);
  }

  final ConnectCall connectCall(ApiObject request) {
    return new ConnectCall(
        api(), Requests.path(request), request, region, EngineerKey.of(call).signer());
  }

  /// Refuses what no region is called.
  static final class RegionConverter implements ITypeConverter<Region> {
    @Override
    public Region convert(String text) {
      try {
        return new Region(text);
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException(String.valueOf(malformed.getMessage()));
      }
    }
  }
}
