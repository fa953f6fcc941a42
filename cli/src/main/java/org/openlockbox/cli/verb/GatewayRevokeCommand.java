package org.openlockbox.cli.verb;

import java.nio.file.Path;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.signing.Envelope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description = {
      "End the key of a gateway's certificate for good, at this server and in every tenant's log.",
      "Its sessions end at once. Another certificate for the same key is of no use afterwards."
    },
    footer = {
      "",
      "Example:",
      "  lockbox gateway revoke gw-1.cert --authority authority.key --reason 'its host was lost'"
    })
final class GatewayRevokeCommand extends LockboxCommand {
  @Parameters(paramLabel = "FILE", description = "The certificate.")
  private Path file = Path.of("");

  @Mixin private final AuthorityKeys authority = new AuthorityKeys();

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; every tenant reads it.")
  private String reason = "";

  GatewayRevokeCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  ExitCode run() {
    GatewayCertificate of = CertificateFiles.read(file);
    GatewayRevocation revocation =
        new GatewayRevocation(of.gateway(), of.key().keyId(), of.logHost(), reason);
    Envelope signed = authority.sign(revocation.unsigned(), call.surroundings().keys());
    api().post("/v1/gateways:signed", Json.object().put("envelope", signed.toJson()).build());
    terminal().print("revoked  key %s of gateway %s".formatted(of.key().keyId(), of.gateway()));
    terminal().mention("revoke its token as well, and its role in the protected database");
    return ExitCode.OK;
  }
}
