package org.openlockbox.cli.watch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.watch.LogWatch.Finding;

/// Where findings go besides the terminal: a webhook, a mail by the machine's own `sendmail`. At
/// least once: what is to be sent is kept beside the copy before it is, until it was delivered;
/// what could not be is tried again with the next pass, and by the next run.
public final class FindingAlarms {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// How long a log may stay unchecked before that is told.
  private static final Duration UNEASY = Duration.ofMinutes(4);

  /// Since when the log could not be checked; empty once that was told.
  private static final String UNCHECKED = "unchecked";

  /// Findings in one message.
  private static final int MOST = 1000;

  private final TenantId tenant;
  private final LogCopy copy;
  private final List<AlarmChannel> ways = new ArrayList<>();

  /// One way out.
  private record AlarmChannel(String name, AlarmSender sending) {
    String file() {
      return "unsent-" + name + ".json";
    }
  }

  /// Sends findings; answers what went wrong.
  private interface AlarmSender {
    Optional<String> send(List<Finding> findings);
  }

  public FindingAlarms(TenantId tenant, LogCopy copy) {
    this.tenant = tenant;
    this.copy = copy;
  }

  /// Posts to this address: `https`, or `http` on this machine alone.
  public FindingAlarms webhook(URI to) {
    boolean local =
        List.of("127.0.0.1", "localhost", "[::1]").contains(String.valueOf(to.getHost()));
    if (!"https".equals(to.getScheme()) && !("http".equals(to.getScheme()) && local)) {
      throw Failure.usage("a webhook is an https address, not " + to, "");
    }
    ways.add(new AlarmChannel("webhook", findings -> post(to, findings)));
    return this;
  }

  /// Mails by this program, which reads a message with its headers as `sendmail -t` does.
  public FindingAlarms mail(String address, String sendmail) {
    if (!address.matches("[^@\\s<>,;]{1,64}@[^@\\s<>,;]{1,190}")) {
      throw Failure.usage("not a mail address: " + address, "");
    }
    ways.add(new AlarmChannel("mail", findings -> pipe(address, sendmail, findings)));
    return this;
  }

  /// Sends these findings and what has not been sent yet; answers what went wrong.
  public List<String> tell(List<Finding> findings) {
    return ways.stream().flatMap(way -> tell(way, findings).stream()).toList();
  }

  private Optional<String> tell(AlarmChannel way, List<Finding> findings) {
    List<Finding> unsent = new ArrayList<>(unsent(way));
    findings.stream()
        .map(finding -> new Finding(finding.seq(), Terminal.clean(finding.what())))
        .filter(finding -> !unsent.contains(finding))
        .forEach(unsent::add);
    keep(way, unsent);
    while (!unsent.isEmpty()) {
      List<Finding> next = unsent.subList(0, Math.min(MOST, unsent.size()));
      Optional<String> fault = way.sending().send(List.copyOf(next));
      if (fault.isPresent()) {
        return fault;
      }
      next.clear();
      keep(way, unsent);
    }
    return Optional.empty();
  }

  /// The log could not be checked. If that lasts for minutes, or the watch gives up, it is told
  /// once: silence must not look like peace. Answers what went wrong.
  public List<String> unchecked(String why, Instant now, boolean givenUp) {
    Optional<String> noted = copy.kept(UNCHECKED);
    if (noted.filter(String::isEmpty).isPresent()) {
      return List.of();
    }
    Instant since = noted.map(Instant::parse).orElse(now);
    if (!givenUp && now.isBefore(since.plus(UNEASY))) {
      copy.keep(UNCHECKED, since.toString());
      return List.of();
    }
    copy.keep(UNCHECKED, "");
    return tell(
        List.of(new Finding(0, "the log could not be checked since %s: %s".formatted(since, why))));
  }

  /// The log was checked.
  public void checked() {
    copy.forget(UNCHECKED);
  }

  /// Whether there is anything that was not delivered.
  public boolean unsent() {
    return ways.stream().anyMatch(way -> !unsent(way).isEmpty());
  }

  private List<Finding> unsent(AlarmChannel way) {
    try {
      return copy
          .kept(way.file())
          .map(text -> Json.read(text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE))
          .map(json -> Fields.of(json, way.file()).objects("findings"))
          .orElse(List.of())
          .stream()
          .map(fields -> new Finding(fields.number("seq"), fields.text("what")))
          .toList();
    } catch (MalformedJson damaged) {
      throw new Failure(
          ExitCode.INCOMPLETE, "what was not delivered is damaged: " + damaged.getMessage());
    }
  }

  private void keep(AlarmChannel way, List<Finding> unsent) {
    if (unsent.isEmpty()) {
      copy.forget(way.file());
    } else {
      copy.keep(way.file(), CanonicalJson.text(json(unsent)));
    }
  }

  private static Json.Object json(List<Finding> findings) {
    return Json.object()
        .put("findings", findings.stream().map(FindingAlarms::json).toList())
        .build();
  }

  /// A finding as JSON, harmless to a terminal.
  public static Json.Object json(Finding finding) {
    return Json.object()
        .put("seq", finding.seq())
        .put("what", Terminal.clean(finding.what()))
        .build();
  }

  private Optional<String> post(URI to, List<Finding> findings) {
    Json body =
        Json.object()
            .put("tenant", tenant.value())
            .put("findings", findings.stream().map(FindingAlarms::json).toList())
            .build();
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(to)
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(CanonicalJson.bytes(body)))
              .build();
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      return status / 100 == 2 ? Optional.empty() : Optional.of("the webhook answered " + status);
    } catch (IOException unreachable) {
      return Optional.of("the webhook cannot be reached: " + unreachable.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.of("stopped before the webhook answered");
    }
  }

  private Optional<String> pipe(String address, String sendmail, List<Finding> findings) {
    StringBuilder mail = new StringBuilder();
    mail.append("To: ").append(address).append('\n');
    mail.append("Subject: ").append(findings.size()).append(" finding(s) in the log of ");
    mail.append(tenant).append("\nContent-Type: text/plain; charset=utf-8\n\n");
    for (Finding finding : findings) {
      mail.append("entry ").append(finding.seq()).append(": ");
      mail.append(Terminal.clean(finding.what())).append('\n');
    }
    try {
      Path message = Files.createTempFile("lockbox-watch", ".eml");
      try {
        Files.writeString(message, mail);
        return run(sendmail, message);
      } finally {
        Files.delete(message);
      }
    } catch (IOException unable) {
      return Optional.of("no mail was sent: " + unable.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.of("stopped before the mail was sent");
    }
  }

  /// The program reads a file, so none that does not read can stop us; it does not get the token.
  private static Optional<String> run(String sendmail, Path message)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(sendmail, "-i", "-t")
            .redirectInput(message.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("LOCKBOX_"));
    Process process = builder.start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return Optional.of(sendmail + " does not end");
    }
    return process.exitValue() == 0
        ? Optional.empty()
        : Optional.of("%s ended with %d".formatted(sendmail, process.exitValue()));
  }
}
