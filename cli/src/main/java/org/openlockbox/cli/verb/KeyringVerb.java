package org.openlockbox.cli.verb;

import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A change of a tenant's keyring or settings, signed by a quorum of its approvers.
abstract class KeyringVerb extends Verb {
  @Option(names = "--tenant", required = true, paramLabel = "T", description = "The tenant.")
  private @Nullable TenantId tenant;

  @Option(
      names = "--quorum",
      paramLabel = "N",
      description = "How many approvers must agree from now on (default: as before).")
  private @Nullable Integer quorum;

  @Mixin private final SigningKeys signers = new SigningKeys();

  KeyringVerb(Surroundings surroundings) {
    super(surroundings);
  }

  final Keyring keyring() {
    return TenantKeyring.fetch(
        api(), String.valueOf(tenant), call.surroundings().config(), terminal());
  }

  /// The change, signed by the quorum's keys that were named.
  final Envelope signed(Keyring keyring, KeyringChange.Change change) {
    KeyringChange payload =
        new KeyringChange(
            keyring.genesis().tenant(),
            keyring.genesis().origin(),
            keyring.last(),
            quorum == null ? keyring.quorum() : quorum,
            change);
    Envelope unsigned = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload.toJson());
    return signers.sign(unsigned, call.surroundings().keys());
  }

  final ExitCode send(String what, Envelope envelope, String done) {
    String path = "/v1/tenants/" + Api.encoded(String.valueOf(tenant)) + "/" + what;
    ApiObject answer =
        api().post(path, Json.object().put("envelope", envelope.toJson()).build()).object();
    if (call.json()) {
      terminal().print(answer.line());
    } else {
      terminal().print(done);
    }
    return ExitCode.OK;
  }
}
