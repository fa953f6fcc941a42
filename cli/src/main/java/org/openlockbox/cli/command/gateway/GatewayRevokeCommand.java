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
        "The certificate. Without the file: the gateway's name, and its key is the one that it showed",
        "the server last."
      })
  private String of = "";

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
      if (Files.exists(file)) {
        GatewayCertificate shown = CertificateFiles.read(file).certificate();
        return new GatewayRevocation(shown.gateway(), shown.key().keyId(), shown.logHost(), reason);
      }
      ApiObject known = known();
      return new GatewayRevocation(
          new GatewayId(of),
          KeyId.parse(known.required("key")),
          new LogHost(known.required("logHost")),
          reason);
    } catch (IllegalArgumentException | MalformedJson refused) {
      throw Failure.usage(String.valueOf(refused.getMessage()), "lockbox gateway revoke --help");
    }
  }

  private ApiObject known() {
    return api().get("/v1/gateways").object().list("gateways").stream()
        .filter(each -> each.text("gateway").equals(of))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no certificate file %s here, and the server knows no gateway of that name"
                        .formatted(of),
                    "lockbox gateway ls"));
  }
}
