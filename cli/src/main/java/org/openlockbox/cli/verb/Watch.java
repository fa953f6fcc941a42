package org.openlockbox.cli.verb;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.cli.watch.LogCopy;
import org.openlockbox.cli.watch.Watcher;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.evidence.LogWatch.Finding;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = {
      "Read a tenant's whole log, check every entry and signature, and keep a copy.",
      "For the customer's side, from cron or with --follow. Exit code 0: nothing is wrong; 1:"
          + " something is, and each finding is printed; 3 or 8: it could not be checked."
    },
    footer = {"", "Example:", "  lockbox watch acme --pin 3f2a… --quiet"})
final class Watch extends Verb {
  @Parameters(paramLabel = "T", description = "The tenant.")
  private TenantId tenant = new TenantId("tenant");

  @Option(
      names = "--pin",
      required = true,
      paramLabel = "HEX",
      converter = Verify.PinConverter.class,
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

  Watch(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  ExitCode run() {
    if (every < 1) {
      throw Failure.usage("--every is at least 1 second", "");
    }
    Path own =
        ConfigDirectory.of(call.surroundings().environment())
            .path()
            .resolve("watch")
            .resolve(tenant.value());
    LogCopy copy = new LogCopy(Optional.ofNullable(directory).orElse(own));
    Hash genesis = Optional.ofNullable(pin).orElseThrow();
    Watcher watcher = complete(() -> new Watcher(api(), tenant, genesis, copy));
    int told = 0;
    do {
      complete(
          () -> {
            watcher.pass();
            return watcher;
          });
      List<Finding> findings = watcher.findings();
      findings.subList(told, findings.size()).forEach(this::tell);
      post(findings.subList(told, findings.size()));
      told = findings.size();
      if (follow) {
        Requests.pause(Duration.ofSeconds(every));
      }
    } while (follow);
    if (told > 0) {
      terminal().say(terminal().bad("%d finding(s) in the log of %s".formatted(told, tenant)));
      return ExitCode.FAILURE;
    }
    terminal()
        .mention(terminal().good("nothing is wrong: ") + watcher.size() + " entries of " + tenant);
    return ExitCode.OK;
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
      terminal().print(CanonicalJson.text(json(finding)));
    } else {
      terminal().print("entry " + finding.seq() + ": " + Terminal.clean(finding.what()));
    }
  }

  private static Json.Object json(Finding finding) {
    return Json.object()
        .put("seq", finding.seq())
        .put("what", Terminal.clean(finding.what()))
        .build();
  }

  /// A webhook that cannot be reached is said, and hides no finding.
  private void post(List<Finding> findings) {
    URI to = webhook;
    if (to == null || findings.isEmpty()) {
      return;
    }
    Json body =
        Json.object()
            .put("tenant", tenant.value())
            .put("findings", findings.stream().map(Watch::json).toList())
            .build();
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(to)
              .timeout(Duration.ofSeconds(20))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(CanonicalJson.bytes(body)))
              .build();
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status / 100 != 2) {
        terminal().say("the webhook answered " + status);
      }
    } catch (IOException unreachable) {
      terminal().say("the webhook cannot be reached: " + unreachable.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
