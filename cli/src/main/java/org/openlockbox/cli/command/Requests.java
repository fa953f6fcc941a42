package org.openlockbox.cli.command;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.signing.ShownLimits;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.LookAlikes;
import org.openlockbox.core.canonical.TextRules;

/// Access requests as the server tells them: finding, waiting, describing.
public final class Requests {
  private static final Duration LONG_POLL = Duration.ofSeconds(30);
  private static final int PAGE = 200;

  private final Api api;
  private final Terminal terminal;
  private final InstantSource clock;

  Requests(Api api, Terminal terminal, InstantSource clock) {
    this.api = api;
    this.terminal = terminal;
    this.clock = clock;
  }

  /// The request of this id. Whoever names one signs, connects and reads for no other: what the
  /// server tells of another one is refused.
  public ApiResponse find(RequestId id) {
    return about(id.value(), api.get("/v1/requests/" + id));
  }

  private static ApiResponse about(String id, ApiResponse answer) {
    String told = answer.object().text("id");
    if (!told.equals(id)) {
      throw new Failure(
          ExitCode.FAILURE,
          "asked about %s, the server tells of \"%s\"; nothing was done"
              .formatted(id, Terminal.clean(told)),
          "do not go on; tell the provider");
    }
    return answer;
  }

  /// The path of a request inside its tenant, which is where things are done to it.
  public static String path(ApiObject request) {
    return "/v1/tenants/"
        + Api.encoded(request.required("tenant"))
        + "/requests/"
        + Api.encoded(request.required("id"));
  }

  /// All pages of a list, up to `limit` items.
  public List<ApiObject> pages(String path, String member, int limit) {
    List<ApiObject> all = new ArrayList<>();
    String token = "";
    do {
      String query = "pageSize=" + Math.min(PAGE, limit - all.size());
      query += token.isEmpty() ? "" : "&pageToken=" + Api.encoded(token);
      ApiObject page = api.get(path + (path.contains("?") ? "&" : "?") + query).object();
      all.addAll(page.list(member));
      token = page.text("nextPageToken");
    } while (!token.isEmpty() && all.size() < limit);
    return all.size() > limit ? all.subList(0, limit) : all;
  }

  /// Waits until the request is decided or `deadline` is past, and gives its last known form.
  public ApiObject awaitDecision(ApiObject request, Instant deadline) {
    ApiObject latest = request;
    while (isOpen(latest) && clock.instant().isBefore(deadline)) {
      Duration left = Duration.between(clock.instant(), deadline);
      long seconds = Math.max(1, Math.min(LONG_POLL.toSeconds(), left.toSeconds()));
      latest = changed(latest, seconds);
    }
    return latest;
  }

  /// Tells each change of state until the request is over.
  public ApiObject follow(ApiObject request, Consumer<ApiObject> onChange) {
    ApiObject latest = request;
    onChange.accept(latest);
    while (isOpen(latest) || latest.text("state").equals("approved")) {
      ApiObject next = isOpen(latest) ? changed(latest, LONG_POLL.toSeconds()) : later(latest);
      if (!fingerprint(next).equals(fingerprint(latest))) {
        onChange.accept(next);
      }
      latest = next;
    }
    return latest;
  }

  private ApiObject changed(ApiObject request, long seconds) {
    Instant asked = clock.instant();
    ApiResponse answer =
        api.get(path(request) + "?waitFor=decision", Map.of("Prefer", "wait=" + seconds));
    ApiObject next = about(request.text("id"), answer).object();
    if (isOpen(next) && Duration.between(asked, clock.instant()).toMillis() < 1000) {
      pause(Duration.ofSeconds(1)); // a server that does not hold the question is not hammered
    }
    return next;
  }

  private ApiObject later(ApiObject request) {
    pause(Duration.ofSeconds(1));
    return about(request.text("id"), api.get(path(request))).object();
  }

  private static String fingerprint(ApiObject request) {
    return request.text("state")
        + request.list("approvals").size()
        + request.object("review").text("state")
        + request.text("openSessions");
  }

  public static void pause(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILURE, "interrupted");
    }
  }

  private static boolean isOpen(ApiObject request) {
    return request.text("state").equals("pending");
  }

  /// The request in `name value` lines.
  FieldList describe(ApiObject request) {
    ApiObject engineer = request.object("engineer");
    ApiObject grant = request.object("grant");
    String level = grant.has("level") ? grant.text("level") : request.text("level");
    FieldList facts = new FieldList();
    facts
        .add("request", request.text("id"))
        .addState("state", request.text("state"), waiting(request))
        .add("tenant", request.text("tenant"))
        .add("resource", request.text("resource"))
        .add("level", narrowed(level, request.text("level")))
        .add("engineer", engineerInWords(engineer));
    addNames(facts, engineer)
        .add("purpose", request.text("purpose").replace('_', ' '))
        .add("ticket", request.text("ticket"))
        .add("reason", quoted(request.text("reason")))
        .add("attention", lookAlikes(request))
        .add("erased", erasedInWords(request))
        .add("for", request.text("duration"))
        .add("starts", (grant.has("notBefore") ? grant : request).text("notBefore"))
        .add(endingLabel(request.text("state")), when(request))
        .add("by", request.object("ended").text("by"));
    ShownLimits.of(grant.has("level") ? grant : request)
        .limits()
        .words()
        .forEach((limit, words) -> facts.add(limit.label(), words));
    int n = 0;
    for (ApiObject statement : request.list("statementTexts")) {
      facts.add("statement " + ++n, quoted(statement.text("text")));
    }
    return facts
        .add("review", reviewInWords(request.object("review")))
        .add("approvals", approvalsInWords(request))
        .add(
            "sessions",
            request.text("openSessions").equals("0") ? "" : request.text("openSessions"))
        .add("left over", quoted(request.text("leftover")))
        .add("extends", request.text("extends"))
        .add("comment", commentInWords(request.text("comment")));
  }

  private String when(ApiObject request) {
    return time(request)
        .map(at -> at + " (" + Durations.relative(at, clock.instant()) + ")")
        .orElse("");
  }

  /// When it was over; until then, when it will be.
  private static Optional<Instant> time(ApiObject request) {
    return request.object("ended").instant("time").or(() -> request.instant("expireTime"));
  }

  /// What the time of a request in this state is called.
  private static String endingLabel(String state) {
    return switch (state) {
      case "pending" -> "decide by";
      case "approved" -> "ends";
      default -> state.equals("removalFailed") ? "ended" : state;
    };
  }

  /// The same in a list: `decide in 11 h 47 min`, `ends in 25 min`, `denied 3 h ago`.
  public String timing(ApiObject request) {
    String state = request.text("state");
    String verb =
        switch (state) {
          case "pending" -> "decide";
          default -> endingLabel(state);
        };
    return time(request).map(at -> verb + " " + Durations.relative(at, clock.instant())).orElse("");
  }

  public static String stateInWords(ApiObject request) {
    return request.text("state") + waiting(request);
  }

  private static String waiting(ApiObject request) {
    return request.text("state").equals("pending") ? ", " + waitingFor(request) : "";
  }

  /// Whom a pending request waits for: `waiting for acme`.
  public static String waitingFor(ApiObject request) {
    boolean review = request.object("review").text("state").equals("needed");
    String who = review ? "the provider's second person" : request.text("tenant");
    long given = request.list("approvals").size();
    long quorum = request.number("quorum").orElse(1);
    return "waiting for "
        + who
        + (quorum > 1 ? " (" + given + " of " + quorum + " approvals)" : "");
  }

  private static FieldList addNames(FieldList facts, ApiObject engineer) {
    return facts
        .add("name", quoted(engineer.text("name")))
        .add("employer", quoted(engineer.text("employer")))
        .add("country", engineer.text("country"));
  }

  /// By the id alone: what the requester's side calls itself stands on lines of its own.
  static String engineerInWords(ApiObject engineer) {
    return engineer.text("id")
        + (engineer.text("kind").equals("agent")
            ? ", an AI agent" + suffix("; responsible: ", engineer.text("responsible"))
            : "");
  }

  /// A denial begins with a code, which is said in words.
  private static String commentInWords(String comment) {
    String[] parts = comment.split(": ?", 2);
    String words =
        switch (parts[0]) {
          case "not_needed" -> "it is not needed";
          case "too_much" -> "it is too much";
          case "wrong_person" -> "not this person";
          case "wrong_time" -> "not now";
          case "other" -> "another reason";
          default -> "";
        };
    return words.isEmpty()
        ? quoted(comment)
        : words + suffix(": ", parts.length == 2 ? quoted(parts[1]) : "");
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "" : TextRules.quoted(text);
  }

  private static String lookAlikes(ApiObject request) {
    List<String> texts = new ArrayList<>();
    texts.add(request.object("engineer").text("name"));
    texts.add(request.text("reason"));
    texts.add(request.text("comment"));
    texts.add(request.object("engineer").text("employer"));
    texts.add(request.text("leftover"));
    request.list("statementTexts").forEach(statement -> texts.add(statement.text("text")));
    return LookAlikes.warning(texts);
  }

  /// What of the texts was erased, when and on whose word; empty if nothing.
  public static String erasedInWords(ApiObject shown) {
    List<String> words = new ArrayList<>();
    for (ApiObject erased : shown.list("erased")) {
      words.add(
          "%s erased on %s by %s (entry %s: %s)"
              .formatted(
                  erased.text("kind"),
                  erased.text("time"),
                  erased.text("by"),
                  erased.text("index"),
                  quoted(erased.text("reason"))));
    }
    return Terminal.clean(String.join("; ", words));
  }

  private static String reviewInWords(ApiObject review) {
    String state = review.text("state");
    return state.isEmpty() || state.equals("none") ? "" : state + suffix(" by ", review.text("by"));
  }

  private static String approvalsInWords(ApiObject request) {
    List<String> words = new ArrayList<>();
    for (ApiObject approval : request.list("approvals")) {
      words.add(
          approval.text("approver")
              + suffix(" at ", approval.text("time"))
              + suffix(", entry ", approval.text("index")));
    }
    return String.join("; ", words);
  }

  private static String narrowed(String level, String asked) {
    return level.equals(asked) ? level : level + " (asked: " + asked + ")";
  }

  public static String suffix(String before, String value) {
    return value.isEmpty() ? "" : before + value;
  }

  void mention(String line) {
    terminal.mention(line);
  }
}
