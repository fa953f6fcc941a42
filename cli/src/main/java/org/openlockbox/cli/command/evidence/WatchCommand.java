package org.openlockbox.cli.command.evidence;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.command.TenantArgument;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.cli.watch.FindingAlarms;
import org.openlockbox.cli.watch.LogCopy;
import org.openlockbox.cli.watch.Watcher;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.watch.LogWatch.Finding;
import org.openlockbox.tlog.tree.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "watch",
    description = {
      "Read a tenant's whole log, check every entry and signature, keep a copy, and compare it",
      "with the newest epoch, in which everybody is shown the same logs.",
      "For the customer's side, from cron or with --follow. Exit code 0: nothing is wrong; 1:"
          + " something is, and each finding is printed; 3 or 8: it could not be checked."
    },
    footer = {"", "Example:", "  lockbox watch acme --pin 3f2a… --quiet"})
public final class WatchCommand extends LockboxCommand {
  /// How long --follow goes on without a pass that came to its end.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Mixin private final TenantArgument tenant = new TenantArgument();

  @Option(
      names = "--pin",
      required = true,
      paramLabel = "HEX",
      converter = VerifyCommand.PinConverter.class,
      description = "The tenant's pin, 64 hexadecimal digits, as the tenant kept it.")
  private @Nullable Hash pin;

  @Option(
      names = "--copy",
      paramLabel = "DIR",
      description = "Where the copy is kept (default: watch/T in the configuration directory).")
  private @Nullable Path directory;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on; Ctrl-C ends it. Without it, one pass.")
  private boolean follow;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How often with --follow (default: ${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description = "Where findings are posted as JSON, besides being printed.")
  private @Nullable URI webhook;

  @Option(
      names = "--mail",
      paramLabel = "ADDRESS",
      description = "Who gets findings by mail, besides their being printed.")
  private @Nullable String mail;

  @Option(
      names = "--sendmail",
      paramLabel = "PROGRAM",
      defaultValue = "/usr/sbin/sendmail",
      description = "What takes the mail as 'sendmail -t' does (default: ${DEFAULT-VALUE}).")
  private String sendmail = "";

  @Option(
      names = "--witness",
      paramLabel = "FILE",
      description =
          "The vkeys of a witness that must have cosigned the newest epoch, whatever the tenant's"
              + " settings demand. May be repeated.")
  private List<Path> witnesses = List.of();

  @Option(
      names = "--witnesses",
      paramLabel = "K",
      description = "How many of them must have cosigned (default: all).")
  private @Nullable Integer quorum;

  @Option(
      names = "--again",
      description = "First read again what was read before: whether it is still served as it was.")
  private boolean again;

  @Option(
      names = "--no-epochs",
      description = "Read the log alone: not whether others are shown the same one.")
  private boolean noEpochs;

  /// How many findings were told.
  private int told;

  /// How many changes of the log's keys were told.
  private int noticed;

  public WatchCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    if (every < 1) {
      throw Failure.usage("--every is at least 1 second", "");
    }
    try (LogCopy copy = copy()) {
      return watched(copy);
    }
  }

  private ExitCode watched(LogCopy copy) {
    FindingAlarms alarms = alarms(copy);
    Watcher watcher = begun(copy, alarms);
    passes(watcher, alarms);
    boolean unsent = alarms.unsent();
    if (unsent) {
      terminal().say("not all that was found has been delivered; the next run tries again");
    }
    if (told > 0) {
      terminal()
          .say(terminal().bad("%d finding(s) in the log of %s".formatted(told, tenant.value())));
    }
    if (told > 0 || unsent) {
      return ExitCode.FAILURE;
    }
    terminal()
        .mention(
            terminal().good("nothing is wrong: ")
                + watcher.size()
                + " entries of "
                + tenant.value());
    return ExitCode.OK;
  }

  private Watcher begun(LogCopy copy, FindingAlarms alarms) {
    try {
      return complete(() -> watcher(copy));
    } catch (Failure failure) {
      unchecked(failure, alarms, follow);
      throw failure;
    }
  }

  private void unchecked(Failure failure, FindingAlarms alarms, boolean givenUp) {
    alarms.unchecked(failure.sentence(), now(), givenUp).forEach(terminal()::say);
  }

  private void passes(Watcher watcher, FindingAlarms alarms) {
    Instant checked = now();
    do {
      try {
        pass(watcher, alarms);
        alarms.checked();
        checked = now();
      } catch (Failure failure) {
        // what was found counts more than what could not be looked at
        boolean patient = follow ? now().isBefore(checked.plus(PATIENCE)) : told > 0;
        unchecked(failure, alarms, follow && !patient);
        if (!patient) {
          throw failure;
        }
        terminal().say(failure.sentence());
      }
      if (follow) {
        Requests.pause(Duration.ofSeconds(every));
      }
    } while (follow);
  }

  private Instant now() {
    return call.surroundings().clock().instant();
  }

  private LogCopy copy() {
    Path own =
        ConfigDirectory.of(call.surroundings().environment())
            .path()
            .resolve("watch")
            .resolve(tenant.value().value());
    return LogCopy.open(Optional.ofNullable(directory).orElse(own));
  }

  private Watcher watcher(LogCopy copy) {
    WitnessPolicy demanded =
        witnesses.isEmpty() ? WitnessPolicy.NONE : WitnessKeys.policy(witnesses, quorum);
    Hash genesis = Optional.ofNullable(pin).orElseThrow();
    return new Watcher(api(), tenant.value(), genesis, copy, demanded, call.surroundings().clock());
  }

  private FindingAlarms alarms(LogCopy copy) {
    FindingAlarms alarms = new FindingAlarms(tenant.value(), copy);
    URI hook = webhook;
    if (hook != null) {
      alarms.webhook(hook);
    }
    String address = mail;
    if (address != null) {
      alarms.mail(address, sendmail);
    }
    return alarms;
  }

  /// Whatever was found is told, even if the pass does not come to its end.
  private void pass(Watcher watcher, FindingAlarms alarms) {
    try {
      complete(
          () -> {
            watcher.readLog();
            if (again) {
              watcher.readAgain();
              again = false;
            }
            if (!noEpochs) {
              watcher.readEpochs();
            }
            return watcher;
          });
    } finally {
      List<Finding> all = watcher.findings();
      List<Finding> more = all.subList(told, all.size());
      told = all.size();
      List<Finding> rotations = watcher.rotations();
      List<Finding> notices = rotations.subList(noticed, rotations.size());
      noticed = rotations.size();
      List<Finding> both = Stream.concat(more.stream(), notices.stream()).toList();
      both.forEach(this::tell);
      alarms.tell(both).forEach(terminal()::say);
    }
  }

  /// A failure on the way is no finding: it must not look like one.
  private static Watcher complete(Supplier<Watcher> step) {
    try {
      return step.get();
    } catch (Failure failure) {
      throw failure.exit() == ExitCode.FAILURE
          ? new Failure(ExitCode.INCOMPLETE, failure.sentence(), failure.hint().orElse(""))
          : failure;
    }
  }

  private void tell(Finding finding) {
    if (call.json()) {
      terminal().print(CanonicalJson.text(FindingAlarms.json(finding)));
    } else {
      terminal().print("entry " + finding.seq() + ": " + Terminal.clean(finding.what()));
    }
  }
}
