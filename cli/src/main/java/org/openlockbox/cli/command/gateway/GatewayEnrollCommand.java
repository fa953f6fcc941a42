package org.openlockbox.cli.command.gateway;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.tenant.LogHost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "enroll",
    description = {
      "Make a gateway's key, and sign its certificate with the authority's key. No server is asked,",
      "and no tenant signs anything. Writes ID.key and ID.cert."
    },
    footer = {
      "",
      "Example:",
      "  lockbox gateway enroll gw-2 --authority authority.key --log-host lockbox.example.com \\",
      "    --resource shop"
    })
public final class GatewayEnrollCommand extends LockboxCommand {
  @Parameters(paramLabel = "ID", description = "The gateway's name.")
  private String id = "";

  @Mixin private final AuthorityKeys authority = new AuthorityKeys();

  @Option(
      names = "--log-host",
      required = true,
      paramLabel = "HOST",
      description = "The server's logHost.")
  private String logHost = "";

  @Option(
      names = "--resource",
      required = true,
      paramLabel = "R",
      description = "A resource that it may open sessions on. May be repeated.")
  private List<String> resources = List.of();

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "How long the certificate is valid (default: ${DEFAULT-VALUE}).",
      defaultValue = "365")
  private int days;

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description = "The public half of a key that was made on the gateway's host; no key is made.")
  private @Nullable Path publicKey;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the files are written (default: here).")
  private Path directory = Path.of("");

  public GatewayEnrollCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    try {
      GatewayId gateway = new GatewayId(id);
      Path certificate = directory.resolve(id + ".cert");
      PrivateFile.requireAbsent(certificate);
      List<PrivateSigner> authorities = authority.load(call.surroundings().keys());
      LogHost host = new LogHost(logHost);
      List<ResourceId> sorted =
          resources.stream().sorted().distinct().map(ResourceId::new).toList();
      Window validity = CertificateFiles.validity(call.surroundings().clock(), days);
      GatewayCertificate made = new GatewayCertificate(gateway, key(), host, sorted, validity);
      PrivateFile.create(
          certificate, CertificateFiles.text(AuthorityKeys.sign(made.unsigned(), authorities)));
      GatewayRenewCommand.tell(call, certificate, made);
      return ExitCode.OK;
    } catch (IllegalArgumentException | MalformedJson refused) {
      throw Failure.usage(String.valueOf(refused.getMessage()), "lockbox gateway enroll --help");
    }
  }

  private VerifyingKey key() {
    Path given = publicKey;
    if (given != null) {
      return KeyFile.publicKey(PrivateFile.readPublic(given, "public key"));
    }
    SoftwareKey key = SoftwareKey.generate(Scheme.ED25519, call.surroundings().random());
    KeyFiles.store(directory.resolve(id + ".key"), key);
    return key.key();
  }
}
