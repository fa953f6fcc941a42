package org.openlockbox.cli.command.notify;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.OwnTenantCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Something done to one webhook.
public abstract class WebhookCommand extends OwnTenantCommand {
  @Parameters(paramLabel = "W-…", description = "The webhook, as lockbox webhook ls shows it.")
  private String webhook = "";

  WebhookCommand(CommandContext surroundings) {
    super(surroundings);
  }

  final String id() {
    return webhook;
  }

  final String at(String verb) {
    return path("/webhooks/" + Api.encoded(webhook) + verb);
  }

  final String turn(boolean on) {
    return api().post(at(":turn"), Json.object().put("on", on).build()).text();
  }

  @Command(
      name = "rotate",
      description = {
        "Make a new secret, shown this once.",
        "For 24 hours each call is signed with both, so that you can change over."
      },
      footer = {"", "Example:", "  lockbox webhook rotate W-0123456789"})
  public static final class RotateSecret extends WebhookCommand {
    public RotateSecret(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    protected ExitCode run() {
      ApiObject made = api().post(at(":rotate"), Json.object().build()).object();
      if (call.json()) {
        terminal().print(made.line());
      } else {
        WebhookAddCommand.shown(made).printTo(terminal());
      }
      return ExitCode.OK;
    }
  }

  @Command(
      name = "test",
      description = "Call it with an event that means nothing.",
      footer = {"", "Example:", "  lockbox webhook test W-0123456789"})
  public static final class TestWebhook extends WebhookCommand {
    public TestWebhook(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    protected ExitCode run() {
      String sent = api().post(at(":test"), Json.object().build()).text();
      return done(sent, "the call is on its way; see: lockbox notify ls");
    }
  }

  @Command(
      name = "on",
      description = "Call it again from now on.",
      footer = {"", "Example:", "  lockbox webhook on W-0123456789"})
  public static final class SwitchWebhookOn extends WebhookCommand {
    public SwitchWebhookOn(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    protected ExitCode run() {
      return done(turn(true), id() + " is on");
    }
  }

  @Command(
      name = "off",
      description = "Call it no more; what waits for it is given up and can be resent.",
      footer = {"", "Example:", "  lockbox webhook off W-0123456789"})
  public static final class SwitchWebhookOff extends WebhookCommand {
    public SwitchWebhookOff(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    protected ExitCode run() {
      return done(turn(false), id() + " is off");
    }
  }

  @Command(
      name = "remove",
      description = "Forget it and its secret.",
      footer = {"", "Example:", "  lockbox webhook remove W-0123456789"})
  public static final class RemoveWebhook extends WebhookCommand {
    public RemoveWebhook(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    protected ExitCode run() {
      return done(api().delete(at("")).text(), id() + " is removed");
    }
  }
}
