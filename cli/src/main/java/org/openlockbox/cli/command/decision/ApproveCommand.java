package org.openlockbox.cli.command.decision;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.request.EndedRequest;
import org.openlockbox.cli.command.request.LimitFlags;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Narrowing;
import org.openlockbox.core.access.Refusal;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Nonce;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "approve",
    description = {
      "Sign for a request, as it was asked or with less.",
      "Shows the request as its log entry has it; refuses if the server tells it differently."
    },
    footer = {
      "",
      "Examples:",
      "  lockbox approve R-7K3F92QX4M --key acme-approver.key",
      "  lockbox approve R-7K3F92QX4M --key acme-approver.key --level masked --for 15m --rows 500"
    })
public final class ApproveCommand extends DecisionCommand {
  @Option(names = "--level", paramLabel = "L", description = "Allow only this level.")
  private @Nullable Level level;

  @Option(
      names = "--for",
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "Allow only so long.")
  private @Nullable Duration duration;

  @Mixin private LimitFlags limits = new LimitFlags();

  @Option(names = "--guarded", description = "Allow only guarded statements.")
  private boolean guarded;

  @Option(names = "--hard-end", description = "Let nothing go on when the time is over.")
  private boolean hardEnd;

  public ApproveCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Narrowing narrowing = narrowing();
    ApiResponse found = requests().find(request());
    EndedRequest.requirePending(found.object());
    SigningMaterial desk = prepare(found);
    desk.shown().requireProvenTexts();
    Submission submission = desk.shown().submission();
    Instant now = call.surroundings().clock().instant().truncatedTo(ChronoUnit.MILLIS);
    Allowance allowance = Allowance.of(submission, narrowing, now);
    allowance.widens(submission).ifPresent(ApproveCommand::refuse);
    terminal().say(terminal().bold("You sign as " + desk.approver().name() + ":"));
    RequestWords rendering = new RequestWords(call.surroundings().clock());
    rendering
        .allowance(rendering.request(desk.shown()), submission, allowance)
        .add("comment", comment)
        .sayTo(terminal());
    confirm("Approve this?");
    Decision decision =
        new Decision(
            submission.tenant(),
            desk.shown().origin(),
            desk.shown().ref(),
            desk.approver().approver(),
            Optional.of(allowance),
            comment,
            Nonce.random(call.surroundings().random()));
    return send(desk, "approve", decision.unsigned().signedBy(desk.key()), "signed");
  }

  private Narrowing narrowing() {
    Limits less = limits.over(Limits.WIDEST);
    less = guarded ? less.withProfile(Profile.GUARDED) : less;
    less = hardEnd ? less.withSoftEnd(SoftEnd.NONE) : less;
    return new Narrowing(
        Optional.ofNullable(level), Optional.empty(), Optional.ofNullable(duration), less);
  }

  private static void refuse(Refusal wider) {
    String what =
        switch (wider) {
          case LEVEL_WIDER -> "the level is higher";
          case ROW_BUDGET_WIDER -> "there are more rows";
          case TABLES_WIDER -> "there are more tables";
          case TIME_WIDER -> "the time is longer";
          default -> wider.sentence();
        };
    throw Failure.usage(
        "an approval can only allow less than was asked, and here " + what,
        "lockbox request show tells what was asked");
  }
}
