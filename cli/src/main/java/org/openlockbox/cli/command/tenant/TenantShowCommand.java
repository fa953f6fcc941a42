package org.openlockbox.cli.command.tenant;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.TenantArgument;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.cli.terminal.TextTable;
import org.openlockbox.core.keyring.Keyring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "show",
    description = "Show a tenant: its pin, its quorum and its approvers' keys.",
    footer = {
      "",
      "Examples:",
      "  lockbox tenant show acme --pin",
      "  lockbox tenant show acme --vkeys > acme.vkeys"
    })
public final class TenantShowCommand extends LockboxCommand {
  @Mixin private final TenantArgument tenant = new TenantArgument();

  @Option(names = "--pin", description = "Print the pin alone, for 'lockbox verify --pin'.")
  private boolean pinOnly;

  @Option(
      names = "--vkeys",
      description = "Print the log's keys alone, for 'lockbox witness --log'.")
  private boolean vkeysOnly;

  public TenantShowCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    ApiObject found = api().get("/v1/tenants/" + Api.encoded(tenant.value().value())).object();
    requireProven(found);
    if (pinOnly) {
      terminal().print(found.required("pin"));
      return ExitCode.OK;
    }
    if (vkeysOnly) {
      found.texts("logKeys").forEach(terminal()::print);
      return ExitCode.OK;
    }
    if (call.json()) {
      terminal().print(found.line());
      return ExitCode.OK;
    }
    new FieldList()
        .add("tenant", found.text("id"))
        .add("name", found.text("name"))
        .add("pin", found.text("pin"))
        .add("quorum", found.text("quorum"))
        .add("log", found.text("origin") + ", " + found.text("size") + " entries")
        .add("log keys", shortened(found.texts("logKeys")))
        .printTo(terminal());
    terminal().print("");
    TextTable table = new TextTable("APPROVER", "NAME", "SCHEME", "KEY");
    for (ApiObject key : found.list("keys")) {
      table.row(key.text("approver"), key.text("name"), key.text("scheme"), key.text("keyId"));
    }
    table.printTo(terminal());
    return ExitCode.OK;
  }

  /// Where the tenant's pin is kept on this machine, what the server tells has to be what the log
  /// that begins with it proves.
  private void requireProven(ApiObject told) {
    String id = tenant.value().value();
    ConfigDirectory config = call.surroundings().config();
    if (!Files.exists(config.pin(id))) {
      return;
    }
    Keyring keyring = TenantKeyring.fetch(api(), id, config, terminal());
    List<String> keys =
        keyring.keys().stream().map(key -> key.key().keyId().hex()).sorted().toList();
    boolean proven =
        told.text("pin").equals(keyring.pin().hex())
            && told.text("quorum").equals(Integer.toString(keyring.quorum()))
            && told.texts("logKeys").equals(keyring.checkpointKeys().newest().vkeys())
            && told.list("keys").stream()
                .map(key -> key.text("keyId"))
                .sorted()
                .toList()
                .equals(keys);
    if (!proven) {
      throw new Failure(
          ExitCode.FAILURE,
          "the server tells another pin, quorum or key of %s than its log proves".formatted(id),
          "look again; if it stays so, tell the provider and keep what it shows");
    }
  }

  /// Name and id of each key; an ML-DSA key itself has 1750 characters, which `--vkeys` shows.
  private static String shortened(List<String> vkeys) {
    return vkeys.stream()
        .map(vkey -> vkey.substring(0, Math.max(0, vkey.indexOf('+', vkey.indexOf('+') + 1))))
        .collect(Collectors.joining(", "));
  }
}
