package org.openlockbox.cli.command.keyring;

import java.util.List;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Confirmation;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.Envelope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "sign",
    description = {
      "Sign a change of the keyring that somebody proposed in the portal.",
      "All that it changes is read from the very bytes that are signed, and shown first."
    },
    footer = {
      "",
      "Example:",
      "  lockbox key sign P-7K3F92QX4M --tenant acme --key acme-approver.key"
    })
public final class KeySignCommand extends SigningCommand {
  @Parameters(paramLabel = "P-…", description = "The proposal, as its page names it.")
  private String proposal = "";

  @Mixin private final Confirmation confirmation = new Confirmation();

  public KeySignCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Keyring keyring = keyring();
    String at = "/proposals/" + Api.encoded(proposal);
    ApiObject shown = api().get(path(at)).object();
    Envelope unsigned = unsigned(keyring, shown);
    KeyringChange change = KeyringChange.parse(unsigned.payloadJson());
    new KeyringChangeWords(terminal()).say(keyring, change);
    confirmation.require(call, "Sign this?");
    Json.Object body = Json.object().put("envelope", signedBy(unsigned).toJson()).build();
    ApiObject answer = api().post(path(at + ":sign"), body).object();
    boolean proven = !answer.required("state").equals("made") || requireLogged(keyring, unsigned);
    String said = proposal + "  " + answer.required("state") + (proven ? "" : ", not proven yet");
    terminal().print(call.json() ? answer.line() : said);
    return ExitCode.OK;
  }

  /// What is to be signed, if this keyring could be changed so: a server that shows anything else
  /// gets no signature.
  private Envelope unsigned(Keyring keyring, ApiObject shown) {
    try {
      Envelope envelope =
          new Envelope(
              shown.required("payloadType"), Bytes.ofBase64(shown.required("payload")), List.of());
      if (!envelope.payloadType().equals(KeyringChange.PAYLOAD_TYPE)) {
        throw refused("it is no change of a keyring");
      }
      keyring
          .fault(KeyringChange.parse(envelope.payloadJson()), call.surroundings().clock().instant())
          .ifPresent(
              why -> {
                throw refused(why);
              });
      return envelope;
    } catch (MalformedJson | IllegalArgumentException malformed) {
      throw refused("it cannot be read: " + malformed.getMessage());
    }
  }

  private static Failure refused(String why) {
    return new Failure(
        ExitCode.FAILURE, why + "; nothing was signed", "propose it again in the portal");
  }
}
