package org.openlockbox.cli.command.request;

import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.TextRules;

/// Why a request gives no access now, in one sentence with the next command.
public final class EndedRequest {
  private EndedRequest() {}

  public static Failure failure(ApiObject request) {
    String id = request.text("id");
    String state = request.text("state");
    String tenant = request.text("tenant");
    ExitCode exit = ExitCode.ofState(state);
    return switch (state) {
      case "pending" ->
          new Failure(
              exit,
              id + " is not approved: " + Requests.waitingFor(request),
              "lockbox request watch " + id);
      case "denied" ->
          new Failure(
              exit,
              id + " was denied by " + tenant + comment(request),
              "lockbox request show " + id);
      case "revoked" ->
          new Failure(
              exit,
              id + " was revoked by " + tenant + comment(request),
              "lockbox request show " + id);
      case "lapsed" ->
          new Failure(exit, id + " lapsed: " + tenant + " did not answer in time", again());
      case "withdrawn" -> new Failure(exit, id + " was withdrawn", again());
      case "expired" ->
          new Failure(exit, id + " has expired", "lockbox request extend " + id + " --for PT30M");
      case "completed" -> new Failure(exit, id + " was completed", again());
      default ->
          new Failure(exit, id + " is " + Terminal.clean(state), "lockbox request show " + id);
    };
  }

  /// A decision needs a request that waits for one.
  public static void requirePending(ApiObject request) {
    String state = request.text("state");
    if (state.equals("approved")) {
      throw new Failure(
          ExitCode.FAILURE,
          request.text("id") + " is approved already",
          "to end it: lockbox revoke " + request.text("id"));
    }
    if (!state.equals("pending")) {
      throw failure(request);
    }
  }

  /// There is no access to end.
  public static Failure nothingToRevoke(ApiObject request) {
    String id = request.text("id");
    if (request.text("state").equals("pending")) {
      return new Failure(
          ExitCode.FAILURE,
          id + " is not approved, so there is nothing to revoke",
          "lockbox deny " + id);
    }
    String state = Terminal.clean(request.text("state"));
    return new Failure(
        ExitCode.FAILURE, id + " is over already: " + state, "lockbox request show " + id);
  }

  private static String again() {
    return "lockbox request create";
  }

  private static String comment(ApiObject request) {
    String comment = Terminal.clean(request.text("comment"));
    return comment.isEmpty() ? "" : ": " + TextRules.quoted(comment);
  }
}
