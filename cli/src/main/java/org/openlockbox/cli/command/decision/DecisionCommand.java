package org.openlockbox.cli.command.decision;

import java.util.Locale;
import java.util.Map;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.signing.InclusionCheck;
import org.openlockbox.cli.signing.ShownRequest;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import picocli.CommandLine.Option;

/// What an approver does with a key: look at the bytes, say yes to them once more, sign, and check
/// that the signature is in the log. A crash before sending leaves nothing; after sending, the
/// decision stands and `request show` tells.
abstract class DecisionCommand extends RequestCommand {
  private static final String UNPROVEN =
      "not proven yet: the server cannot sign its log now, and says that the checkpoint follows."
          + " Look again with: lockbox log";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "Your key: a key file, an SSH private key, or the .pub of an SSH key in an agent (default: the profile's).")
  private String key = "";

  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      description = "What to say with it; signed and logged.")
  String comment = "";

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  DecisionCommand(CommandContext surroundings) {
    super(surroundings);
  }

  /// All that a signature is made from.
  record SigningMaterial(
      ApiResponse found,
      ApiObject request,
      Keyring keyring,
      ShownRequest shown,
      PrivateSigner key,
      ApproverKey approver) {}

  /// Reads, compares and looks up, before anything is signed.
  final SigningMaterial prepare(ApiResponse found) {
    ApiObject request = found.object();
    PrivateSigner signer = call.surroundings().keys().load(call.signingKey(key));
    Keyring keyring =
        TenantKeyring.fetch(
            api(), request.required("tenant"), call.surroundings().config(), terminal());
    ShownRequest shown = ShownRequest.check(request, keyring.genesis().origin());
    ApproverKey approver =
        keyring
            .key(signer.key().keyId())
            .orElseThrow(
                () ->
                    new Failure(
                        ExitCode.DENIED,
                        "your key "
                            + signer.key().keyId().hex().substring(0, 16)
                            + "… is not in the keyring of "
                            + request.text("tenant"),
                        "lockbox tenant show " + request.text("tenant")));
    return new SigningMaterial(found, request, keyring, shown, signer, approver);
  }

  /// Whether `--key` or the profile names a key.
  final boolean hasKey() {
    return !key.isEmpty() || call.profile().keyFile().isPresent();
  }

  /// Asks the person at the keyboard. A script says yes by naming the key or with `--yes`.
  final void confirm(String question) {
    if (yes) {
      return;
    }
    if (!call.surroundings().interactive()) {
      if (key.isEmpty()) {
        throw Failure.usage("without a terminal say --key FILE or --yes", "");
      }
      return;
    }
    terminal().ask(question + " [y/N] ");
    String answer = call.answer().strip().toLowerCase(Locale.ROOT);
    if (!answer.equals("y") && !answer.equals("yes")) {
      throw Failure.usage("nothing was signed", "");
    }
  }

  /// Sends the envelope, checks the inclusion and tells.
  final ExitCode send(SigningMaterial desk, String verb, Envelope envelope, String done) {
    Json.Object body = Json.object().put("envelope", envelope.toJson()).build();
    String etag = desk.found().etag();
    Map<String, String> headers = etag.isEmpty() ? Map.of() : Map.of("If-Match", etag);
    ApiObject answer =
        api().post(Requests.path(desk.request()) + ":" + verb, body, headers).object();
    if (call.json()) {
      terminal().print(answer.line());
    }
    String logged =
        isUnproven(verb, answer)
            ? UNPROVEN
            : logged(InclusionCheck.check(api(), desk.keyring(), answer.object("proof"), envelope));
    if (!call.json()) {
      tell(answer, done, logged);
    } else {
      terminal().mention(logged);
    }
    return ExitCode.OK;
  }

  /// What ends or denies access takes effect also while the server cannot sign its log. What gives
  /// access is never believed without its proof.
  private static boolean isUnproven(String verb, ApiObject answer) {
    return !verb.equals("approve") && !answer.has("proof") && answer.has("checkpointFollows");
  }

  private void tell(ApiObject answer, String done, String logged) {
    String id = answer.text("id");
    String state = answer.text("state");
    terminal().print(id + " " + terminal().state(state) + words(answer, state));
    terminal().print(done + "; " + logged);
  }

  private static String words(ApiObject answer, String state) {
    return switch (state) {
      case "pending" -> ", " + Requests.waitingFor(answer);
      case "approved" -> " until " + answer.text("expireTime");
      default -> "";
    };
  }

  private static String logged(InclusionCheck inclusion) {
    return "logged as entry "
        + inclusion.index()
        + ", proof and checkpoint ("
        + inclusion.size()
        + " entries) checked";
  }
}
