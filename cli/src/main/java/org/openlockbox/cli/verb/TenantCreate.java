package org.openlockbox.cli.verb;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.GatewayKey;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.LogVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = {
      "Found a tenant: its first log entry, signed by every founding approver's key.",
      "Prints the pin, which the tenant keeps: everything later is verified against it."
    },
    footer = {
      "",
      "Example:",
      "  lockbox tenant create acme --name 'Acme Ltd' --approver anna:'Anna Example'=anna.key \\",
      "      --notify anna@acme.example"
    })
final class TenantCreate extends Verb {
  @Parameters(paramLabel = "T", description = "The tenant's id.")
  private @Nullable TenantId tenant;

  @Option(names = "--name", required = true, paramLabel = "NAME", description = "Its name.")
  private String name = "";

  @Option(
      names = {"--approver", "--key"},
      required = true,
      paramLabel = "ID[:NAME]=FILE",
      converter = NamedKey.Converter.class,
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

  TenantCreate(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  ExitCode run() {
    String id = String.valueOf(tenant);
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
    tell(api().post("/v1/tenants", body).object());
    return ExitCode.OK;
  }

  private Genesis genesis(TenantId id, ApiObject prepared, List<ApproverKey> founding) {
    List<GatewayKey> gateways =
        prepared.list("gateways").stream()
            .map(gateway -> GatewayKey.parse(Fields.of(gateway.json(), "gateway")))
            .toList();
    return new Genesis(
        id,
        name,
        new LogOrigin(prepared.required("origin")),
        LogVerifier.parse(prepared.texts("logKeys")),
        prepared.number("slot").orElse(-1),
        quorum,
        founding,
        gateways);
  }

  private void tell(ApiObject made) {
    String pin = made.required("pin");
    PrivateFile.replace(call.surroundings().config().pin(made.required("id")), pin + "\n");
    if (call.json()) {
      terminal().print(made.line());
    } else {
      terminal().print("pin  " + pin);
    }
    terminal()
        .mention(
            "Keep this pin outside the provider's reach: it is how "
                + name
                + " recognises its own log.");
  }
}
