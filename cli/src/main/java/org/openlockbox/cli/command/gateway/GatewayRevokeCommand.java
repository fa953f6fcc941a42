package org.openlockbox.cli.command.gateway;

import java.nio.file.Files;
import java.nio.file.Path;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.LogHost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description = {
      "End a gateway's key for good, at this server and in every tenant's log. Its sessions end at",
      "once. Another certificate for the same key is of no use afterwards."
    },
    footer = {
      "",
      "Example:",
      "  lockbox gateway revoke gw-1.cert --authority authority.key --reason 'its host was lost'"
    })
public final class GatewayRevokeCommand extends LockboxCommand {
  @Parameters(
      paramLabel = "FILE|ID",
      description = {
        "The certificate. Without the file: the gateway's name, with --key and --log-host."
      })
  private String of = "";

  @Option(
      names = "--key",
      paramLabel = "KEYID",
      description = {
        "Without the certificate: the key to end. `lockbox gateway ls -o json` lists each key that",
        "the name showed the server, the last first."
      })
  private String key = "";

  @Option(
      names = "--log-host",
      paramLabel = "HOST",
      description = "Without the certificate: the server's logHost.")
  private String logHost = "";

  @Mixin private final AuthorityKeys authority = new AuthorityKeys();

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; every tenant reads it.")
  private String reason = "";

  public GatewayRevokeCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    GatewayRevocation revocation = revocation();
    Envelope signed =
        AuthorityKeys.sign(revocation.unsigned(), authority.load(call.surroundings().keys()));
    ApiObject answer =
        api()
            .post("/v1/gateways:signed", Json.object().put("envelope", signed.toJson()).build())
            .object();
    String what = "key %s of gateway %s".formatted(revocation.key(), revocation.gateway());
    if (!answer.isTrue("recorded")) {
      terminal().print("was revoked before  " + what);
      return ExitCode.OK;
    }
    terminal().print("revoked  " + what);
    terminal().mention("revoke its token as well, and its role in the protected database");
    return ExitCode.OK;
  }

  private GatewayRevocation revocation() {
    Path file = Path.of(of);
    try {
      if (!Files.exists(file)) {
        return byName();
      }
      if (!key.isEmpty() || !logHost.isEmpty()) {
        throw Failure.usage(
            "the certificate %s names its key and its log host".formatted(of),
            "leave out --key and --log-host");
      }
      GatewayCertificate shown = CertificateFiles.read(file).certificate();
      return new GatewayRevocation(shown.gateway(), shown.key().keyId(), shown.logHost(), reason);
    } catch (IllegalArgumentException | MalformedJson refused) {
      throw Failure.usage(String.valueOf(refused.getMessage()), "lockbox gateway revoke --help");
    }
  }

  /// The authority signs what the operator names, never what a server says: else the server could
  /// have the key of a gateway in service ended.
  private GatewayRevocation byName() {
    if (key.isEmpty() || logHost.isEmpty()) {
      throw Failure.usage(
          "there is no certificate file %s here; without it, name the key and the log host"
              .formatted(of),
          "compare with your records what the server lists: lockbox gateway ls -o json");
    }
    return new GatewayRevocation(new GatewayId(of), KeyId.parse(key), new LogHost(logHost), reason);
  }
}
