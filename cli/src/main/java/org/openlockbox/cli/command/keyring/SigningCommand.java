package org.openlockbox.cli.command.keyring;

import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Something about a tenant's keyring that its approvers' keys sign.
abstract class SigningCommand extends LockboxCommand {
  @Option(names = "--tenant", required = true, paramLabel = "T", description = "The tenant.")
  private @Nullable TenantId tenant;

  @Mixin private final QuorumKeys signers = new QuorumKeys();

  SigningCommand(CommandContext surroundings) {
    super(surroundings);
  }

  protected final Keyring keyring() {
    return TenantKeyring.fetch(
        api(), String.valueOf(tenant), call.surroundings().config(), terminal());
  }

  /// The statement, signed by the keys that were named.
  final Envelope signedBy(Envelope unsigned) {
    return signers.sign(unsigned, call);
  }

  /// Says where the change stands in the log; fails if it is not proven to stand there, and has to
  /// be.
  ///
  /// @return whether it is proven: if not, the server alone says that it is in force
  final boolean requireLogged(Keyring before, Envelope change) {
    TenantKeyring.LoggedChange logged = TenantKeyring.logged(api(), before, change);
    terminal()
        .mention(
            logged.proven()
                ? "logged as entry " + logged.index() + ", proof and checkpoint checked"
                : "entry "
                    + logged.index()
                    + " is not proven yet: no checkpoint covers it. The server may be unable to"
                    + " sign its log now. Look again with: lockbox log");
    return logged.proven();
  }

  /// The path of this tenant's part of the interface.
  final String path(String rest) {
    return "/v1/tenants/" + Api.encoded(String.valueOf(tenant)) + rest;
  }
}
