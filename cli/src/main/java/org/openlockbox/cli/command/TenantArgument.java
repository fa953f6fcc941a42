package org.openlockbox.cli.command;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The tenant that a verb is about: a word of its own, or behind `--tenant` as with every other
/// verb. It has to be named, and once is enough.
public final class TenantArgument {
  @Parameters(paramLabel = "T", arity = "0..1", description = "The tenant.")
  private @Nullable TenantId word;

  @Option(names = "--tenant", paramLabel = "T", description = "The same, as an option.")
  private @Nullable TenantId option;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  public TenantId value() {
    var named =
        Stream.concat(Optional.ofNullable(word).stream(), Optional.ofNullable(option).stream())
            .distinct()
            .toList();
    if (named.size() != 1) {
      String name = command == null ? "lockbox" : command.qualifiedName();
      throw Failure.usage(
          named.isEmpty() ? "say which tenant" : "two tenants are named; this is about one",
          name + " acme");
    }
    return named.getFirst();
  }
}
