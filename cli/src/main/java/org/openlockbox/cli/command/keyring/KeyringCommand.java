package org.openlockbox.cli.command.keyring;

import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.Envelope;
import picocli.CommandLine.Option;

/// A change of a tenant's keyring or settings, signed by a quorum of its approvers.
public abstract class KeyringCommand extends SigningCommand {
  @Option(
      names = "--quorum",
      paramLabel = "N",
      description = "How many approvers must agree from now on (default: as before).")
  private @Nullable Integer quorum;

  protected KeyringCommand(CommandContext surroundings) {
    super(surroundings);
  }

  /// The change, signed by the quorum's keys that were named.
  protected final Envelope signed(Keyring keyring, KeyringChange.Edit change) {
    KeyringChange payload =
        new KeyringChange(
            keyring.genesis().tenant(),
            keyring.genesis().origin(),
            keyring.last(),
            quorum == null ? keyring.quorum() : quorum,
            change);
    Envelope unsigned = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload.toJson());
    return signedBy(unsigned);
  }

  /// Sends it, and says that it is done only where the log proves it; else that the server says so.
  protected final ExitCode send(String what, Keyring before, Envelope envelope, String done) {
    ApiObject answer =
        api()
            .post(path("/" + what), Json.object().put("envelope", envelope.toJson()).build())
            .object();
    boolean proven = requireLogged(before, envelope);
    if (call.json()) {
      terminal().print(answer.line());
    } else {
      terminal().print(proven ? done : "not proven yet, the server says: " + done);
    }
    return ExitCode.OK;
  }
}
