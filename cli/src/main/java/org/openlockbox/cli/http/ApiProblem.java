package org.openlockbox.cli.http;

import java.util.Optional;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;

/// An RFC 9457 problem from the server, and the one place where it becomes an exit code.
record ApiProblem(
    int status, String title, String detail, String code, String hint, String errors) {

  static ApiProblem of(int status, byte[] body) {
    Optional<ApiObject> json = ApiObject.tryParse(body);
    if (json.isEmpty()) {
      return new ApiProblem(status, "HTTP status " + status, "", "", "", "");
    }
    ApiObject problem = json.get();
    StringBuilder errors = new StringBuilder();
    for (ApiObject error : problem.list("errors")) {
      errors.append("; ").append(error.text("pointer")).append(": ").append(error.text("detail"));
    }
    return new ApiProblem(
        status,
        problem.text("title"),
        problem.text("detail"),
        problem.text("code"),
        problem.text("hint"),
        errors.toString());
  }

  Failure failure() {
    String sentence = (detail.isEmpty() ? title : detail) + errors;
    return new Failure(
        exit(), Terminal.clean(sentence), Terminal.clean(hint.isEmpty() ? usualHint() : hint));
  }

  private ExitCode exit() {
    return switch (status) {
      case 401 -> ExitCode.NOT_SIGNED_IN;
      case 502, 503, 504 -> ExitCode.UNREACHABLE;
      case 403, 409 -> ofCode();
      default -> ExitCode.FAILURE;
    };
  }

  private ExitCode ofCode() {
    ExitCode ofState = ExitCode.ofState(code);
    if (ofState == ExitCode.FAILURE && status == 403) {
      return ExitCode.DENIED;
    }
    return ofState == ExitCode.OK ? ExitCode.FAILURE : ofState;
  }

  private String usualHint() {
    return switch (status) {
      case 401 -> "lockbox status shows which profile and token are used";
      case 404 -> "lockbox request ls shows what you may see; lockbox whoami shows who you are";
      case 412 -> "it changed in the meantime; look again: lockbox request show";
      case 503 -> "lockbox status";
      default -> "";
    };
  }
}
