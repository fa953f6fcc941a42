package org.openlockbox.postgres.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.openlockbox.postgres.batch.BatchStep;
import org.openlockbox.postgres.statement.StatementRefusal;
import org.openlockbox.postgres.wire.ErrorFields;
import org.openlockbox.postgres.wire.PgError;
import org.openlockbox.postgres.wire.ServerMessages;

/// What the client is told of the database's errors and notices: their own words, or others where
/// those may hold what the level does not show, or where the gateway has made the error.
final class ErrorRewriter {
  private static final String NO_SUCH_STATEMENT = "26000";
  private static final String VIEW = "view ";

  private final SessionContext talk;

  ErrorRewriter(SessionContext talk) {
    this.talk = talk;
  }

  /// Whether the error's own words are passed on.
  boolean tellsError(ErrorFields error) {
    return !(talk.withholdsErrorTexts() && error.mayHoldValues()) && refusal(error).isEmpty();
  }

  boolean tellsNotice(ErrorFields notice) {
    return !notice.isForTheLog() && (!talk.withholdsErrorTexts() || notice.isPlainNotice());
  }

  /// The code that the client is told.
  String sqlState(ErrorFields error) {
    return refusal(error).map(PgError::sqlState).orElse(error.sqlState());
  }

  /// The message in the place of the error; empty if it is passed on as it is. Asked while the
  /// statement that failed is the current one.
  Optional<byte[]> error(ErrorFields error) {
    Optional<byte[]> refused = refusal(error).map(ServerMessages::error);
    if (refused.isPresent()) {
      return refused;
    }
    if (!tellsError(error)) {
      return Optional.of(error.withheld('E', talk.level().word()));
    }
    ErrorFields told = error.withoutOthers();
    return hint(error)
        .map(told::withHint)
        .or(() -> Optional.of(told).filter(other -> !other.equals(error)).map(ErrorFields::error));
  }

  /// The next step, where the database's own is none.
  private Optional<String> hint(ErrorFields error) {
    if (error.refusesCopyIntoView()) {
      return Optional.of("PostgreSQL copies into tables only, and here are views: use INSERT.");
    }
    return error
        .checkOf()
        .flatMap(view -> talk.hints().outside(view, currentText()))
        .or(() -> leavingTheTenant(error))
        .or(() -> error.denied().flatMap(this::afterDenial));
  }

  private static Optional<String> leavingTheTenant(ErrorFields error) {
    return error.leavesTheTenant()
        ? Optional.of(
            "The row would not be this customer's: leave the tenant column out, and point to rows"
                + " that you can read.")
        : Optional.empty();
  }

  private Optional<String> afterDenial(String denied) {
    return DenialHints.hint(denied)
        .or(
            () ->
                Optional.of(denied)
                    .filter(what -> what.startsWith(VIEW))
                    .map(what -> what.substring(VIEW.length()))
                    .flatMap(view -> talk.hints().denied(view, currentText())));
  }

  private String currentText() {
    return talk.statements()
        .current()
        .map(step -> new String(step.text().toArray(), UTF_8))
        .orElse("");
  }

  /// The message in the place of the notice; empty if it is passed on as it is.
  Optional<byte[]> notice(ErrorFields notice) {
    return Optional.of(notice)
        .filter(held -> !tellsNotice(held))
        .map(
            held -> held.isForTheLog() ? forTheLog(held) : held.withheld('N', talk.level().word()));
  }

  /// In the place of what a session asked for with `client_min_messages`. It is written for those
  /// who run the server: whose locks it waits for, and in which transactions.
  private static byte[] forTheLog(ErrorFields notice) {
    return notice.inOtherWords(
        'N',
        notice.noticeState(),
        "a message for the server's log is withheld",
        "SET client_min_messages = notice keeps such messages away.");
  }

  /// In the place of one that is too long to be held, of which this is the beginning.
  byte[] tooLong(byte type, ErrorFields begun, int length) {
    String code = type == 'E' ? sqlState(begun) : begun.sqlState();
    return begun.inOtherWords(
        (char) type,
        code,
        "the database answered with %s; its text of %d bytes is too long to be passed on"
            .formatted(code, length),
        "Have the statement select less of what the error repeats.");
  }

  /// In the place of the row that is one too many.
  static byte[] spent(String budget) {
    return ServerMessages.error(
        PgError.error(
            PgError.LIMIT,
            "the budget of this access is spent: " + budget,
            "Narrow the query; more needs a new access request with larger --rows or --bytes."));
  }

  /// What the database answers to what is sent in the place of a step ([GatewayMessages]).
  private static String answerTo(BatchStep step) {
    return step.kind() == BatchStep.StepKind.BIND ? NO_SUCH_STATEMENT : PgError.SYNTAX_ERROR;
  }

  /// In place of the database's answer to a text that the gateway sent instead.
  private Optional<PgError> refusal(ErrorFields error) {
    return talk.statements()
        .current()
        .filter(step -> error.sqlState().equals(answerTo(step)))
        .flatMap(step -> step.judgement().refusal())
        .map(StatementRefusal::error);
  }
}
