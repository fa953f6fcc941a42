package org.openlockbox.cli.command.keyring;

import java.nio.file.Path;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.CommonOptions;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.tlog.SigningKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "new",
    description = {
      "Make a private key in a file of mode 0600. No server is asked.",
      "Whoever has the file can sign with it; the product keeps no copy."
    },
    footer = {"", "Example:", "  lockbox key new anna.key"})
public final class KeyNewCommand extends LockboxCommand {
  @Parameters(paramLabel = "FILE", description = "Where to write it; must not exist.")
  private Path file = Path.of("");

  @Option(
      names = "--scheme",
      paramLabel = "S",
      description = "ed25519 or ecdsa-p256 (default: ${DEFAULT-VALUE}).",
      defaultValue = "ed25519")
  private Scheme scheme = Scheme.ED25519;

  @Option(
      names = "--log",
      description = "Make the two keys, Ed25519 and ML-DSA-44, that sign a server's logs.")
  private boolean log;

  public KeyNewCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    if (log) {
      PrivateFile.create(file, SigningKeys.generate(call.surroundings().random()).format());
      call.terminal().mention("keep the file; whoever has it can sign a second history");
      return ExitCode.OK;
    }
    if (scheme != Scheme.ED25519 && scheme != Scheme.ECDSA_P256) {
      throw Failure.usage(
          "a key of scheme " + scheme + " is not made here",
          "SSH keys come from ssh-keygen -t ed25519-sk -O verify-required, passkeys from devices");
    }
    SoftwareKey key = SoftwareKey.generate(scheme, call.surroundings().random());
    KeyFiles.store(file, key);
    tell(call, file.toString(), key.key());
    call.terminal().mention("keep the file; whoever has it can sign as you");
    return ExitCode.OK;
  }

  static void tell(CommonOptions call, String file, VerifyingKey key) {
    if (call.json()) {
      JsonObjectBuilder json =
          Json.object()
              .put("file", file)
              .put("keyId", key.keyId().hex())
              .put("scheme", key.scheme().word())
              .put("spki", key.spki());
      key.application().ifPresent(application -> json.put("application", application));
      call.terminal().print(CanonicalJson.text(json.build()));
      return;
    }
    new FieldList()
        .add("file", file)
        .add("keyId", key.keyId().hex())
        .add("scheme", key.scheme().word())
        .add("application", key.application().orElse(""))
        .add("public key", key.spki().base64())
        .printTo(call.terminal());
  }
}
