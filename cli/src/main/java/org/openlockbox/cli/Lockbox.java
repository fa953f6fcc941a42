package org.openlockbox.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.CommandGroup;
import org.openlockbox.cli.command.CompletionCommand;
import org.openlockbox.cli.command.JsonFields;
import org.openlockbox.cli.command.LoginCommand;
import org.openlockbox.cli.command.LogoutCommand;
import org.openlockbox.cli.command.StatusCommand;
import org.openlockbox.cli.command.VersionCommand;
import org.openlockbox.cli.command.WhoAmICommand;
import org.openlockbox.cli.command.decision.ApproveCommand;
import org.openlockbox.cli.command.decision.DenyCommand;
import org.openlockbox.cli.command.decision.ReviewCommand;
import org.openlockbox.cli.command.decision.RevokeCommand;
import org.openlockbox.cli.command.evidence.EvidenceCommand;
import org.openlockbox.cli.command.evidence.ExportCommand;
import org.openlockbox.cli.command.evidence.ExportStatusCommand;
import org.openlockbox.cli.command.evidence.LogCommand;
import org.openlockbox.cli.command.evidence.VerifyCommand;
import org.openlockbox.cli.command.evidence.WatchCommand;
import org.openlockbox.cli.command.evidence.WitnessCommand;
import org.openlockbox.cli.command.gateway.GatewayEnrollCommand;
import org.openlockbox.cli.command.gateway.GatewayHandoverCommand;
import org.openlockbox.cli.command.gateway.GatewayListCommand;
import org.openlockbox.cli.command.gateway.GatewayObjectCommand;
import org.openlockbox.cli.command.gateway.GatewayRenewCommand;
import org.openlockbox.cli.command.gateway.GatewayRevokeCommand;
import org.openlockbox.cli.command.keyring.KeyAddCommand;
import org.openlockbox.cli.command.keyring.KeyNewCommand;
import org.openlockbox.cli.command.keyring.KeyRemoveCommand;
import org.openlockbox.cli.command.keyring.KeyShowCommand;
import org.openlockbox.cli.command.keyring.KeySignCommand;
import org.openlockbox.cli.command.notify.NotifyChangeCommand;
import org.openlockbox.cli.command.notify.NotifyListCommand;
import org.openlockbox.cli.command.notify.NotifyResendCommand;
import org.openlockbox.cli.command.notify.NotifyShowCommand;
import org.openlockbox.cli.command.notify.NotifyTestCommand;
import org.openlockbox.cli.command.notify.WebhookAddCommand;
import org.openlockbox.cli.command.notify.WebhookCommand;
import org.openlockbox.cli.command.notify.WebhookListCommand;
import org.openlockbox.cli.command.policy.PolicyApplyCommand;
import org.openlockbox.cli.command.policy.PolicyGetCommand;
import org.openlockbox.cli.command.policy.PolicyLintCommand;
import org.openlockbox.cli.command.policy.PolicySimulateCommand;
import org.openlockbox.cli.command.policy.TicketSignCommand;
import org.openlockbox.cli.command.request.CompleteCommand;
import org.openlockbox.cli.command.request.RequestCreateCommand;
import org.openlockbox.cli.command.request.RequestExtendCommand;
import org.openlockbox.cli.command.request.RequestListCommand;
import org.openlockbox.cli.command.request.RequestShowCommand;
import org.openlockbox.cli.command.request.RequestWatchCommand;
import org.openlockbox.cli.command.request.RequestWithdrawCommand;
import org.openlockbox.cli.command.session.ConnectCommand;
import org.openlockbox.cli.command.session.OpenCommand;
import org.openlockbox.cli.command.session.ProxyCommand;
import org.openlockbox.cli.command.session.PsqlCommand;
import org.openlockbox.cli.command.session.SessionKillCommand;
import org.openlockbox.cli.command.session.SessionListCommand;
import org.openlockbox.cli.command.tenant.EraseCommand;
import org.openlockbox.cli.command.tenant.SettingsSetCommand;
import org.openlockbox.cli.command.tenant.SettingsShowCommand;
import org.openlockbox.cli.command.tenant.TenantCreateCommand;
import org.openlockbox.cli.command.tenant.TenantListCommand;
import org.openlockbox.cli.command.tenant.TenantShowCommand;
import org.openlockbox.cli.terminal.ErrorReporter;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.bundle.Disclosure;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/// The `lockbox` command and all its verbs, wired by hand.
@Command(
    name = "lockbox",
    description = "Access to a tenant's data only after the tenant signed for it.",
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Environment: LOCKBOX_SERVER, LOCKBOX_TOKEN, LOCKBOX_PROFILE, LOCKBOX_CONFIG_DIR, NO_COLOR"
    })
public final class Lockbox extends CommandGroup {
  private static final int HELP_WIDTH = 120;

  private static final Map<String, String> EXIT_CODES = exitCodes();

  private Lockbox() {}

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.number()), code.meaning());
    }
    return codes;
  }

  @Command(name = "request", aliases = "req", description = "Ask for access, and look after it.")
  static final class RequestGroup extends CommandGroup {}

  @Command(name = "sessions", description = "See and end open sessions.")
  static final class SessionsGroup extends CommandGroup {}

  @Command(
      name = "gateway",
      description = "Gateways: their keys and certificates, and the authority that signs these.")
  static final class GatewayGroup extends CommandGroup {}

  @Command(name = "key", description = "Make key files, and change a tenant's keyring.")
  static final class KeyGroup extends CommandGroup {}

  @Command(name = "tenant", description = "Found a tenant, and show it with its pin.")
  static final class TenantGroup extends CommandGroup {}

  @Command(
      name = "policy",
      description = "What a tenant has decided beforehand: who gets access, and who is asked.")
  static final class PolicyGroup extends CommandGroup {}

  @Command(name = "ticket", description = "Tickets that a tenant has signed for.")
  static final class TicketGroup extends CommandGroup {}

  @Command(
      name = "settings",
      description = "What a tenant demands: access on or off, witnesses, retention.")
  static final class SettingsGroup extends CommandGroup {}

  @Command(name = "notify", description = "Who of a tenant is told what, and whether it arrived.")
  static final class NotifyGroup extends CommandGroup {}

  @Command(name = "webhook", description = "Addresses of a tenant's own programs that are told.")
  static final class WebhookGroup extends CommandGroup {}

  /// The command line, ready to run one call that begins with `first`. Only that verb is built,
  /// because building all of them is most of a short call's time; any other word builds them all.
  public static CommandLine commandLine(CommandContext all, String first) {
    ErrorReporter complaint = new ErrorReporter(all.terminal());
    CommandLine root = new CommandLine(new Lockbox());
    Map<String, Function<CommandContext, Object>> verbs = verbs();
    Function<CommandContext, Object> wanted = verbs.get(first);
    if (wanted == null || first.equals("completion")) {
      verbs.values().forEach(verb -> root.addSubcommand(verb.apply(all)));
    } else {
      root.addSubcommand(wanted.apply(all));
    }
    PrintWriter out = new PrintWriter(all.terminal().out(), true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(all.terminal().err(), true, StandardCharsets.UTF_8);
    naming(root);
    return root.setUsageHelpWidth(HELP_WIDTH)
        .setOut(out)
        .setErr(err)
        .setExecutionStrategy(Lockbox::run)
        .setParameterExceptionHandler(complaint)
        .setExecutionExceptionHandler(complaint)
        .registerConverter(TenantId.class, word(TenantId::new))
        .registerConverter(ResourceId.class, word(ResourceId::new))
        .registerConverter(Level.class, word(Level::parse))
        .registerConverter(Purpose.class, word(Purpose::parse))
        .registerConverter(Shift.class, word(Shift::parse))
        .registerConverter(RequestState.class, word(RequestState::parse))
        .registerConverter(Scheme.class, word(Scheme::parse))
        .registerConverter(Disclosure.class, word(Disclosure::parse))
        .registerConverter(TextKind.class, word(TextKind::parse))
        .registerConverter(ProviderAccess.class, word(ProviderAccess::parse))
        .registerConverter(SubjectId.class, word(SubjectId::new))
        .registerConverter(SettingsSetCommand.Demand.class, word(SettingsSetCommand.Demand::parse))
        .registerConverter(Instant.class, word(Lockbox::instant));
  }

  /// What the words of a call may hold ends up in documents that others sign: nothing that cannot
  /// be seen. What stands after `--` is another program's.
  private static int run(ParseResult call) {
    call.originalArgs().stream()
        .takeWhile(word -> !word.equals("--"))
        .filter(word -> !TextRules.allows(word))
        .findFirst()
        .ifPresent(
            word -> {
              throw new ParameterException(
                  last(call).commandSpec().commandLine(),
                  "a character that cannot be seen is in \"%s\"; some emoji hold one too"
                      .formatted(TextRules.shown(word)));
            });
    return new CommandLine.RunLast().execute(call);
  }

  private static ParseResult last(ParseResult call) {
    return call.hasSubcommand() ? last(call.subcommand()) : call;
  }

  /// The help of the command, and of every verb, names the exit codes. Each line of a description
  /// is a whole sentence, since a list of verbs shows the first line of each.
  private static void naming(CommandLine command) {
    Set.copyOf(command.getSubcommands().values()).forEach(Lockbox::naming);
    var usage = command.getCommandSpec().usageMessage();
    usage.description(String.join(" ", usage.description()).split("(?<=\\.) (?=[A-Z])"));
    var fields = JsonFields.line(command.getCommandSpec().qualifiedName());
    if (!fields.isEmpty()) {
      usage.footer(
          Stream.concat(Stream.of("", fields), Arrays.stream(usage.footer()))
              .toArray(String[]::new));
    }
    usage.exitCodeListHeading("%nExit codes:%n").exitCodeList(EXIT_CODES);
  }

  /// A value of the domain as a word of the command line, refused in the domain's own words.
  private static <T> ITypeConverter<T> word(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException | DateTimeException unusable) {
        throw new TypeConversionException(String.valueOf(unusable.getMessage()));
      }
    };
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw new TypeConversionException(
          "'" + text + "' is not a UTC time like 2026-11-24T09:30:00Z");
    }
  }

  private static Map<String, Function<CommandContext, Object>> verbs() {
    Map<String, Function<CommandContext, Object>> verbs = new LinkedHashMap<>();
    verbs.put("request", Lockbox::requests);
    verbs.put("review", ReviewCommand::new);
    verbs.put("approve", ApproveCommand::new);
    verbs.put("deny", DenyCommand::new);
    verbs.put("revoke", RevokeCommand::new);
    verbs.put("complete", CompleteCommand::new);
    verbs.put("connect", ConnectCommand::new);
    verbs.put("psql", PsqlCommand::new);
    verbs.put("open", OpenCommand::new);
    verbs.put("proxy", ProxyCommand::new);
    verbs.put("sessions", Lockbox::sessions);
    verbs.put("log", LogCommand::new);
    verbs.put("erase", EraseCommand::new);
    verbs.put("evidence", EvidenceCommand::new);
    verbs.put(
        "export",
        all -> new CommandLine(new ExportCommand(all)).addSubcommand(new ExportStatusCommand(all)));
    verbs.put("verify", VerifyCommand::new);
    verbs.put("watch", WatchCommand::new);
    verbs.put("key", Lockbox::keys);
    verbs.put("tenant", Lockbox::tenants);
    verbs.put("settings", Lockbox::settings);
    verbs.put("policy", Lockbox::policies);
    verbs.put(
        "ticket",
        all -> new CommandLine(new TicketGroup()).addSubcommand(new TicketSignCommand(all)));
    verbs.put("gateway", Lockbox::gateways);
    verbs.put("notify", Lockbox::notifications);
    verbs.put("webhook", Lockbox::webhooks);
    verbs.put("witness", WitnessCommand::new);
    verbs.put("login", LoginCommand::new);
    verbs.put("logout", LogoutCommand::new);
    verbs.put("whoami", WhoAmICommand::new);
    verbs.put("status", StatusCommand::new);
    verbs.put("completion", CompletionCommand::new);
    verbs.put("version", VersionCommand::new);
    return verbs;
  }

  private static CommandLine requests(CommandContext all) {
    return new CommandLine(new RequestGroup())
        .addSubcommand(new RequestCreateCommand(all))
        .addSubcommand(new RequestListCommand(all))
        .addSubcommand(new RequestShowCommand(all))
        .addSubcommand(new RequestWatchCommand(all))
        .addSubcommand(new RequestWithdrawCommand(all))
        .addSubcommand(new RequestExtendCommand(all));
  }

  private static CommandLine sessions(CommandContext all) {
    return new CommandLine(new SessionsGroup())
        .addSubcommand(new SessionListCommand.ListSessions(all))
        .addSubcommand(new SessionListCommand.WatchSessions(all))
        .addSubcommand(new SessionKillCommand(all));
  }

  private static CommandLine keys(CommandContext all) {
    return new CommandLine(new KeyGroup())
        .addSubcommand(new KeyNewCommand(all))
        .addSubcommand(new KeyShowCommand(all))
        .addSubcommand(new KeyAddCommand(all))
        .addSubcommand(new KeyRemoveCommand(all))
        .addSubcommand(new KeySignCommand(all));
  }

  private static CommandLine gateways(CommandContext all) {
    return new CommandLine(new GatewayGroup())
        .addSubcommand(new GatewayEnrollCommand(all))
        .addSubcommand(new GatewayRenewCommand(all))
        .addSubcommand(new GatewayRevokeCommand(all))
        .addSubcommand(new GatewayListCommand(all))
        .addSubcommand(new GatewayHandoverCommand(all))
        .addSubcommand(new GatewayObjectCommand(all));
  }

  private static CommandLine settings(CommandContext all) {
    return new CommandLine(new SettingsGroup())
        .addSubcommand(new SettingsShowCommand(all))
        .addSubcommand(new SettingsSetCommand(all));
  }

  private static CommandLine policies(CommandContext all) {
    return new CommandLine(new PolicyGroup())
        .addSubcommand(new PolicyGetCommand(all))
        .addSubcommand(new PolicyLintCommand(all))
        .addSubcommand(new PolicySimulateCommand(all))
        .addSubcommand(new PolicyApplyCommand(all));
  }

  private static CommandLine notifications(CommandContext all) {
    return new CommandLine(new NotifyGroup())
        .addSubcommand(new NotifyShowCommand(all))
        .addSubcommand(new NotifyChangeCommand.AddContact(all))
        .addSubcommand(new NotifyChangeCommand.RemoveContact(all))
        .addSubcommand(new NotifyChangeCommand.SwitchLinks(all))
        .addSubcommand(new NotifyListCommand(all))
        .addSubcommand(new NotifyResendCommand(all))
        .addSubcommand(new NotifyTestCommand(all));
  }

  private static CommandLine webhooks(CommandContext all) {
    return new CommandLine(new WebhookGroup())
        .addSubcommand(new WebhookListCommand(all))
        .addSubcommand(new WebhookAddCommand(all))
        .addSubcommand(new WebhookCommand.RotateSecret(all))
        .addSubcommand(new WebhookCommand.TestWebhook(all))
        .addSubcommand(new WebhookCommand.SwitchWebhookOn(all))
        .addSubcommand(new WebhookCommand.SwitchWebhookOff(all))
        .addSubcommand(new WebhookCommand.RemoveWebhook(all));
  }

  private static CommandLine tenants(CommandContext all) {
    return new CommandLine(new TenantGroup())
        .addSubcommand(new TenantCreateCommand(all))
        .addSubcommand(new TenantShowCommand(all))
        .addSubcommand(new TenantListCommand(all));
  }
}
