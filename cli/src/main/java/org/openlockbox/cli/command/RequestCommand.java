package org.openlockbox.cli.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// A command about one request, named as its first argument.
public abstract class RequestCommand extends LockboxCommand {
  @Parameters(
      index = "0",
      paramLabel = "R-…",
      converter = RequestIdConverter.class,
      description = "The request.")
  private @Nullable RequestId request;

  protected RequestCommand(CommandContext surroundings) {
    super(surroundings);
  }

  public final RequestId request() {
    if (request == null) {
      throw new IllegalStateException("picocli did not set the request");
    }
    return request;
  }

  /// Ids may be typed in lower case.
  public static final class RequestIdConverter implements ITypeConverter<RequestId> {
    @Override
    public RequestId convert(String text) {
      try {
        return new RequestId(text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException(String.valueOf(malformed.getMessage()));
      }
    }
  }
}
