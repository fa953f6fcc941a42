package org.openlockbox.cli.command.policy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.policy.TicketKey;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.statement.Ticket;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "sign",
    description = {
      "Sign for a ticket that is the tenant's own, so that its policy may let requests about it",
      "through without asking. With an approver's key, or with a ticket key of the policy."
    },
    footer = {
      "",
      "Example:",
      "  lockbox ticket sign SUP-1 --tenant acme --for 8h --key acme-approver.key"
    })
public final class TicketSignCommand extends LockboxCommand {
  @Parameters(paramLabel = "X", description = "The ticket's number.")
  private String ticket = "";

  @Option(names = "--tenant", required = true, paramLabel = "T", description = "The tenant.")
  private @Nullable TenantId tenant;

  @Option(
      names = "--for",
      paramLabel = "D",
      defaultValue = "P1D",
      converter = Durations.DurationConverter.class,
      description = "How long it counts (default: one day).")
  private Duration length = Duration.ofDays(1);

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "An approver's key file or SSH key, or that of a ticket key (default: the profile's).")
  private String key = "";

  public TicketSignCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Keyring keyring =
        TenantKeyring.fetch(
            api(), String.valueOf(tenant), call.surroundings().config(), terminal());
    PrivateSigner signer = call.surroundings().keys().load(call.signingKey(key));
    Ticket payload =
        new Ticket(
            keyring.genesis().tenant(),
            keyring.genesis().origin(),
            ticket,
            holder(keyring, signer.key().keyId()),
            call.surroundings().clock().instant().truncatedTo(ChronoUnit.SECONDS).plus(length));
    TicketEvent event = TicketEvent.of(payload.unsigned().signedBy(signer));
    String path = "/v1/tenants/" + Api.encoded(String.valueOf(tenant)) + "/tickets";
    ApiObject answer =
        api().post(path, Json.object().put("envelope", event.envelope().toJson()).build()).object();
    if (call.json()) {
      terminal().print(answer.line());
    } else {
      terminal().print("signed for %s until %s".formatted(ticket, payload.notAfter()));
    }
    return ExitCode.OK;
  }

  private SubjectId holder(Keyring keyring, KeyId id) {
    return keyring
        .key(id)
        .map(ApproverKey::approver)
        .or(() -> keyring.policy().ticketKey(id).map(TicketKey::holder))
        .orElseThrow(
            () ->
                Failure.usage(
                    call.signingKey(key)
                        + " is neither an approver's key of this tenant nor a ticket key",
                    ""));
  }
}
