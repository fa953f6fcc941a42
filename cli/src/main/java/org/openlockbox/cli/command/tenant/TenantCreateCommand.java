package org.openlockbox.cli.command.tenant;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.TenantArgument;
import org.openlockbox.cli.command.keyring.NamedKey;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.tree.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    description = {
      "With --admin: create a tenant that waits, and mail its administrator an invitation; its",
      "people found it in the portal, with passkeys. With --approver: found it here, its first log",
      "entry signed by every founding approver's key.",
      "The pin is what the tenant keeps: everything later is verified against it."
    },
    footer = {
      "",
      "Examples:",
      "  lockbox tenant create acme --name 'Acme Ltd' --admin admin@acme.example",
      "  lockbox tenant create acme --name 'Acme Ltd' --approver anna:'Anna Example'=anna.key \\",
      "      --notify anna@acme.example"
    })
public final class TenantCreateCommand extends LockboxCommand {
  @Mixin private final TenantArgument tenant = new TenantArgument();

  @Option(names = "--name", required = true, paramLabel = "NAME", description = "Its name.")
  private String name = "";

  @Option(
      names = {"--approver", "--key"},
      paramLabel = "ID[:NAME]=FILE",
      converter = NamedKey.NamedKeyConverter.class,
      description = "A founding approver and the key file or SSH key; repeat it.")
  private List<NamedKey> approvers = List.of();

  @Option(
      names = "--quorum",
      paramLabel = "N",
      description = "How many approvers must agree (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int quorum;

  @Option(names = "--notify", paramLabel = "MAIL", description = "Whom to mail; repeat it.")
  private List<String> notify = List.of();

  @Option(
      names = "--admin",
      paramLabel = "MAIL",
      description = "Whom to invite, so that the tenant's own people found it in the portal.")
  private String admin = "";

  @Option(
      names = "--replace",
      description =
          "With --admin, while the tenant is not founded: remove the people who are there, because"
              + " an address was wrong.")
  private boolean replace;

  public TenantCreateCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    if (admin.isEmpty() == approvers.isEmpty()) {
      throw Failure.usage(
          "either --admin invites somebody, or --approver names who founds the tenant here",
          "lockbox tenant create --help");
    }
    if (replace && admin.isEmpty()) {
      throw Failure.usage(
          "--replace goes with --admin: nobody is removed when keys found a tenant",
          "lockbox tenant create --help");
    }
    return admin.isEmpty() ? found() : invite();
  }

  private ExitCode invite() {
    JsonObjectBuilder asked =
        Json.object().put("tenant", tenant.value().value()).put("name", name).put("admin", admin);
    if (replace) {
      asked.put("replace", true);
    }
    ApiObject invited = api().post("/v1/tenants:invite", asked.build()).object();
    if (call.json()) {
      terminal().print(invited.line());
    } else {
      terminal().print("invited  " + invited.required("admin"));
    }
    terminal()
        .mention(
            "The invitation is good until %s. Run the command again to send a new one."
                .formatted(invited.required("expiresAt")));
    return ExitCode.OK;
  }

  private ExitCode found() {
    String id = tenant.value().value();
    Json.Object asked = Json.object().put("tenant", id).put("name", name).build();
    ApiObject prepared = api().post("/v1/tenants:prepare", asked).object();
    List<PrivateSigner> keys = new ArrayList<>();
    List<ApproverKey> founding = new ArrayList<>();
    for (NamedKey approver : approvers) {
      PrivateSigner key = call.surroundings().keys().load(approver.file());
      keys.add(key);
      founding.add(new ApproverKey(approver.approver(), approver.name(), key.key()));
    }
    Genesis genesis = genesis(new TenantId(id), prepared, founding);
    Envelope envelope = Envelope.unsigned(Genesis.PAYLOAD_TYPE, genesis.toJson());
    for (PrivateSigner key : keys) {
      envelope = envelope.signedBy(key);
    }
    Json.Object body =
        Json.object()
            .put("id", id)
            .put("name", name)
            .putTexts("notify", notify)
            .put("genesis", Json.object().put("envelope", envelope.toJson()).build())
            .build();
    ApiObject made = api().post("/v1/tenants", body).object();
    tell(made, TenantKeyring.founded(api(), envelope, call.surroundings().config()).pin());
    return ExitCode.OK;
  }

  private Genesis genesis(TenantId id, ApiObject prepared, List<ApproverKey> founding) {
    VerifyingKey gatewayAuthority =
        VerifyingKey.parse(Fields.of(prepared.object("gatewayAuthority").json(), "authority"));
    return new Genesis(
        id,
        name,
        new LogOrigin(prepared.required("origin")),
        LogVerifier.parse(prepared.texts("logKeys")),
        prepared.number("slot").orElse(-1),
        quorum,
        founding,
        gatewayAuthority);
  }

  /// The pin is that of the entry which holds what was signed here.
  private void tell(ApiObject made, Hash pin) {
    if (!made.required("pin").equals(pin.hex())) {
      throw new Failure(
          ExitCode.FAILURE,
          "the server calls another pin than that of the founding which was signed",
          "the pin is " + pin.hex() + "; tell the provider");
    }
    if (call.json()) {
      terminal().print(made.line());
    } else {
      terminal().print("pin  " + pin.hex());
    }
    terminal()
        .mention(
            "Keep this pin outside the provider's reach: it is how "
                + name
                + " recognises its own log.");
  }
}
