package org.openlockbox.cli.command.tenant;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Confirmation;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.keyring.QuorumKeys;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.signing.InclusionCheck;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "erase",
    description = {
      "Erase texts that the log commits to: operations, their input, reasons, names. For good.",
      "The entries stay and every proof holds; an entry says what was erased, by whom and why.",
      "One approver signs for single entries or a request, a quorum for everything."
    },
    footer = {
      "",
      "Examples:",
      "  lockbox erase 17 --tenant acme --key acme-approver.key --reason 'Carl asked for it'",
      "  lockbox erase R-7K3F92QX4M --key acme-approver.key --reason 'Carl asked for it'",
      "  lockbox erase --everything --tenant acme --key ann.key --key bob.key --reason 'contract ended'"
    })
public final class EraseCommand extends LockboxCommand {
  private static final Duration VALID = Duration.ofMinutes(10);

  @Parameters(
      arity = "0..*",
      paramLabel = "INDEX|R-…",
      description = "Entries of the log by their numbers, or all that a request left.")
  private List<String> targets = List.of();

  @Option(names = "--tenant", paramLabel = "T", description = "Whose log (default: your own).")
  private @Nullable TenantId tenant;

  @Option(
      names = "--everything",
      description = "Every text of the tenant so far; asks for the tenant's id.")
  private boolean everything;

  @Option(
      names = "--confirm",
      paramLabel = "T",
      description = "With --everything: the tenant's id, instead of typing it.")
  private String confirmed = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; stays in the log for ever, so name nobody.")
  private String reason = "";

  @Mixin private final Confirmation confirmation = new Confirmation();

  @Mixin private final QuorumKeys signers = new QuorumKeys();

  public EraseCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    if (everything == !targets.isEmpty()) {
      throw Failure.usage("say which entries, a request, or --everything", "lockbox erase --help");
    }
    String whose = whose();
    Keyring keyring = TenantKeyring.fetch(api(), whose, call.surroundings().config(), terminal());
    if (everything) {
      confirmAll(whose);
      return send(keyring, new Erasure.ErasureScope.Everything());
    }
    List<Long> indices = new ArrayList<>(indices(keyring));
    if (indices.isEmpty()) {
      throw new Failure(
          ExitCode.FAILURE, "nothing is left of it that could be erased", "lockbox log");
    }
    var what = indices.size() == 1 ? "texts of 1 entry" : "texts of " + indices.size() + " entries";
    confirmation.require(call, "Erase the " + what + " of " + whose + " for good?");
    for (int from = 0; from < indices.size(); from += Erasure.ErasureScope.ChosenEntries.MOST) {
      int to = Math.min(indices.size(), from + Erasure.ErasureScope.ChosenEntries.MOST);
      send(keyring, new Erasure.ErasureScope.ChosenEntries(indices.subList(from, to)));
    }
    return ExitCode.OK;
  }

  private String whose() {
    if (tenant != null) {
      return tenant.value();
    }
    String own = api().get("/v1/whoami").object().text("tenant");
    if (own.isEmpty()) {
      throw Failure.usage(
          "you belong to no tenant, so say whose log", "lockbox erase --tenant T …");
    }
    return own;
  }

  private SortedSet<Long> indices(Keyring keyring) {
    SortedSet<Long> indices = new TreeSet<>();
    for (String target : targets) {
      if (target.startsWith("R-")) {
        indices.addAll(new RequestTexts(api(), keyring, request(target)).indices());
      } else {
        indices.add(number(target));
      }
    }
    return indices;
  }

  private static RequestId request(String target) {
    try {
      return new RequestId(target);
    } catch (IllegalArgumentException unusable) {
      throw Failure.usage(String.valueOf(unusable.getMessage()), "lockbox erase --help");
    }
  }

  private static long number(String target) {
    try {
      return Long.parseUnsignedLong(target);
    } catch (NumberFormatException unusable) {
      throw Failure.usage(
          "'" + target + "' is neither an entry's number nor a request", "lockbox log");
    }
  }

  private void confirmAll(String whose) {
    if (confirmed.isEmpty() && call.surroundings().interactive()) {
      terminal()
          .ask(
              "This erases every text of "
                  + whose
                  + "'s log for good. Type "
                  + whose
                  + " to go on: ");
      confirmed = call.answer().strip();
    }
    if (!confirmed.equals(whose)) {
      throw Failure.usage("nothing was erased", "--confirm " + whose);
    }
  }

  private ExitCode send(Keyring keyring, Erasure.ErasureScope scope) {
    Instant now = call.surroundings().clock().instant().truncatedTo(ChronoUnit.MILLIS);
    Erasure erasure = erasure(keyring, scope, now.plus(VALID));
    Envelope envelope = signers.sign(erasure.unsigned(), call);
    String path = "/v1/tenants/" + Api.encoded(keyring.genesis().tenant().value()) + "/erasures";
    ApiObject answer =
        api()
            .post(
                path,
                Json.object().put("envelope", envelope.toJson()).build(),
                Map.of("Idempotency-Key", erasure.nonce().value()))
            .object();
    InclusionCheck inclusion =
        InclusionCheck.check(api(), keyring, answer.object("proof"), envelope);
    if (call.json()) {
      terminal().print(answer.line());
    } else {
      terminal().print("erased; logged as entry " + inclusion.index() + ", proof checked");
    }
    return ExitCode.OK;
  }

  private Erasure erasure(Keyring keyring, Erasure.ErasureScope scope, Instant notAfter) {
    try {
      return new Erasure(
          keyring.genesis().tenant(),
          keyring.genesis().origin(),
          scope,
          reason,
          notAfter,
          Nonce.random(call.surroundings().random()));
    } catch (MalformedJson unusable) {
      throw Failure.usage(String.valueOf(unusable.getMessage()), "lockbox erase --help");
    }
  }
}
