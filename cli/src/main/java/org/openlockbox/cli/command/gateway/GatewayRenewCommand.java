package org.openlockbox.cli.command.gateway;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.CommonOptions;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.VerifyingKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "renew",
    description = {
      "Sign a gateway's certificate anew: the same gateway, from now on. A running gateway that finds",
      "the new file in place of the old one uses it at once; a new key needs a restart."
    },
    footer = {"", "Example:", "  lockbox gateway renew gw-1.cert --authority authority.key"})
public final class GatewayRenewCommand extends LockboxCommand {
  @Parameters(paramLabel = "FILE", description = "The certificate; it is replaced.")
  private Path file = Path.of("");

  @Mixin private final AuthorityKeys authority = new AuthorityKeys();

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "How long the new one is valid (default: ${DEFAULT-VALUE}).",
      defaultValue = "365")
  private int days;

  @Option(
      names = "--resource",
      paramLabel = "R",
      description = "Other resources than so far. May be repeated.")
  private List<String> resources = List.of();

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description = "The public half of another key.")
  private @Nullable Path publicKey;

  public GatewayRenewCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    CertificateFiles.Certified before = CertificateFiles.read(file);
    GatewayCertificate old = before.certificate();
    List<PrivateSigner> authorities = authority.load(call.surroundings().keys());
    AuthorityKeys.requireSignedBefore(before.envelope(), authorities);
    Path given = publicKey;
    VerifyingKey key =
        given == null ? old.key() : KeyFile.publicKey(PrivateFile.readPublic(given, "public key"));
    List<ResourceId> wanted =
        resources.isEmpty()
            ? old.resources()
            : resources.stream().sorted().distinct().map(ResourceId::new).toList();
    GatewayCertificate renewed =
        new GatewayCertificate(
            old.gateway(),
            key,
            old.logHost(),
            wanted,
            CertificateFiles.validity(call.surroundings().clock(), days));
    PrivateFile.replace(
        file, CertificateFiles.text(AuthorityKeys.sign(renewed.unsigned(), authorities)));
    tell(call, file, renewed);
    return ExitCode.OK;
  }

  static void tell(CommonOptions call, Path file, GatewayCertificate made) {
    String resources = String.join(", ", made.resources().stream().map(ResourceId::value).toList());
    new FieldList()
        .add("file", file.toString())
        .add("gateway", made.gateway().value())
        .add("keyId", made.key().keyId().hex())
        .add("resources", resources)
        .add("not after", made.validity().notAfter().toString())
        .printTo(call.terminal());
  }
}
